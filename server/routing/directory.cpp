#include "routing/directory.h"

#include <algorithm>
#include <set>
#include <utility>

#include "routing/offers.h"
#include "routing/presence.h"
#include "routing/rings.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

/// What must be placed anew, because what it stood on has changed.
struct Affected {
  bool tree = false;    ///< a unit moved or changed level: everybody
  bool groups = false;  ///< a new set of required skills: every worker
  std::set<NodeIx> presets;
  std::set<LineId> skills;  ///< lines that need others than before: their callers
};

bool moves_a_unit(const State& state, const std::vector<Unit>& units) {
  return std::ranges::any_of(units, [&](const Unit& unit) {
    auto found = state.node_of.find(unit.id);
    if (found == state.node_of.end()) return false;
    const Node& node = state.nodes[found->second];
    const UnitId parent = node.parent == kNoNode ? UnitId{} : state.nodes[node.parent].id;
    return parent != unit.parent || node.kind != unit.kind;
  });
}

void put_units(State& state, const std::vector<Unit>& units, Affected& affected) {
  for (const Unit& unit : units) {
    auto [found, is_new] = state.node_of.try_emplace(unit.id, state.nodes.size());
    if (is_new)
      state.nodes.emplace_back();
    else if (state.nodes[found->second].rings != unit.rings)
      affected.presets.insert(found->second);
    Node& node = state.nodes[found->second];
    node.id = unit.id;
    node.kind = unit.kind;
    node.rings = unit.rings;
  }
  for (const Unit& unit : units)
    state.nodes[state.node_of.at(unit.id)].parent = unit.parent.is_set() ? state.node_of.at(unit.parent) : kNoNode;
}

GroupIx group_of(State& state, std::uint64_t required, Affected& affected) {
  auto found = std::find(state.group_masks.begin(), state.group_masks.end(), required);
  if (found == state.group_masks.end()) {
    affected.groups = true;
    found = state.group_masks.insert(found, required);
  }
  return static_cast<GroupIx>(found - state.group_masks.begin());
}

void put_lines(State& state, const DirectoryChanged& event, Affected& affected) {
  for (const Line& line : event.lines) {
    LineRecord& record = state.lines[line.id];
    const GroupIx group = group_of(state, line.required_skills, affected);
    if (record.group != group) affected.skills.insert(line.id);
    record.info = line;
    record.owner = state.node_of.at(line.owner);
    record.group = group;
    record.open = true;
  }
  for (LineId id : event.lines_closed)
    if (auto found = state.lines.find(id); found != state.lines.end()) found->second.open = false;
}

void count_lines(State& state) {
  std::vector<std::int32_t> counts(state.nodes.size(), 0);
  for (const auto& [id, line] : state.lines)
    if (line.open && line.info.mode != LineMode::kRecordedOnly) ++counts[first_node(state, line.owner)];
  for (NodeIx ix = 0; ix < state.nodes.size(); ++ix) {
    if (state.nodes[ix].answered_lines == counts[ix]) continue;
    state.nodes[ix].answered_lines = counts[ix];
    state.touched_nodes.insert(ix);
  }
}

/// An endpoint no longer listed stops ringing; a talk on it goes on.
void drop_endpoints(State& state, WorkerRecord& worker, const Worker& next) {
  for (const Endpoint& old : worker.info.endpoints) {
    const bool stays = std::ranges::any_of(next.endpoints, [&](const Endpoint& e) { return e.id == old.id; });
    if (stays) continue;
    for (OfferId offer : BlockSet<OfferId>(worker.offers)) stop_ringing(state, offer, old.id);
    for (auto& [shift, record] : worker.shifts) std::erase(record.endpoints, old.id);
    state.endpoints.erase(old.id);
  }
}

void put_worker(State& state, const Worker& next) {
  WorkerRecord& worker = state.workers[next.id];
  drop_endpoints(state, worker, next);
  worker.info = next;
  for (const Endpoint& endpoint : next.endpoints) {
    auto [held, is_new] = state.endpoints.try_emplace(endpoint.id);
    held->second.worker = next.id;
    held->second.kind = endpoint.kind;
    held->second.capacity = endpoint.capacity;
    if (is_new) held->second.up = endpoint.kind != EndpointKind::kDesk;
  }
  refresh(state, worker);
}

void replace_calls(State& state) {
  for (auto& [id, call] : state.calls) {
    const RingPath path = ring_path(state, call.rings_from);
    if (call.state == CallState::kWaiting) stop_waiting(state, call);
    call.path = path;
    call.widest = std::max(call.widest, path.first);
    if (call.state == CallState::kWaiting) begin_waiting(state, call);
    ++state.work.calls_replaced;
  }
}

void relist_calls(State& state, bool add) {
  for (auto& [id, call] : state.calls) add ? list_call(state, call) : unlist_call(state, call);
}

void widen_callers_of(State& state, const std::set<NodeIx>& owners) {
  if (owners.empty()) return;
  for (auto& [id, call] : state.calls)
    if (call.state == CallState::kWaiting && owners.contains(call.rings_from)) {
      ring_opens(state, id);
      ++state.work.calls_replaced;
    }
}

/// Whoever waits needs what his line needs now, and so does who is offered or talks, should he wait again: what rings
/// or talks goes on. A last worker without the skill is waited for no more.
void regroup_callers_of(State& state, const std::set<LineId>& lines) {
  if (lines.empty()) return;
  for (auto& [id, call] : state.calls) {
    if (!lines.contains(call.arrival.line)) continue;
    const GroupIx group = state.lines.at(call.arrival.line).group;
    ++state.work.calls_replaced;
    if (call.state != CallState::kWaiting) {
      call.group = group;
      continue;
    }
    place_anew(state, call, [&] { call.group = group; });
    if (call.hold.kind == HoldKind::kWorker) state.moved_hosts.insert(call.arrival.facts.last_worker);
  }
}

}  // namespace

void change_directory(State& state, const DirectoryChanged& event) {
  if (auto why = refusal_of_directory(state, event)) return state.order(RefuseEvent{*why, {}, {}, {}, {}});
  Affected affected;
  affected.tree = moves_a_unit(state, event.units);
  if (affected.tree) relist_calls(state, false);
  put_units(state, event.units, affected);
  if (affected.tree) {
    ++state.tree_version;
    relist_calls(state, true);
  }
  put_lines(state, event, affected);
  for (const Worker& worker : event.workers) put_worker(state, worker);
  if (affected.tree || affected.groups)
    for (auto& [id, worker] : state.workers) refresh(state, worker);
  if (affected.tree) replace_calls(state);
  widen_callers_of(state, affected.presets);
  regroup_callers_of(state, affected.skills);
  count_lines(state);
}

}  // namespace kapok::routing
