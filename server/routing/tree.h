#pragma once

#include <optional>
#include <vector>

#include "routing/state.h"

/// Reading the tree of units: where a caller's rings lead, and all that stands above a unit.
namespace kapok::routing {

/// The unit itself and everything above it, nearest first.
[[nodiscard]] std::vector<NodeIx> with_ancestors(const State& state, NodeIx node);

/// A point's callers start at its station; a district's line starts at R1, the city's at R3 (decision 3).
[[nodiscard]] RingPath ring_path(const State& state, NodeIx owner);

/// The nearest ring of the path that reaches somebody who stands at `nodes` (in order), open or not.
[[nodiscard]] std::optional<Ring> nearest_ring(const RingPath& path, const std::vector<NodeIx>& nodes);

/// Where gaps of this owner's lines are counted: the first ring of its callers.
[[nodiscard]] NodeIx first_node(const State& state, NodeIx owner);

/// How near workers of this node are to callers who find them here; for the worker-side bonus.
[[nodiscard]] Ring ring_of(const State& state, NodeIx node);

}  // namespace kapok::routing
