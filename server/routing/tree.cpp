#include "routing/tree.h"

#include <algorithm>

namespace kapok::routing {

std::vector<NodeIx> with_ancestors(const State& state, NodeIx node) {
  std::vector<NodeIx> out;
  for (; node != kNoNode; node = state.nodes[node].parent) out.push_back(node);
  return out;
}

Ring ring_of(const State& state, NodeIx node) {
  if (node == kDutyNode) return Ring::kDutyPhone;
  switch (state.nodes[node].kind) {
    case UnitKind::kPoint:
    case UnitKind::kStation:
      return Ring::kStation;
    case UnitKind::kDistrict:
      return Ring::kDistrict;
    case UnitKind::kRegion:
      return Ring::kRegion;
    case UnitKind::kCity:
    case UnitKind::kProvince:
      return Ring::kCity;
  }
  return Ring::kCity;
}

RingPath ring_path(const State& state, NodeIx owner) {
  RingPath path;
  path.first = Ring::kDutyPhone;
  for (NodeIx node = owner; node != kNoNode; node = state.nodes[node].parent) {
    if (state.nodes[node].kind == UnitKind::kPoint) continue;
    const Ring ring = ring_of(state, node);
    NodeIx& slot = path.nodes[static_cast<std::size_t>(ring)];
    if (slot != kNoNode) continue;  // callers overflow inside the city and never beyond (DESIGN §4)
    slot = node;
    if (ring < path.first) path.first = ring;
  }
  return path;
}

std::optional<Ring> nearest_ring(const RingPath& path, const std::vector<NodeIx>& nodes) {
  for (int r = static_cast<int>(path.first); r <= static_cast<int>(Ring::kDutyPhone); ++r) {
    const NodeIx node = path.at(static_cast<Ring>(r));
    if (node != kNoNode && std::binary_search(nodes.begin(), nodes.end(), node)) return static_cast<Ring>(r);
  }
  return std::nullopt;
}

NodeIx first_node(const State& state, NodeIx owner) {
  const RingPath path = ring_path(state, owner);
  return path.at(path.first);
}

}  // namespace kapok::routing
