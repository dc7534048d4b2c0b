#include "service/board.h"

#include <algorithm>
#include <variant>

#include "core/phone_number.h"

namespace kapok::service {

struct Board::Step {
  const Directory& directory;
  const SavedEvent& saved;
  BoardChange change;

  [[nodiscard]] std::vector<UnitId> path_up(UnitId unit) const {
    if (directory.tree().find(unit) == nullptr) return {};
    return directory.tree().path_up(unit);
  }
};

BoardChange Board::apply(const Directory& directory, const SavedEvent& saved) {
  Step step{directory, saved, {}};
  if (saved.fresh) begin_again(step);
  new_day(step);
  if (!saved.fresh)
    for (const routing::Command& command : saved.commands) count(step, command);
  for (const ToldLater& told : saved.told_later) count(step, told);
  for (const LiveCall& call : saved.calls) {
    if (call.row.state == CallState::kEnded) {
      remove_call(step, call.row.id);
    } else {
      put_call(step, call);
    }
  }
  for (const routing::WorkerView& worker : saved.workers) put_worker(step, worker);
  for (const UnitPlace& place : saved.units) {
    units_[place.unit].counters = place.counters;
    step.change.units.insert(place.unit);
  }
  for (const routing::Command& command : saved.commands) {
    const auto* noted = std::get_if<routing::NoteGap>(&command);
    const auto* closed = std::get_if<routing::CloseGap>(&command);
    if (noted == nullptr && closed == nullptr) continue;
    const UnitId unit = noted != nullptr ? noted->unit : closed->unit;
    units_[unit].gap = noted != nullptr;
    step.change.units.insert(unit);
  }
  for (const UnitId unit : step.change.units) units_[unit].as_of = saved.at;
  return std::move(step.change);
}

void Board::begin_again(Step& step) {
  for (const auto& [id, call] : calls_) step.change.calls_gone[id] = call.unit;
  for (const auto& [id, worker] : workers_) step.change.workers_gone[id] = covers(id);
  calls_.clear();
  workers_.clear();
  covers_.clear();
  answers_.clear();
  units_.clear();
  const std::int64_t day_us = Duration{hours{24}}.count();
  day_ = (step.saved.at.us + utc_offset_.count()) / day_us;
  for (const UnitId unit : step.saved.gaps) units_[unit].gap = true;
  for (const storage::AnswerCount& count : step.saved.answers_today)
    answers_[count.worker] = static_cast<std::uint32_t>(count.answers);
  for (const storage::CallCount& counted : step.saved.today) {
    const auto calls = static_cast<std::uint32_t>(counted.calls);
    count(step, counted.unit, &DayCounts::arrived, calls);
    if (counted.outcome == CallOutcome::kNone) continue;
    const bool answered = bucket_of(counted.outcome) == KpiBucket::kAnswered;
    count(step, counted.unit, answered ? &DayCounts::answered : &DayCounts::unanswered, calls);
  }
  const Instant midnight{day_ * day_us - utc_offset_.count()};
  for (const LiveCall& call : step.saved.calls)
    if (call.row.answered_at.is_set() && call.row.arrived_at >= midnight && !call.row.test)
      count(step, call.row.unit, &DayCounts::answered, 1);
}

void Board::new_day(Step& step) {
  const std::int64_t today = (step.saved.at.us + utc_offset_.count()) / Duration{hours{24}}.count();
  if (today == day_) return;
  day_ = today;
  answers_.clear();
  for (auto& [unit, figures] : units_) {
    figures.today = {};
    step.change.units.insert(unit);
  }
  for (auto& [id, worker] : workers_) {
    worker.calls_today = 0;
    step.change.workers.insert(id);
  }
}

void Board::count(Step& step, UnitId unit, std::uint32_t DayCounts::* figure, std::uint32_t by) {
  for (const UnitId above : step.path_up(unit)) {
    units_[above].today.*figure += by;
    step.change.units.insert(above);
  }
}

void Board::count(Step& step, const routing::Command& command) {
  if (const auto* arrived = std::get_if<routing::RecordArrival>(&command)) {
    const LiveCall* call = step.saved.call(arrived->call);
    if (call != nullptr && !call->row.test) count(step, arrived->unit, &DayCounts::arrived, 1);
  } else if (const auto* answered = std::get_if<routing::ConnectCall>(&command)) {
    ++answers_[answered->worker];
    const LiveCall* call = step.saved.call(answered->call);
    const bool first = answered->leg == 1 && !answered->dial_caller;
    if (call != nullptr && !call->row.test && first) count(step, call->row.unit, &DayCounts::answered, 1);
  } else if (const auto* reached = std::get_if<routing::RecordCallerReached>(&command)) {
    const LiveCall* call = step.saved.call(reached->call);
    const bool first = call != nullptr && call->row.answered_at == reached->at;
    if (first && !call->row.test) count(step, call->row.unit, &DayCounts::answered, 1);
  } else if (const auto* ended = std::get_if<routing::EndCall>(&command)) {
    const LiveCall* call = step.saved.call(ended->call);
    if (call != nullptr && !call->row.test && !call->row.answered_at.is_set())
      count(step, ended->unit, &DayCounts::unanswered, 1);
  }
}

void Board::count(Step& step, const ToldLater& told) {
  const std::int64_t day = (told.row.arrived_at.us + utc_offset_.count()) / Duration{hours{24}}.count();
  if (told.row.test || day != day_) return;
  const bool answered = told.row.answered_at.is_set();
  count(step, told.row.unit, answered ? &DayCounts::answered : &DayCounts::unanswered, 1);
  if (!told.was_unanswered) return count(step, told.row.unit, &DayCounts::arrived, 1);
  for (const UnitId above : step.path_up(told.row.unit))
    if (units_[above].today.unanswered > 0) --units_[above].today.unanswered;
}

void Board::wait(Step& step, const api::WaitingCall& call, bool waits) {
  for (const UnitId above : step.path_up(call.unit)) {
    auto& waiting = units_[above].waiting;
    if (waits) {
      waiting.insert({call.arrived_at, call.call});
    } else {
      waiting.erase({call.arrived_at, call.call});
    }
    step.change.units.insert(above);
  }
}

void Board::put_call(Step& step, const LiveCall& call) {
  api::WaitingCall& shown = calls_[call.row.id];
  shown.call = call.row.id;
  shown.state = call.row.state;
  shown.unit = call.row.unit;
  shown.unit_zh = step.directory.unit_zh(call.row.unit);
  shown.line_zh = step.directory.line_zh(call.row.line);
  shown.caller_class = call.row.base;
  shown.caller_masked = masked(parse_phone_number(call.row.caller));
  shown.arrived_at = call.row.arrived_at;
  shown.position = 0;
  for (const CallPlace& place : step.saved.places) {
    if (place.view.call != call.row.id) continue;
    shown.caller_class = place.view.effective;
    shown.open_ring = static_cast<std::uint32_t>(place.view.widest_ring);
    if (call.row.state == CallState::kWaiting) shown.position = static_cast<std::uint32_t>(place.position);
  }
  shown.worker_name = step.directory.worker_name(call.row.worker);
  shown.state_since = call.row.joined_at;
  if (call.row.state == CallState::kOffered) shown.state_since = call.leg.offered_at;
  if (call.row.state == CallState::kTalking) shown.state_since = call.row.talking_since;
  shown.kept = call.row.is_kept();
  shown.second_name = call.second.offer.is_set() ? step.directory.worker_name(call.second.leg.worker) : std::string{};
  wait(step, shown, call.row.state != CallState::kTalking);
  step.change.calls.insert(call.row.id);
  step.change.calls_gone.erase(call.row.id);
}

void Board::remove_call(Step& step, CallId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  wait(step, found->second, false);
  step.change.calls_gone[id] = found->second.unit;
  calls_.erase(found);
}

void Board::put_worker(Step& step, const routing::WorkerView& view) {
  if (view.state == WorkerState::kOffDuty && view.covers.empty()) {
    if (workers_.erase(view.worker) == 0) return;
    step.change.workers_gone[view.worker] = covers(view.worker);
    covers_.erase(view.worker);
    return;
  }
  const DirectoryWorker* person = step.directory.worker(view.worker);
  api::WorkerLine& shown = workers_[view.worker];
  shown.worker = view.worker;
  shown.name = step.directory.worker_name(view.worker);
  shown.unit = person == nullptr ? UnitId{} : person->unit;
  shown.unit_zh = step.directory.unit_zh(shown.unit);
  shown.state = view.state;
  shown.by = view.desk_live ? EndpointKind::kDesk : EndpointKind::kPhone;
  shown.state_since = view.since;
  shown.calls_today = answers_[view.worker];
  covers_[view.worker] = view.covers;
  step.change.workers.insert(view.worker);
  step.change.workers_gone.erase(view.worker);
}

const std::vector<UnitId>& Board::covers(WorkerId worker) const {
  static const std::vector<UnitId> kNone;
  const auto found = covers_.find(worker);
  return found == covers_.end() ? kNone : found->second;
}

api::UnitCounters Board::unit(const Directory& directory, UnitId id) const {
  api::UnitCounters shown;
  shown.unit = id;
  if (const Unit* unit = directory.tree().find(id)) {
    shown.unit_zh = unit->name_zh;
    shown.unit_en = unit->name_en;
    shown.kind = unit->kind;
  }
  const auto found = units_.find(id);
  if (found == units_.end()) return shown;
  const UnitFigures& figures = found->second;
  const auto figure = [](std::int32_t value) { return static_cast<std::uint32_t>(std::max(0, value)); };
  shown.waiting = figure(figures.counters.calls_waiting + figures.counters.calls_offered);
  shown.talking = figure(figures.counters.calls_talking);
  shown.on_duty = figure(figures.counters.on_duty);
  shown.ready = figure(figures.counters.ready);
  shown.arrived_today = figures.today.arrived;
  shown.answered_today = figures.today.answered;
  shown.unanswered_today = figures.today.unanswered;
  if (!figures.waiting.empty()) shown.longest_wait = figures.as_of - figures.waiting.begin()->first;
  shown.gap = figures.gap;
  return shown;
}

}  // namespace kapok::service
