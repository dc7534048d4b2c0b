#include "routing/callbacks.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "routing/announcements.h"
#include "routing/departure.h"
#include "routing/duty.h"
#include "routing/offers.h"
#include "routing/policy.h"

namespace kapok::routing {
namespace {

void refuse(State& state, ErrorCode why, CallId call) { state.order(RefuseEvent{why, {}, call, {}, {}}); }

/// The gateway that dialled him is gone: he is tried again from his old place, and by somebody else first.
void dial_failed(State& state, CallRecord& call) {
  WorkerRecord& worker = let_go(state, call);
  exclude(state, call, worker.info.id, state.now + kExclusionAfterMiss);
  wait_again(state, call, worker.info.id, WaitsAgain::kLegLost);
  free_from_now(state, worker);
}

}  // namespace

bool may_be_called_back(const CallRecord& call) {
  return call.arrival.caller_key && !is_text(call.arrival.channel) && call.effective != CallerClass::kCrisis;
}

void accept_callback(State& state, const CallbackAccepted& event) {
  const auto found = state.calls.find(event.call);
  if (found == state.calls.end()) return refuse(state, ErrorCode::kUnknownCall, event.call);
  CallRecord& call = found->second;
  const bool waits = call.state == CallState::kWaiting || call.state == CallState::kOffered;
  if (!waits || call.kept || call.effective == CallerClass::kCrisis)
    return refuse(state, ErrorCode::kWrongState, event.call);
  if (!may_be_called_back(call)) return refuse(state, ErrorCode::kNumberNotUsable, event.call);
  stop_announcing(state, call);
  call.kept = true;
  call.kept_at = state.now;
  begin_keeping(state, call);
  state.order(KeepCallback{event.call, state.now});
}

void caller_reached(State& state, const CallerReached& event) {
  const auto found = state.calls.find(event.call);
  if (found == state.calls.end()) return refuse(state, ErrorCode::kUnknownCall, event.call);
  CallRecord& call = found->second;
  if (call.state != CallState::kTalking || !call.kept) return refuse(state, ErrorCode::kWrongState, event.call);
  stop_keeping(state, call);
  call.kept = false;
  call.kept_at = {};
  if (!call.answered_at.is_set()) call.answered_at = state.now;
  state.order(RecordCallerReached{event.call, call.worker, state.now});
}

void begin_keeping(State& state, CallRecord& call) {
  if (!call.kept || call.keeping_timer.is_set() || KAPOK_IS_PLANTED(kept_for_ever)) return;
  const bool haste = was_high_risk(call) || call.arrival.facts.unanswered_attempts_30min > 0;
  const Instant until = callback_kept_until(call.kept_at, haste, state.options.utc_offset);
  call.keeping_timer = std::max(until, state.now + kCallbackKeptLeast);
  state.timers.set({call.keeping_timer, TimerKind::kKeepingEnds, call.arrival.call.value});
}

void stop_keeping(State& state, CallRecord& call) {
  if (call.keeping_timer.is_set())
    state.timers.cancel({call.keeping_timer, TimerKind::kKeepingEnds, call.arrival.call.value});
  call.keeping_timer = {};
}

void keeping_ends(State& state, CallId id) {
  CallRecord& call = state.call(id);
  call.keeping_timer = {};
  if (call.state != CallState::kTalking) caller_left(state, {id, LeftCause::kNotReached});
}

std::map<WorkerId, Instant> take_over_place(State& state, CallArrived& arrival, CallerClass& base) {
  const auto found = state.calls.find(arrival.takes_over);
  if (found == state.calls.end() || !found->second.kept || is_text(arrival.channel)) return {};
  const CallRecord kept = found->second;
  arrival.arrived_at = kept.arrival.arrived_at;
  arrival.arrival_seq = kept.arrival.arrival_seq;
  base = std::min(base, kept.base);
  if (!KAPOK_IS_PLANTED(second_place_beside_kept)) caller_left(state, {kept.arrival.call, LeftCause::kNotReached});
  return kept.excluded;
}

bool stays_without_caller(State& state, CallRecord& call, LeftCause cause) {
  if (KAPOK_IS_PLANTED(kept_ends_with_its_line)) return false;
  if (!call.kept || cause == LeftCause::kTest || cause == LeftCause::kNotReached) return false;
  const bool own_line = cause == LeftCause::kHungUp || cause == LeftCause::kGatewayLetGo;  // the one he came in on
  if (call.state == CallState::kTalking && !own_line) dial_failed(state, call);
  return true;
}

}  // namespace kapok::routing
