#include "routing/fairness.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "routing/policy.h"
#include "routing/tree.h"

namespace kapok::routing {

std::int32_t fair_share(const State& state, NodeIx ring) {
  return std::max(kFairShareLeast, state.nodes[ring].counts.on_duty * kFairSharePercent / 100);
}

NodeIx ring_beyond_share(const State& state, const Lane& lane, CallerClass effective, const WorkerRecord& worker) {
  const std::int32_t held = state.lines.at(lane.line).overflow_held;
  if (effective == CallerClass::kCrisis || held <= kFairShareLeast) return kNoNode;
  const RingPath path = ring_path(state, lane.first);
  const auto ring = nearest_ring(path, worker.placed.nodes);
  if (!ring || *ring == path.first || held <= fair_share(state, path.at(*ring))) return kNoNode;
  return path.at(*ring);
}

void take_share(State& state, CallRecord& call, Ring ring) {
  give_back_share(state, call);
  call.overflow = ring != call.path.first;
  if (call.overflow) ++state.lines.at(call.arrival.line).overflow_held;
}

void give_back_share(State& state, CallRecord& call) {
  if (call.overflow && !KAPOK_IS_PLANTED(share_not_given_back)) --state.lines.at(call.arrival.line).overflow_held;
  call.overflow = false;
}

}  // namespace kapok::routing
