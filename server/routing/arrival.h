#pragma once

#include <optional>

#include "routing/state.h"

/// A caller arrives: his class and first ring.
namespace kapok::routing {

void take_arrival(State& state, const CallArrived& event);

/// Class at arrival, from the line and the facts (decision 9). A number beyond its bucket starts no higher than class
/// 2, unless it is flagged at risk: crisis line, flag, open imminent or high risk (decision 10).
[[nodiscard]] CallerClass class_of(const CallerFacts& facts, bool crisis_line);

/// Why this arrival cannot stand, or nothing.
[[nodiscard]] std::optional<ErrorCode> refusal_of_arrival(const State& state, const CallArrived& event);

/// Writes an accepted arrival down, counted and listed, standing in no wait set yet.
CallRecord& add_call(State& state, const CallArrived& event, CallerClass base, Instant joined_at);

}  // namespace kapok::routing
