#include "routing/presence.h"

#include <algorithm>
#include <cstddef>

#include "core/planted_fault.h"
#include "routing/policy.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

bool is_phone(EndpointKind kind) { return kind != EndpointKind::kDesk; }

/// A paused phone is reachable, only not rung for a while: the worker was never signed off.
bool reachable(const WorkerRecord& worker, const EndpointRecord& endpoint) {
  if (!endpoint.up) return false;
  return is_phone(endpoint.kind) ? !worker.phone_away : worker.desk_ready;
}

bool paused(const WorkerRecord& worker, const EndpointRecord& endpoint) {
  return is_phone(endpoint.kind) && worker.phone_paused_until.is_set();
}

template <class Visit>
void each_endpoint(const State& state, const WorkerRecord& worker, Visit visit) {
  for (const auto& [id, shift] : worker.shifts)
    for (EndpointId endpoint : shift.endpoints)
      if (auto found = state.endpoints.find(endpoint); found != state.endpoints.end()) visit(endpoint, found->second);
}

/// What his endpoints say together; looked up once, since every event asks several times.
struct Endpoints {
  bool duty_phone = false;
  bool reachable = false;
  bool rings = false;        ///< reachable and not paused
  bool rings_desk = false;   ///< a desk among these
  bool pauses = false;       ///< reachable, but paused
  bool lost_device = false;  ///< down, though he is there
  std::int32_t capacity = 1;
};

Endpoints endpoints_of(const State& state, const WorkerRecord& worker) {
  Endpoints all;
  each_endpoint(state, worker, [&](EndpointId, const EndpointRecord& endpoint) {
    const bool phone = is_phone(endpoint.kind);
    const bool duty = endpoint.kind == EndpointKind::kDutyPhone;
    all.duty_phone = all.duty_phone || duty;
    if (duty) all.capacity = std::max(all.capacity, endpoint.capacity);
    all.lost_device = all.lost_device || (!endpoint.up && (phone ? !worker.phone_away : worker.desk_ready));
    if (!reachable(worker, endpoint)) return;
    all.reachable = true;
    if (paused(worker, endpoint)) {
      all.pauses = true;
      return;
    }
    all.rings = true;
    all.rings_desk = all.rings_desk || !phone;
  });
  return all;
}

std::vector<UnitId> covered_units(const WorkerRecord& worker) {
  if (worker.shifts.empty()) return worker.finishing_for;
  std::vector<UnitId> units;
  for (const auto& [id, shift] : worker.shifts) units.insert(units.end(), shift.units.begin(), shift.units.end());
  return units;
}

void fill_nodes(const State& state, const WorkerRecord& worker, bool duty_phone, Placement& place) {
  for (UnitId unit : covered_units(worker))
    for (NodeIx node = state.node_of.at(unit); node != kNoNode; node = state.nodes[node].parent)
      place.listed.push_back(node);
  std::sort(place.listed.begin(), place.listed.end());
  place.listed.erase(std::unique(place.listed.begin(), place.listed.end()), place.listed.end());
  if (duty_phone)
    place.nodes = {kDutyNode};
  else
    place.nodes = place.listed;
}

/// The only unit he covers, as nearly all do; unset for whoever covers several, drains or answers the duty phone.
UnitId only_unit(const WorkerRecord& worker, bool duty_phone) {
  if (worker.shifts.size() != 1 || duty_phone) return {};
  const std::vector<UnitId>& units = worker.shifts.begin()->second.units;
  return units.size() == 1 ? units.front() : UnitId{};
}

/// Would fill_nodes() say the same again?
bool stands_where_he_stood(const State& state, const WorkerRecord& worker, bool duty_phone) {
  const UnitId unit = only_unit(worker, duty_phone);
  return unit.is_set() && unit == worker.placed_for && state.tree_version == worker.placed_in_tree;
}

/// What a placement says besides where.
struct Standing {
  Presence presence;
  std::optional<IdleKind> idle;
  Instant idle_since;
  std::uint64_t languages = 0;
  friend bool operator==(const Standing&, const Standing&) = default;
};

Standing standing_in(const Placement& place) { return {place.presence, place.idle, place.idle_since, place.languages}; }

void put(Placement& place, const Standing& standing) {
  place.presence = standing.presence;
  place.idle = standing.idle;
  place.idle_since = standing.idle_since;
  place.languages = standing.languages;
}

WorkerState state_with(const WorkerRecord& worker, const Endpoints& endpoints) {
  if (!worker.talking.empty()) return WorkerState::kTalking;
  if (!worker.offers.empty()) return WorkerState::kOffered;
  if (worker.after_call_until.is_set()) return WorkerState::kAfterCall;
  if (worker.shifts.empty()) return WorkerState::kOffDuty;
  return endpoints.rings ? WorkerState::kReady : WorkerState::kAway;
}

AwayReason reason_with(const WorkerRecord& worker, const Endpoints& endpoints) {
  if (state_with(worker, endpoints) != WorkerState::kAway) return AwayReason::kNone;
  if (endpoints.pauses) return AwayReason::kPaused;
  if (worker.desk_missed) return AwayReason::kMissed;
  return endpoints.lost_device ? AwayReason::kDevice : AwayReason::kByWorker;
}

Standing standing_of(const WorkerRecord& worker, const Endpoints& endpoints) {
  Standing standing;
  standing.presence.state = state_with(worker, endpoints);
  if (worker.shifts.empty()) return standing;  // draining: counted and listed, but in no ring
  standing.presence.on_shift = true;
  standing.presence.on_duty = endpoints.reachable;
  standing.presence.present = endpoints.rings;
  if (endpoints.rings) standing.languages = worker.info.languages;
  const auto load = static_cast<std::int32_t>(worker.talking.size() + worker.offers.size());
  const bool crowded = load >= endpoints.capacity + (KAPOK_IS_PLANTED(one_too_many) ? 1 : 0);
  if (crowded || worker.after_call_until.is_set() || !endpoints.rings) return standing;
  standing.idle = endpoints.rings_desk ? IdleKind::kDesk : IdleKind::kPhone;
  standing.idle_since = worker.idle_since;
  return standing;
}

void fill_groups(const State& state, const WorkerRecord& worker, std::vector<GroupIx>& groups) {
  groups.clear();
  for (GroupIx group = 0; group < state.group_masks.size(); ++group)
    if ((state.group_masks[group] & ~worker.info.skills) == 0) groups.push_back(group);
}

void move_in_lists(State& state, WorkerId id, const Placement& from, const Placement& to) {
  if (from.listed == to.listed) return;
  for (NodeIx ix : from.listed) state.nodes[ix].workers.erase(id);
  for (NodeIx ix : to.listed) state.nodes[ix].workers.insert(id);
}

void count(State& state, const std::vector<NodeIx>& nodes, const Standing& standing, std::int32_t sign, bool duty) {
  NodeCounters counts;
  std::int32_t present = 0;
  count_presence(counts, present, standing.presence, sign);
  for (NodeIx ix : nodes) {
    Node& node = state.nodes[ix];
    node.counts += counts;
    node.present += present;
    const std::uint64_t unspoken = node.speakers.count(standing.languages, sign);
    if (sign < 0) state.quiet_languages |= unspoken;
    KAPOK_CHECK(node.present >= 0 && node.counts.ready >= 0);
    if (duty) state.touched_nodes.insert(ix);  // a gap may open or close
  }
}

/// From the counters of these nodes into those; `moved` = they are not the same nodes.
void move_in_counters(State& state, const std::vector<NodeIx>& from_nodes, const Standing& from,
                      const std::vector<NodeIx>& to_nodes, const Standing& to, bool moved) {
  if (!moved && from.presence == to.presence && from.languages == to.languages) return;
  const bool duty_moved = moved || from.presence.on_duty != to.presence.on_duty;
  if (KAPOK_IS_PLANTED(present_counted_wrong) && !to.presence.present)
    for (NodeIx ix : from_nodes) ++state.nodes[ix].present;
  count(state, from_nodes, from, -1, duty_moved);
  count(state, to_nodes, to, 1, duty_moved);
  for (const std::vector<NodeIx>* nodes : {&from_nodes, &to_nodes})
    for (NodeIx ix : *nodes)
      if (state.nodes[ix].present == 0) state.emptied_nodes.insert(ix);
}

void leave_idle_sets(State& state, WorkerId id, const Placement& from) {
  if (!from.idle) return;
  for (NodeIx ix : from.nodes)
    for (GroupIx group : from.groups) state.idle.erase(ix, group, *from.idle, {from.idle_since, id});
}

void enter_idle_sets(State& state, WorkerId id, const Placement& to) {
  if (!to.idle) return;
  for (NodeIx ix : to.nodes)
    for (GroupIx group : to.groups) state.idle.insert(ix, group, *to.idle, {to.idle_since, id}, to.languages);
}

bool groups_fit(const State& state, const WorkerRecord& worker) {
  std::size_t fitting = 0;
  for (const std::uint64_t mask : state.group_masks) fitting += (mask & ~worker.info.skills) == 0 ? 1U : 0U;
  const std::vector<GroupIx>& held = worker.placed.groups;
  return fitting == held.size() && std::ranges::all_of(held, [&](GroupIx group) {
           return (state.group_masks[group] & ~worker.info.skills) == 0;
         });
}

/// The whole way: he covers other units, or several.
bool place_anew(State& state, WorkerRecord& worker, bool duty_phone) {
  worker.placed_for = only_unit(worker, duty_phone);
  worker.placed_in_tree = state.tree_version;
  Placement want = placement_of(state, worker);
  Placement& placed = worker.placed;
  if (want == placed) return false;
  const WorkerId id = worker.info.id;
  move_in_lists(state, id, placed, want);
  move_in_counters(state, placed.nodes, standing_in(placed), want.nodes, standing_in(want), placed.nodes != want.nodes);
  leave_idle_sets(state, id, placed);
  placed = std::move(want);
  enter_idle_sets(state, id, placed);
  return true;
}

/// The short way: he stands where he stood, so only what he stands there as can have changed. Allocates nothing.
bool stand_otherwise(State& state, WorkerRecord& worker, const Standing& to) {
  Placement& placed = worker.placed;
  const Standing from = standing_in(placed);
  const bool same_groups = !to.idle || groups_fit(state, worker);
  if (from == to && same_groups) return false;
  move_in_counters(state, placed.nodes, from, placed.nodes, to, false);
  leave_idle_sets(state, worker.info.id, placed);
  put(placed, to);
  if (to.idle)
    fill_groups(state, worker, placed.groups);
  else
    placed.groups.clear();
  enter_idle_sets(state, worker.info.id, placed);
  return true;
}

void sign_off(WorkerRecord& worker) {
  worker.desk_ready = worker.desk_missed = worker.phone_away = false;
  worker.declines.clear();
  worker.finishing_for.clear();
}

}  // namespace

std::vector<EndpointId> ringable(const State& state, const WorkerRecord& worker) {
  std::vector<EndpointId> out;
  each_endpoint(state, worker, [&](EndpointId id, const EndpointRecord& endpoint) {
    if (reachable(worker, endpoint) && !paused(worker, endpoint)) out.push_back(id);
  });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::int32_t capacity(const State& state, const WorkerRecord& worker) { return endpoints_of(state, worker).capacity; }

bool answers_duty_phone(const State& state, const WorkerRecord& worker) {
  return endpoints_of(state, worker).duty_phone;
}

bool is_draining(const WorkerRecord& worker) {
  return worker.shifts.empty() &&
         (!worker.talking.empty() || !worker.offers.empty() || worker.after_call_until.is_set());
}

WorkerState state_of(const State& state, const WorkerRecord& worker) {
  return state_with(worker, endpoints_of(state, worker));
}

AwayReason away_reason(const State& state, const WorkerRecord& worker) {
  return reason_with(worker, endpoints_of(state, worker));
}

Placement placement_of(const State& state, const WorkerRecord& worker) {
  const Endpoints endpoints = endpoints_of(state, worker);
  Placement place;
  put(place, standing_of(worker, endpoints));
  fill_nodes(state, worker, endpoints.duty_phone, place);
  if (place.idle) fill_groups(state, worker, place.groups);
  return place;
}

void count_presence(NodeCounters& counts, std::int32_t& present, const Presence& presence, std::int32_t sign) {
  counts.on_shift += presence.on_shift ? sign : 0;
  counts.on_duty += presence.on_duty ? sign : 0;
  present += presence.present ? sign : 0;
  if (presence.state == WorkerState::kReady) counts.ready += sign;
  if (presence.state == WorkerState::kOffered) counts.offered += sign;
  if (presence.state == WorkerState::kTalking) counts.talking += sign;
  if (presence.state == WorkerState::kAfterCall) counts.after_call += sign;
  if (presence.state == WorkerState::kAway) counts.away += sign;
}

void refresh(State& state, WorkerRecord& worker) {
  if (worker.shifts.empty() && !is_draining(worker)) sign_off(worker);
  if (worker.talking.empty() && worker.offers.empty()) worker.held_at_most = 0;
  const WorkerId id = worker.info.id;
  const Endpoints endpoints = endpoints_of(state, worker);
  const bool moved = stands_where_he_stood(state, worker, endpoints.duty_phone)
                         ? stand_otherwise(state, worker, standing_of(worker, endpoints))
                         : place_anew(state, worker, endpoints.duty_phone);
  if (moved && worker.placed.idle) state.free_workers.insert(id);
  if (state.held_for_worker.contains(id)) state.moved_hosts.insert(id);
  state.touched_workers.insert(id);
}

void tell_worker(State& state, WorkerRecord& worker) {
  const Endpoints endpoints = endpoints_of(state, worker);
  WorkerStateChanged tell;
  tell.worker = worker.info.id;
  tell.state = state_with(worker, endpoints);
  tell.reason = reason_with(worker, endpoints);
  tell.draining = is_draining(worker);
  if (worker.after_call_until.is_set() && tell.state == WorkerState::kAfterCall) tell.until = worker.after_call_until;
  if (tell.reason == AwayReason::kPaused) tell.until = worker.phone_paused_until;
  tell.idle_since = worker.idle_since;
  tell.desk_ready = worker.desk_ready;
  tell.desk_missed = worker.desk_missed;
  tell.phone_away = worker.phone_away;
  const WorkerStateChanged& told = worker.told;
  const bool moved = tell.state != told.state || tell.reason != told.reason || tell.draining != told.draining;
  tell.since = moved ? state.now : told.since;
  if (!moved && tell.state == WorkerState::kOffDuty) return;
  WorkerStateChanged same = told;
  same.worker = tell.worker;
  if (tell == same) return;
  worker.told = tell;
  state.order(tell);
}

}  // namespace kapok::routing
