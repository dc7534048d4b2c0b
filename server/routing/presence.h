#pragma once

#include <vector>

#include "routing/state.h"

/// What a worker is at this instant, worked out from shifts, endpoints and deeds; and keeping sets and
/// counters equal to it. On duty = holds a shift AND has a reachable endpoint (routing.md §1.2).
namespace kapok::routing {

/// The endpoints an offer made now would ring: in a running shift, live, ready and not paused.
[[nodiscard]] std::vector<EndpointId> ringable(const State& state, const WorkerRecord& worker);

/// Calls he may hold at once: 1, or the capacity of his duty phone.
[[nodiscard]] std::int32_t capacity(const State& state, const WorkerRecord& worker);

[[nodiscard]] bool answers_duty_phone(const State& state, const WorkerRecord& worker);
[[nodiscard]] bool is_draining(const WorkerRecord& worker);
[[nodiscard]] WorkerState state_of(const State& state, const WorkerRecord& worker);
[[nodiscard]] AwayReason away_reason(const State& state, const WorkerRecord& worker);

/// Where sets and counters should hold him; check_all() compares this with where they do.
[[nodiscard]] Placement placement_of(const State& state, const WorkerRecord& worker);

/// To be called after every change to a worker: moves him in sets and counters, notes nodes that lost their
/// last present worker, and queues him for matching when he became able to take a call.
void refresh(State& state, WorkerRecord& worker);

/// Orders WorkerStateChanged if anything visible changed since the last one.
void tell_worker(State& state, WorkerRecord& worker);

/// Adds or takes (`sign` +1 or -1) one presence to or from counters; also how check_all() recounts.
void count_presence(NodeCounters& counts, std::int32_t& present, const Presence& presence, std::int32_t sign);

}  // namespace kapok::routing
