#include "routing/departure.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "routing/callbacks.h"
#include "routing/duty.h"
#include "routing/fairness.h"
#include "routing/misses.h"
#include "routing/offers.h"
#include "routing/policy.h"
#include "routing/presence.h"
#include "routing/rings.h"
#include "routing/transfers.h"

namespace kapok::routing {
namespace {

CallRecord* known(State& state, CallId id, WorkerId asked_by) {
  auto found = state.calls.find(id);
  if (found != state.calls.end()) return &found->second;
  state.order(RefuseEvent{ErrorCode::kUnknownCall, asked_by, id, {}, {}});
  return nullptr;
}

/// Nobody could have answered: no offer was ever made and no ring holds anyone, the duty phone included.
bool nobody_on_duty(const State& state, const CallRecord& call) {
  if (call.offers_made > 0) return false;
  return std::ranges::none_of(call.path.nodes,
                              [&](NodeIx node) { return node != kNoNode && state.nodes[node].counts.on_duty > 0; });
}

CallOutcome outcome_of(const State& state, const CallRecord& call, LeftCause cause) {
  if (cause == LeftCause::kTest) return CallOutcome::kTest;
  if (call.answered_at.is_set()) return CallOutcome::kAnswered;
  switch (cause) {
    case LeftCause::kGatewayLost:
      return CallOutcome::kGatewayLost;
    case LeftCause::kNetworkFailure:
      return CallOutcome::kNetworkFailure;
    case LeftCause::kLostOnRestart:
      return CallOutcome::kLostOnRestart;
    case LeftCause::kGatewayLetGo:
      return nobody_on_duty(state, call) ? CallOutcome::kMissedNobodyOnDuty : CallOutcome::kMissed;
    case LeftCause::kNotReached:
      return CallOutcome::kMissed;
    case LeftCause::kHungUp:
    case LeftCause::kTest:
      break;
  }
  const Duration brief = KAPOK_IS_PLANTED(short_hang_up_missed) ? kShortAbandon / 2 : kShortAbandon;
  if (state.now - call.joined_at <= brief) return CallOutcome::kShortAbandoned;
  return nobody_on_duty(state, call) ? CallOutcome::kMissedNobodyOnDuty : CallOutcome::kAbandoned;
}

EndedBy ended_by(LeftCause cause) {
  if (cause == LeftCause::kHungUp) return EndedBy::kCaller;
  if (cause == LeftCause::kGatewayLost || cause == LeftCause::kNetworkFailure) return EndedBy::kNetwork;
  return EndedBy::kSystem;
}

void forget_call(State& state, CallRecord& call) {
  const std::int64_t id = call.arrival.call.value;
  if (call.grace_timer.is_set()) state.timers.cancel({call.grace_timer, TimerKind::kTalkGraceEnds, id});
  for (const auto& [worker, until] : call.excluded)
    state.timers.cancel({until, TimerKind::kExclusionEnds, id, worker.value});
  stop_keeping(state, call);
  give_back_share(state, call);
  unlist_call(state, call);
  state.calls.erase(call.arrival.call);
}

/// His talk is over: time to write, unless the caller of a kept callback was never reached.
void rest_after(State& state, const CallRecord& call, WorkerRecord& worker, bool high_risk) {
  if (call.kept) return free_from_now(state, worker);
  begin_after_call(state, worker, high_risk || was_high_risk(call));
}

void end_call(State& state, CallRecord& call, CallOutcome outcome, EndedBy by, WorkerId worker) {
  const Instant answered = call.answered_at.is_set() ? call.answered_at : state.now;
  state.order(EndCall{call.arrival.call, call.arrival.line, call.unit, outcome, by, worker, state.now,
                      answered - call.joined_at});
  forget_call(state, call);
}

}  // namespace

CallRecord* talking_with(State& state, CallId id, WorkerId worker) {
  CallRecord* call = known(state, id, worker);
  if (call == nullptr) return nullptr;
  if (call->state != CallState::kTalking) {
    state.order(RefuseEvent{ErrorCode::kWrongState, worker, id, {}, {}});
    return nullptr;
  }
  if (worker.is_set() && call->worker != worker) {
    state.order(RefuseEvent{ErrorCode::kNotYours, worker, id, {}, {}});
    return nullptr;
  }
  return call;
}

bool was_high_risk(const CallRecord& call) {
  return call.base == CallerClass::kCrisis || call.arrival.facts.open_high || call.arrival.facts.open_imminent;
}

WorkerRecord& let_go(State& state, CallRecord& call) {
  WorkerRecord& worker = state.worker(call.worker);
  KAPOK_CHECK(worker.talking.erase(call.arrival.call));
  if (call.grace_timer.is_set())
    state.timers.cancel({call.grace_timer, TimerKind::kTalkGraceEnds, call.arrival.call.value});
  call.grace_timer = {};
  return worker;
}

void wait_again(State& state, CallRecord& call, WorkerId worker, WaitsAgain why) {
  state.order(ReturnCallToWaiting{call.arrival.call, worker, why, state.now});
  if (KAPOK_IS_PLANTED(waits_again_at_the_end)) call.arrival.arrived_at = state.now;
  call.taken = {};
  call.waits_since = state.now;
  call.told_position = 0;
  call.callback_offered = false;
  begin_waiting(state, call);
}

void caller_left(State& state, const CallerLeft& event) {
  CallRecord* call = known(state, event.call, {});
  if (call == nullptr) return;
  if (event.cause == LeftCause::kNotReached && !call->kept)
    return state.order(RefuseEvent{ErrorCode::kWrongState, {}, event.call, {}, {}});
  if (stays_without_caller(state, *call, event.cause)) return;
  end_transfer(state, *call, TransferEnd::kCallEnded);
  const CallOutcome outcome = outcome_of(state, *call, event.cause);
  const WorkerId worker = call->state == CallState::kTalking ? call->worker : WorkerId{};
  if (call->state == CallState::kWaiting) stop_waiting(state, *call);
  if (call->state == CallState::kOffered) take_back(state, call->offer, OfferEnd::kCallerLeft);
  if (call->state == CallState::kTalking) rest_after(state, *call, let_go(state, *call), false);
  end_call(state, *call, outcome, ended_by(event.cause), worker);
}

void call_ended(State& state, const CallEnded& event) {
  CallRecord* call = talking_with(state, event.call, event.worker);
  if (call == nullptr) return;
  end_transfer(state, *call, TransferEnd::kCallEnded);
  const WorkerId worker = call->worker;
  const CallOutcome outcome = call->answered_at.is_set() ? CallOutcome::kAnswered : CallOutcome::kMissed;
  const EndedBy by = event.worker.is_set() ? EndedBy::kWorker : EndedBy::kSystem;
  rest_after(state, *call, let_go(state, *call), event.high_risk);
  end_call(state, *call, outcome, by, worker);
}

void handed_back(State& state, const HandedBack& event) {
  if (!event.worker.is_set()) return state.order(RefuseEvent{ErrorCode::kUnknownWorker, {}, event.call, {}, {}});
  CallRecord* call = talking_with(state, event.call, event.worker);
  if (call == nullptr) return;
  end_transfer(state, *call, TransferEnd::kFirstGone);
  WorkerRecord& worker = let_go(state, *call);
  if (!KAPOK_IS_PLANTED(given_back_to_the_same)) exclude(state, *call, event.worker, kForThisCall);
  wait_again(state, *call, event.worker, WaitsAgain::kHandedBack);
  rest_after(state, *call, worker, false);
}

void worker_leg_lost(State& state, const WorkerLegLost& event) {
  CallRecord* call = talking_with(state, event.call, event.worker);
  if (call == nullptr) return;
  const auto endpoint = state.endpoints.find(call->endpoint);
  const bool on_phone = endpoint != state.endpoints.end() && endpoint->second.kind != EndpointKind::kDesk;
  end_transfer(state, *call, TransferEnd::kFirstGone);
  const TakenOver taken = call->taken;
  WorkerRecord& worker = let_go(state, *call);
  exclude(state, *call, worker.info.id, state.now + kExclusionAfterMiss);
  wait_again(state, *call, worker.info.id, WaitsAgain::kLegLost);
  return_to_first(state, *call, taken, state.now);
  if (on_phone) pause_phone(state, worker);  // its network has just failed him once
  free_from_now(state, worker);
}

void talk_grace_ends(State& state, CallId id) {
  CallRecord& call = state.call(id);
  const Instant lost_at = call.grace_timer - kTalkingDeskGrace * state.options.time_factor;
  call.grace_timer = {};
  end_transfer(state, call, TransferEnd::kFirstGone);
  const TakenOver taken = call.taken;
  WorkerRecord& worker = let_go(state, call);
  wait_again(state, call, worker.info.id, WaitsAgain::kDeviceLost);
  return_to_first(state, call, taken, lost_at);
  free_from_now(state, worker);
}

}  // namespace kapok::routing
