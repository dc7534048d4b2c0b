#include "routing/duty.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "routing/misses.h"
#include "routing/offers.h"
#include "routing/policy.h"
#include "routing/presence.h"

namespace kapok::routing {
namespace {

void refuse(State& state, ErrorCode why, WorkerId worker, ShiftId shift = {}) {
  state.order(RefuseEvent{why, worker, {}, {}, shift});
}

bool off_duty(const WorkerRecord& worker) {
  return worker.shifts.empty() && worker.talking.empty() && worker.offers.empty() && !worker.after_call_until.is_set();
}

/// Found and on duty, or refused.
WorkerRecord* on_duty(State& state, WorkerId id) {
  auto found = state.workers.find(id);
  if (found == state.workers.end()) {
    refuse(state, ErrorCode::kUnknownWorker, id);
    return nullptr;
  }
  if (off_duty(found->second)) {
    refuse(state, ErrorCode::kNotOnDuty, id);
    return nullptr;
  }
  return &found->second;
}

/// A desk that dies in a talk may come back; its caller hears silence no longer than this.
void start_grace(State& state, CallRecord& call) {
  call.grace_timer = state.now + kTalkingDeskGrace * state.options.time_factor;
  if (KAPOK_IS_PLANTED(silence_without_end)) return;
  state.timers.set({call.grace_timer, TimerKind::kTalkGraceEnds, call.arrival.call.value});
}

void stop_grace(State& state, CallRecord& call) {
  if (!call.grace_timer.is_set()) return;
  state.timers.cancel({call.grace_timer, TimerKind::kTalkGraceEnds, call.arrival.call.value});
  call.grace_timer = {};
}

/// A talk at an endpoint that the directory has dropped goes on, and its device can still be lost. Looks at all calls.
bool lose_dropped(State& state, EndpointId id) {
  bool lost = false;
  for (auto& [_, call] : state.calls) {
    if (call.state != CallState::kTalking || call.endpoint != id) continue;
    lost = true;
    if (!call.grace_timer.is_set()) start_grace(state, call);
  }
  return lost;
}

bool mixes_duty_phone(const State& state, const WorkerRecord& worker, const ShiftStarted& event) {
  std::size_t duty = 0;
  for (EndpointId id : event.endpoints) duty += state.endpoints.at(id).kind == EndpointKind::kDutyPhone ? 1U : 0U;
  if (duty != 0 && duty != event.endpoints.size()) return true;
  return !worker.shifts.empty() && answers_duty_phone(state, worker) != (duty != 0);
}

}  // namespace

std::optional<ErrorCode> refusal_of_shift(const State& state, const ShiftStarted& event) {
  auto worker = state.workers.find(event.worker);
  if (worker == state.workers.end()) return ErrorCode::kUnknownWorker;
  const auto runs = state.shift_of.find(event.shift);
  if (runs != state.shift_of.end() && runs->second != event.worker) return ErrorCode::kAlreadyOnDuty;
  if (event.units.empty() || event.units.size() > kUnitsPerShiftMax) return ErrorCode::kInvalidArgument;
  for (UnitId unit : event.units)
    if (!state.node_of.contains(unit)) return ErrorCode::kUnknownUnit;
  if (event.endpoints.empty()) return ErrorCode::kUnknownEndpoint;
  for (EndpointId id : event.endpoints) {
    auto endpoint = state.endpoints.find(id);
    if (endpoint == state.endpoints.end() || endpoint->second.worker != event.worker)
      return ErrorCode::kUnknownEndpoint;
  }
  if (mixes_duty_phone(state, worker->second, event)) return ErrorCode::kInvalidArgument;
  return std::nullopt;
}

void add_shift(State& state, WorkerRecord& worker, const ShiftStarted& event) {
  worker.shifts.insert_or_assign(event.shift, ShiftRecord{event.units, event.endpoints, event.backup});
  state.shift_of.insert_or_assign(event.shift, event.worker);
}

void start_shift(State& state, const ShiftStarted& event) {
  if (auto why = refusal_of_shift(state, event)) return refuse(state, *why, event.worker, event.shift);
  WorkerRecord& worker = state.worker(event.worker);
  if (off_duty(worker)) worker.idle_since = state.now;
  add_shift(state, worker, event);
  refresh(state, worker);
}

void end_shift(State& state, const ShiftEnded& event) {
  auto found = state.shift_of.find(event.shift);
  if (found == state.shift_of.end()) return refuse(state, ErrorCode::kUnknownShift, {}, event.shift);
  WorkerRecord& worker = state.worker(found->second);
  if (worker.shifts.size() == 1) worker.finishing_for = worker.shifts.at(event.shift).units;
  worker.shifts.erase(event.shift);
  state.shift_of.erase(found);
  if (KAPOK_IS_PLANTED(shift_end_forgotten)) return;
  if (worker.shifts.empty()) cancel_pause(state, worker);
  refresh(state, worker);
}

void endpoint_up(State& state, EndpointId id) {
  auto found = state.endpoints.find(id);
  if (found == state.endpoints.end()) return state.order(RefuseEvent{ErrorCode::kUnknownEndpoint, {}, {}, {}, {}});
  found->second.up = true;
  WorkerRecord& worker = state.worker(found->second.worker);
  for (CallId call : worker.talking)
    if (state.call(call).endpoint == id) stop_grace(state, state.call(call));
  refresh(state, worker);
}

void endpoint_down(State& state, EndpointId id) {
  auto found = state.endpoints.find(id);
  if (found == state.endpoints.end()) {
    if (!lose_dropped(state, id)) state.order(RefuseEvent{ErrorCode::kUnknownEndpoint, {}, {}, {}, {}});
    return;
  }
  if (!found->second.up) return;
  found->second.up = false;
  WorkerRecord& worker = state.worker(found->second.worker);
  refresh(state, worker);
  if (!KAPOK_IS_PLANTED(lost_device_rings_on))
    for (OfferId offer : BlockSet<OfferId>(worker.offers)) stop_ringing(state, offer, id);
  for (CallId call : worker.talking)
    if (state.call(call).endpoint == id) start_grace(state, state.call(call));
}

void worker_ready(State& state, WorkerId id) {
  WorkerRecord* worker = on_duty(state, id);
  if (worker == nullptr) return;
  worker->desk_ready = true;
  worker->desk_missed = worker->phone_away = false;
  cancel_pause(state, *worker);
  end_after_call(state, *worker);
  refresh(state, *worker);
}

void worker_away(State& state, WorkerId id) {
  WorkerRecord* worker = on_duty(state, id);
  if (worker == nullptr) return;
  worker->desk_ready = worker->desk_missed = false;
  worker->phone_away = !KAPOK_IS_PLANTED(away_not_heard);
  refresh(state, *worker);
  if (KAPOK_IS_PLANTED(away_keeps_his_offer)) return;
  for (OfferId offer : BlockSet<OfferId>(worker->offers)) turn_down(state, offer);
}

void worker_finished_record(State& state, WorkerId id) {
  WorkerRecord* worker = on_duty(state, id);
  if (worker == nullptr) return;
  if (!worker->after_call_until.is_set()) return refuse(state, ErrorCode::kWrongState, id);
  end_after_call(state, *worker);
  refresh(state, *worker);
}

void end_after_call(State& state, WorkerRecord& worker) {
  if (!worker.after_call_until.is_set()) return;
  state.timers.cancel({worker.after_call_until, TimerKind::kAfterCallEnds, worker.info.id.value});
  worker.after_call_until = {};
  worker.idle_since = state.now;
}

void begin_after_call(State& state, WorkerRecord& worker, bool high_risk) {
  if (answers_duty_phone(state, worker)) return free_from_now(state, worker);
  end_after_call(state, worker);  // of an earlier call, when he held several
  worker.after_call_until = state.now + (high_risk ? kAfterCallHighRisk : kAfterCall);
  if (!KAPOK_IS_PLANTED(after_call_without_end))
    state.timers.set({worker.after_call_until, TimerKind::kAfterCallEnds, worker.info.id.value});
  refresh(state, worker);
}

void after_call_ends(State& state, WorkerId id) {
  WorkerRecord& worker = state.worker(id);
  end_after_call(state, worker);
  refresh(state, worker);
}

void free_from_now(State& state, WorkerRecord& worker) {
  worker.idle_since = state.now;
  refresh(state, worker);
}

}  // namespace kapok::routing
