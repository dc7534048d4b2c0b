#pragma once

#include <optional>
#include <string>

#include "routing/state.h"

/// The invariants of routing.md §1.4 (as amended by decision 10), each recomputed from scratch and in words
/// that name the ids concerned. I9 and I10 are kept by construction (offers.h) and shown by tests.
namespace kapok::routing {

using Broken = std::optional<std::string>;

Broken one_offer_or_talk_per_caller(const State& state);  ///< I1, a warm transfer's second beside the talk
Broken one_offer_or_talk_per_worker(const State& state);  ///< I2, capacity of a duty phone respected
Broken offers_were_allowed(const State& state);  ///< I3, for what this step offered; directed ones whatever the ring
/// I4. Exceptions: exclusions by miss (120 s) or decline, a resting phone (not free), and holds. A line that is passed
/// over is none: the worker it does not get is offered to another caller in the same step.
Broken no_caller_waits_beside_a_free_worker(const State& state);
Broken holds_have_their_reason(const State& state);    ///< I4's exceptions for held callers
Broken first_come_first_served(const State& state);    ///< I5, for what this step offered
Broken lines_keep_to_their_share(const State& state);  ///< I5 between lines, for what this step offered
Broken class_and_place_kept(const State& state);       ///< I6
Broken nobody_is_forgotten(const State& state);        ///< I7
Broken crisis_is_bounded(const State& state);          ///< I8
Broken callbacks_can_be_kept(const State& state);      ///< a number, not class 0
Broken good_news_is_told(const State& state);          ///< whoever may hear something new is told in time
Broken sets_and_counters_agree(const State& state);    ///< I14, sets included
Broken longest_idle_first(const State& state);         ///< I15, for what this step offered by rings
Broken missed_endpoints_rest(const State& state);      ///< I16, for what this step offered

}  // namespace kapok::routing
