#pragma once

#include "routing/state.h"

/// Fairness between lines (decision 10). It concerns overflow only: workers outside the line's own unit. While callers
/// of another line wait in the same ring and class, a line that already holds more overflow workers than its share of
/// that ring is passed over. Alone it is never held back, and class 0 is exempt.
namespace kapok::routing {

/// Overflow workers of this ring one line may hold before others go first.
[[nodiscard]] std::int32_t fair_share(const State& state, NodeIx ring);

/// The ring in which these callers and this worker meet, when their line holds more than its share of it already;
/// kNoNode when it does not, when he is no overflow worker for them, and always in class 0.
[[nodiscard]] NodeIx ring_beyond_share(const State& state, const Lane& lane, CallerClass effective,
                                       const WorkerRecord& worker);

/// Counts a worker whom the call is offered to or talks with, reached by this ring, until give_back_share().
void take_share(State& state, CallRecord& call, Ring ring);
void give_back_share(State& state, CallRecord& call);

}  // namespace kapok::routing
