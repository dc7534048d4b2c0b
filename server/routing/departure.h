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

}  // namespace kapok::routing
