#include "cli/board_state.h"

namespace kapok::cli {

void BoardState::take(const v1::SnapshotPage& page) {
  if (page.page() == 0) forget();
  for (const auto& call : page.calls()) calls_[call.call()] = call;
  for (const auto& worker : page.workers()) workers_[worker.worker()] = worker;
  for (const auto& unit : page.units()) units_[unit.unit()] = unit;
  if (page.last()) complete_ = true;
}

void BoardState::take(const v1::Change& change) {
  for (const auto& call : change.calls()) calls_[call.call()] = call;
  for (const auto gone : change.calls_gone()) calls_.erase(gone);
  for (const auto& worker : change.workers()) workers_[worker.worker()] = worker;
  for (const auto gone : change.workers_gone()) workers_.erase(gone);
  for (const auto& unit : change.units()) units_[unit.unit()] = unit;
}

void BoardState::forget() {
  complete_ = false;
  calls_.clear();
  workers_.clear();
  units_.clear();
}

v1::SnapshotPage BoardState::as_page() const {
  v1::SnapshotPage page;
  page.set_last(true);
  for (const auto& [id, call] : calls_) *page.add_calls() = call;
  for (const auto& [id, worker] : workers_) *page.add_workers() = worker;
  for (const auto& [id, unit] : units_) *page.add_units() = unit;
  return page;
}

}  // namespace kapok::cli
