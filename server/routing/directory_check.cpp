#include <map>
#include <set>

#include "routing/directory.h"
#include "routing/policy.h"

namespace kapok::routing {
namespace {

using Parents = std::map<UnitId, UnitId>;

Parents parents_after(const State& state, const DirectoryChanged& event) {
  Parents parents;
  for (const Node& node : state.nodes)
    if (node.id.is_set()) parents[node.id] = node.parent == kNoNode ? UnitId{} : state.nodes[node.parent].id;
  for (const Unit& unit : event.units) parents[unit.id] = unit.parent;
  return parents;
}

bool reaches_a_root(const Parents& parents, UnitId unit) {
  for (std::size_t steps = 0; steps <= kTreeDepthMax; ++steps) {
    auto found = parents.find(unit);
    if (found == parents.end()) return false;
    if (!found->second.is_set()) return true;
    unit = found->second;
  }
  return false;
}

std::optional<ErrorCode> refusal_of_units(const State& state, const DirectoryChanged& event) {
  const Parents parents = parents_after(state, event);
  for (const Unit& unit : event.units)
    if (!unit.id.is_set() || !reaches_a_root(parents, unit.id)) return ErrorCode::kUnknownUnit;
  for (const Line& line : event.lines) {
    if (!line.id.is_set()) return ErrorCode::kUnknownLine;
    if (!parents.contains(line.owner)) return ErrorCode::kUnknownUnit;
  }
  return std::nullopt;
}

bool endpoint_is_sound(const State& state, const Worker& worker, const Endpoint& endpoint) {
  if (!endpoint.id.is_set() || endpoint.capacity < 1 || endpoint.capacity > kDutyPhoneCapacityMax) return false;
  if (endpoint.capacity > 1 && endpoint.kind != EndpointKind::kDutyPhone) return false;
  auto held = state.endpoints.find(endpoint.id);
  return held == state.endpoints.end() || (held->second.worker == worker.id && held->second.kind == endpoint.kind);
}

}  // namespace

std::optional<ErrorCode> refusal_of_directory(const State& state, const DirectoryChanged& event) {
  if (auto why = refusal_of_units(state, event)) return why;
  std::set<EndpointId> seen;
  for (const Worker& worker : event.workers) {
    if (!worker.id.is_set()) return ErrorCode::kUnknownWorker;
    if (worker.endpoints.size() > kEndpointsPerWorkerMax) return ErrorCode::kInvalidArgument;
    for (const Endpoint& endpoint : worker.endpoints) {
      if (!endpoint_is_sound(state, worker, endpoint)) return ErrorCode::kUnknownEndpoint;
      if (!seen.insert(endpoint.id).second) return ErrorCode::kUnknownEndpoint;
    }
  }
  return std::nullopt;
}

}  // namespace kapok::routing
