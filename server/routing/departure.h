#pragma once

#include "routing/state.h"

/// A talk or a call ends: by whom, with which outcome, and whether the caller waits again.
namespace kapok::routing {

void caller_left(State& state, const CallerLeft& event);
void call_ended(State& state, const CallEnded& event);
void handed_back(State& state, const HandedBack& event);
void worker_leg_lost(State& state, const WorkerLegLost& event);
/// The desk of a talking worker did not come back in time.
void talk_grace_ends(State& state, CallId id);

/// Talking, and with this worker if one is named; otherwise refused and null.
[[nodiscard]] CallRecord* talking_with(State& state, CallId id, WorkerId worker);
/// The talk is over for its worker; what becomes of both is for those who call.
WorkerRecord& let_go(State& state, CallRecord& call);
/// The call whose talk with `worker` is over waits in its old place.
void wait_again(State& state, CallRecord& call, WorkerId worker, WaitsAgain why);
[[nodiscard]] bool was_high_risk(const CallRecord& call);

}  // namespace kapok::routing
