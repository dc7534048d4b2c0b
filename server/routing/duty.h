#pragma once

#include "routing/state.h"

/// Who is on duty, and what a worker's own deeds and devices change.
namespace kapok::routing {

void start_shift(State& state, const ShiftStarted& event);
void end_shift(State& state, const ShiftEnded& event);
void endpoint_up(State& state, EndpointId id);
void endpoint_down(State& state, EndpointId id);
void worker_ready(State& state, WorkerId id);
void worker_away(State& state, WorkerId id);
void worker_finished_record(State& state, WorkerId id);

/// Time to write; a duty phone takes the next call at once.
void begin_after_call(State& state, WorkerRecord& worker, bool high_risk);
void after_call_ends(State& state, WorkerId id);
/// Ends it now, if he is in it; refresh() is for those who call.
void end_after_call(State& state, WorkerRecord& worker);
/// A talk or its record is over: idle from now.
void free_from_now(State& state, WorkerRecord& worker);

/// The reason why these shifts cannot stand, or nothing; changes nothing.
[[nodiscard]] std::optional<ErrorCode> refusal_of_shift(const State& state, const ShiftStarted& event);
/// Writes an accepted shift down without looking for callers yet.
void add_shift(State& state, WorkerRecord& worker, const ShiftStarted& event);

}  // namespace kapok::routing
