#include "service/watch_desk.h"

#include <algorithm>
#include <utility>

namespace kapok::service {

WatchDesk::WatchDesk(Office& office, CallDesk& calls) : office_(office), board_(office.config.utc_offset) {
  calls.listen([this](const SavedEvent& event) { saved(event); });
}

bool WatchDesk::sees(UnitId watched, UnitId unit) const { return office_.directory->tree().is_within(unit, watched); }

bool WatchDesk::sees_any(UnitId watched, const std::vector<UnitId>& units) const {
  return std::any_of(units.begin(), units.end(), [&](UnitId unit) { return sees(watched, unit); });
}

void WatchDesk::saved(const SavedEvent& saved) {
  const BoardChange change = board_.apply(*office_.directory, saved);
  for (const auto& [connection, unit] : watching_) {
    if (saved.fresh) {
      office_.clients.push(connection, api::Resync{});
      send(connection, snapshot(unit));
    } else {
      tell(connection, unit, change);
    }
  }
}

void WatchDesk::tell(ConnectionId connection, UnitId unit, const BoardChange& change) {
  const auto push = [&](const char* kind, std::int64_t id, auto api::Change::* list, auto one) {
    api::Change told;
    (told.*list).push_back(std::move(one));
    office_.clients.push(connection, std::move(told), kind + std::to_string(id));
  };
  for (const CallId id : change.calls) {
    const auto call = board_.calls().find(id);
    if (call == board_.calls().end() || !sees(unit, call->second.unit)) continue;
    push("call:", id.value, &api::Change::calls, call->second);
  }
  for (const auto& [id, at] : change.calls_gone)
    if (sees(unit, at)) push("call:", id.value, &api::Change::calls_gone, id);
  for (const WorkerId id : change.workers) {
    const auto worker = board_.workers().find(id);
    if (worker == board_.workers().end() || !sees_any(unit, board_.covers(id))) continue;
    push("worker:", id.value, &api::Change::workers, worker->second);
  }
  for (const auto& [id, covered] : change.workers_gone)
    if (sees_any(unit, covered)) push("worker:", id.value, &api::Change::workers_gone, id);
  for (const UnitId id : change.units)
    if (sees(unit, id)) push("unit:", id.value, &api::Change::units, board_.unit(*office_.directory, id));
}

std::vector<api::SnapshotPage> WatchDesk::snapshot(UnitId unit) const {
  std::vector<api::SnapshotPage> pages(1);
  std::size_t rows = 0;
  const auto page = [&]() -> api::SnapshotPage& {
    if (rows++ == kSnapshotRowsMax) {
      pages.emplace_back();
      rows = 1;
    }
    return pages.back();
  };
  for (const auto& [id, call] : board_.calls())
    if (sees(unit, call.unit)) page().calls.push_back(call);
  for (const auto& [id, worker] : board_.workers())
    if (sees_any(unit, board_.covers(id))) page().workers.push_back(worker);
  const Tree& tree = office_.directory->tree();
  for (const UnitId below : tree.subtree(unit))
    if (tree.at(below).kind != UnitKind::kPoint) page().units.push_back(board_.unit(*office_.directory, below));
  for (std::size_t i = 0; i < pages.size(); ++i) pages[i].page = static_cast<std::uint32_t>(i);
  pages.back().last = true;
  return pages;
}

void WatchDesk::send(ConnectionId connection, std::vector<api::SnapshotPage> pages) {
  for (api::SnapshotPage& page : pages) office_.clients.push(connection, std::move(page));
}

void WatchDesk::handle(const Asked& asked, const api::Watch& watch) {
  if (!asked->session) return asked->refuse(ErrorCode::kNotSignedIn);
  const Unit* unit = office_.directory->tree().find(watch.unit);
  if (unit == nullptr || unit->kind == UnitKind::kPoint) return asked->refuse(ErrorCode::kUnknownUnit);
  if (!office_.require(asked, Action::kWatch, {.unit = watch.unit, .owner = {}})) return;
  watching_.erase(asked->connection);
  if (!watch.once) watching_[asked->connection] = watch.unit;
  auto pages = snapshot(watch.unit);
  asked->answer(api::WatchStarted{watch.unit, static_cast<std::uint32_t>(pages.size())});
  send(asked->connection, std::move(pages));
}

void WatchDesk::handle(const Asked& asked, const api::Unwatch&) {
  watching_.erase(asked->connection);
  asked->answer(Done{});
}

void WatchDesk::directory_changed() {
  std::erase_if(watching_, [this](const auto& watched) {
    const Client* client = office_.clients.find(watched.first);
    if (client == nullptr || client->session == nullptr) return true;
    if (may(office_.directory->tree(), client->session->subject, Action::kWatch, {watched.second, {}, false}))
      return false;
    office_.clients.push(watched.first, api::Resync{});
    office_.clients.push(watched.first,
                         api::SnapshotPage{.page = 0, .last = true, .calls = {}, .workers = {}, .units = {}});
    return true;
  });
}

void WatchDesk::fell_behind(ConnectionId connection) {
  const auto found = watching_.find(connection);
  if (found != watching_.end()) send(connection, snapshot(found->second));
}

}  // namespace kapok::service
