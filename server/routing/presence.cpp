#include "routing/presence.h"

#include <algorithm>
#include <set>

#include "core/planted_fault.h"
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

std::vector<UnitId> covered_units(const WorkerRecord& worker) {
  if (worker.shifts.empty()) return worker.finishing_for;
  std::vector<UnitId> units;
  for (const auto& [id, shift] : worker.shifts) units.insert(units.end(), shift.units.begin(), shift.units.end());
  return units;
}

void fill_nodes(const State& state, const WorkerRecord& worker, Placement& place) {
  for (UnitId unit : covered_units(worker))
    for (NodeIx node = state.node_of.at(unit); node != kNoNode; node = state.nodes[node].parent)
      place.listed.push_back(node);
  std::sort(place.listed.begin(), place.listed.end());
  place.listed.erase(std::unique(place.listed.begin(), place.listed.end()), place.listed.end());
  if (answers_duty_phone(state, worker))
    place.nodes = {kDutyNode};
  else
    place.nodes = place.listed;
}

void move_in_lists(State& state, WorkerId id, const Placement& from, const Placement& to) {
  if (from.listed == to.listed) return;
  for (NodeIx ix : from.listed) state.nodes[ix].workers.erase(id);
  for (NodeIx ix : to.listed) state.nodes[ix].workers.insert(id);
}

void move_in_counters(State& state, const Placement& from, const Placement& to) {
  const bool same_nodes = from.nodes == to.nodes;
  if (same_nodes && from.presence == to.presence && from.languages == to.languages) return;
  const bool duty_moved = !same_nodes || from.presence.on_duty != to.presence.on_duty;
  for (const Placement* place : {&from, &to})
    for (NodeIx ix : place->nodes) {
      Node& node = state.nodes[ix];
      if (KAPOK_IS_PLANTED(present_counted_wrong) && !to.presence.present) ++node.present;
      count_presence(node.counts, node.present, place->presence, place == &to ? 1 : -1);
      const std::uint64_t unspoken = node.speakers.count(place->languages, place == &to ? 1 : -1);
      if (place == &from) state.quiet_languages |= unspoken;
      KAPOK_CHECK(node.present >= 0 && node.counts.ready >= 0);
      if (duty_moved) state.touched_nodes.insert(ix);  // a gap may open or close
    }
  for (const Placement* place : {&from, &to})
    for (NodeIx ix : place->nodes)
      if (state.nodes[ix].present == 0) state.emptied_nodes.insert(ix);
}

void move_in_idle_sets(State& state, WorkerId id, const Placement& from, const Placement& to) {
  const bool same_key = from.idle == to.idle && from.idle_since == to.idle_since && from.groups == to.groups &&
                        from.languages == to.languages;
  if (same_key && (!from.idle || from.nodes == to.nodes)) return;
  if (from.idle)
    for (NodeIx ix : from.nodes)
      for (GroupIx group : from.groups) state.idle.erase(ix, group, *from.idle, {from.idle_since, id});
  if (to.idle)
    for (NodeIx ix : to.nodes)
      for (GroupIx group : to.groups) state.idle.insert(ix, group, *to.idle, {to.idle_since, id}, to.languages);
}

/// A refresh mostly changes one of the three, so each is left alone when it would not change.
void move(State& state, WorkerId id, const Placement& from, const Placement& to) {
  move_in_lists(state, id, from, to);
  move_in_counters(state, from, to);
  move_in_idle_sets(state, id, from, to);
}

void sign_off(WorkerRecord& worker) {
  worker.desk_ready = worker.desk_missed = worker.phone_away = false;
  worker.declines.clear();
  worker.finishing_for.clear();
}

bool rings_anywhere(const State& state, const WorkerRecord& worker) {
  bool rings = false;
  each_endpoint(state, worker, [&](EndpointId, const EndpointRecord& endpoint) {
    rings = rings || (reachable(worker, endpoint) && !paused(worker, endpoint));
  });
  return rings;
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

std::int32_t capacity(const State& state, const WorkerRecord& worker) {
  std::int32_t most = 1;
  each_endpoint(state, worker, [&](EndpointId, const EndpointRecord& endpoint) {
    if (endpoint.kind == EndpointKind::kDutyPhone) most = std::max(most, endpoint.capacity);
  });
  return most;
}

bool answers_duty_phone(const State& state, const WorkerRecord& worker) {
  bool duty = false;
  each_endpoint(state, worker, [&](EndpointId, const EndpointRecord& endpoint) {
    duty = duty || endpoint.kind == EndpointKind::kDutyPhone;
  });
  return duty;
}

bool is_draining(const WorkerRecord& worker) {
  return worker.shifts.empty() &&
         (!worker.talking.empty() || !worker.offers.empty() || worker.after_call_until.is_set());
}

WorkerState state_of(const State& state, const WorkerRecord& worker) {
  if (!worker.talking.empty()) return WorkerState::kTalking;
  if (!worker.offers.empty()) return WorkerState::kOffered;
  if (worker.after_call_until.is_set()) return WorkerState::kAfterCall;
  if (worker.shifts.empty()) return WorkerState::kOffDuty;
  return rings_anywhere(state, worker) ? WorkerState::kReady : WorkerState::kAway;
}

AwayReason away_reason(const State& state, const WorkerRecord& worker) {
  if (state_of(state, worker) != WorkerState::kAway) return AwayReason::kNone;
  bool pause = false;
  bool device = false;
  each_endpoint(state, worker, [&](EndpointId, const EndpointRecord& endpoint) {
    pause = pause || (reachable(worker, endpoint) && paused(worker, endpoint));
    device = device || (!endpoint.up && (is_phone(endpoint.kind) ? !worker.phone_away : worker.desk_ready));
  });
  if (pause) return AwayReason::kPaused;
  if (worker.desk_missed) return AwayReason::kMissed;
  return device ? AwayReason::kDevice : AwayReason::kByWorker;
}

Placement placement_of(const State& state, const WorkerRecord& worker) {
  Placement place;
  place.presence.state = state_of(state, worker);
  fill_nodes(state, worker, place);
  if (worker.shifts.empty()) return place;  // draining: counted and listed, but in no ring
  place.presence.on_shift = true;
  IdleKind kind = IdleKind::kPhone;
  each_endpoint(state, worker, [&](EndpointId, const EndpointRecord& endpoint) {
    if (!reachable(worker, endpoint)) return;
    place.presence.on_duty = true;
    if (paused(worker, endpoint)) return;
    place.presence.present = true;
    place.languages = worker.info.languages;
    if (!is_phone(endpoint.kind)) kind = IdleKind::kDesk;
  });
  const auto load = static_cast<std::int32_t>(worker.talking.size() + worker.offers.size());
  const bool crowded = load >= capacity(state, worker) + (KAPOK_IS_PLANTED(one_too_many) ? 1 : 0);
  const bool free = !crowded && !worker.after_call_until.is_set();
  if (!free || !place.presence.present) return place;
  place.idle = kind;
  place.idle_since = worker.idle_since;
  for (GroupIx group = 0; group < state.group_masks.size(); ++group)
    if ((state.group_masks[group] & ~worker.info.skills) == 0) place.groups.push_back(group);
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
  Placement want = placement_of(state, worker);
  const WorkerId id = worker.info.id;
  if (want != worker.placed) {
    move(state, id, worker.placed, want);
    worker.placed = std::move(want);
    if (worker.placed.idle) state.free_workers.insert(id);
  }
  if (state.held_for_worker.contains(id)) state.moved_hosts.insert(id);
  state.touched_workers.insert(id);
}

void tell_worker(State& state, WorkerRecord& worker) {
  WorkerStateChanged tell;
  tell.worker = worker.info.id;
  tell.state = state_of(state, worker);
  tell.reason = away_reason(state, worker);
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
