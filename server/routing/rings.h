#pragma once

#include <functional>
#include <optional>

#include "routing/state.h"

/// When a waiting caller's rings open, when his class ages, and his place in the wait sets.
namespace kapok::routing {

/// (Re)enters the wait sets in the old place: opens what is due by now, sets ring and ageing timers.
void begin_waiting(State& state, CallRecord& call);
/// Leaves the wait sets: offered, or ended.
void stop_waiting(State& state, CallRecord& call);

/// The same caller in the same place, after `change` to what his sets depend on.
void place_anew(State& state, CallRecord& call, const std::function<void()>& change);

void ring_opens(State& state, CallId id);
void class_ages(State& state, CallId id);

/// Callers whose widest ring lost its last present worker pass to the next at once. O(callers affected).
void open_past_emptied(State& state);

/// The widest ring that must be open at `state.now`, given that `call.widest` already is.
[[nodiscard]] Ring widest_due(const State& state, const CallRecord& call);
/// Class in effect at `now`; never 0 by age.
[[nodiscard]] CallerClass aged_class(const CallRecord& call, Instant now);
/// Instant of the next rise by age, if one is ahead.
[[nodiscard]] std::optional<Instant> ages_at(const CallRecord& call);
[[nodiscard]] Instant opens_at(const State& state, const CallRecord& call, Ring ring);

/// Place in the widest open ring: callers served before this one, plus one; 0 when not waiting. O(log n).
[[nodiscard]] std::int32_t position_of(const State& state, const CallRecord& call);

/// The widest open ring of a caller that is a unit: all but the duty phone's. kNoNode when none is.
[[nodiscard]] NodeIx widest_unit(const CallRecord& call);

/// Counts the call at its owner and all above, by state; moves it when the state changes.
void set_state(State& state, CallRecord& call, CallState to);
void list_call(State& state, CallRecord& call);
void unlist_call(State& state, CallRecord& call);

}  // namespace kapok::routing
