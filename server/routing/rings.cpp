#include "routing/rings.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/planted_fault.h"
#include "routing/announcements.h"
#include "routing/callbacks.h"
#include "routing/fairness.h"
#include "routing/holds.h"
#include "routing/policy.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

/// Nodes above hold those below, so the widest one with a level speaks for all rings up to it.
bool someone_present(const State& state, const CallRecord& call, Ring through) {
  for (int r = static_cast<int>(through); r >= static_cast<int>(call.path.first); --r) {
    const NodeIx node = call.path.at(static_cast<Ring>(r));
    if (node != kNoNode) return state.nodes[node].present > 0;
  }
  return false;
}

template <class Visit>
void each_open_node(const CallRecord& call, Visit visit) {
  for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(call.widest); ++r)
    if (const NodeIx node = call.path.at(static_cast<Ring>(r)); node != kNoNode) visit(node);
}

void place(State& state, CallRecord& call) {
  const WaitEntry entry{call.key(), call.lane()};
  each_open_node(call, [&](NodeIx node) { state.waiting.insert(node, call.effective, call.wait_group(), entry); });
  list_hold(state, call);
  call.placed_step = state.step;
}

void unplace(State& state, CallRecord& call) {
  unlist_hold(state, call);
  const WaitEntry entry{call.key(), call.lane()};
  each_open_node(call, [&](NodeIx node) { state.waiting.erase(node, call.effective, call.wait_group(), entry); });
}

void set_timers(State& state, CallRecord& call) {
  const std::int64_t id = call.arrival.call.value;
  call.ring_timer = call.age_timer = {};
  const bool lost = KAPOK_IS_PLANTED(ring_timer_lost) && call.widest == Ring::kDistrict;
  if (call.widest != Ring::kDutyPhone && !lost) {
    call.ring_timer = opens_at(state, call, next_ring(call.widest));
    state.timers.set({call.ring_timer, TimerKind::kRingOpens, id});
  }
  if (auto at = ages_at(call); at && !KAPOK_IS_PLANTED(age_timer_lost)) {
    call.age_timer = *at;
    state.timers.set({*at, TimerKind::kClassAges, id});
  }
}

void cancel_timers(State& state, CallRecord& call) {
  const std::int64_t id = call.arrival.call.value;
  if (call.ring_timer.is_set()) state.timers.cancel({call.ring_timer, TimerKind::kRingOpens, id});
  if (call.age_timer.is_set()) state.timers.cancel({call.age_timer, TimerKind::kClassAges, id});
  call.ring_timer = call.age_timer = {};
}

void rise(CallRecord& call, Instant now) {
  const CallerClass aged = aged_class(call, now);
  call.effective = std::min(call.effective, aged);  // only rises (I6)
}

/// Opens what is due and starts the timers of what is not.
void widen(State& state, CallRecord& call) {
  unplace(state, call);
  cancel_timers(state, call);
  call.widest = widest_due(state, call);
  rise(call, state.now);
  place(state, call);
  set_timers(state, call);
  state.seeking_calls.insert(call.arrival.call);
  state.touched_calls.insert(call.arrival.call);
}

std::int32_t& counter_of(NodeCounters& counts, CallState of) {
  if (of == CallState::kOffered) return counts.calls_offered;
  return of == CallState::kTalking ? counts.calls_talking : counts.calls_waiting;
}

}  // namespace

Instant opens_at(const State& state, const CallRecord& call, Ring ring) {
  const auto& times = ring_times(call.base, state.nodes[call.rings_from].rings);
  const Duration late = KAPOK_IS_PLANTED(rings_open_late) ? Duration{seconds{10}} : Duration{0};
  return call.arrival.arrived_at + times[static_cast<std::size_t>(ring)] + late;
}

Ring widest_due(const State& state, const CallRecord& call) {
  Ring widest = std::max(call.widest, call.path.first);
  while (widest != Ring::kDutyPhone) {
    const Ring next = next_ring(widest);
    if (opens_at(state, call, next) > state.now && someone_present(state, call, widest)) break;
    widest = next;
  }
  return widest;
}

std::optional<Instant> ages_at(const CallRecord& call) {
  if (call.effective == CallerClass::kNormal && call.base == CallerClass::kNormal)
    return call.arrival.arrived_at + kNormalAgesAfter;
  if (call.effective == CallerClass::kCallback) return call.arrival.arrived_at + kCallbackAgesAfter;
  return std::nullopt;
}

CallerClass aged_class(const CallRecord& call, Instant now) {
  const Duration age = now - call.arrival.arrived_at;
  if (KAPOK_IS_PLANTED(ages_into_crisis) && age >= 2 * kNormalAgesAfter) return CallerClass::kCrisis;
  if (call.base == CallerClass::kNormal && age >= kNormalAgesAfter) return CallerClass::kVulnerable;
  if (call.base == CallerClass::kCallback && age >= kCallbackAgesAfter) return CallerClass::kNormal;
  return call.base;
}

void begin_waiting(State& state, CallRecord& call) {
  call.offer = {};
  call.worker = {};
  call.endpoint = {};
  give_back_share(state, call);
  set_state(state, call, CallState::kWaiting);
  if (KAPOK_IS_PLANTED(ring_closes)) call.widest = call.path.first;
  call.widest = widest_due(state, call);
  rise(call, state.now);
  begin_hold(state, call);
  place(state, call);
  set_timers(state, call);
  begin_announcing(state, call);
  begin_keeping(state, call);
  state.seeking_calls.insert(call.arrival.call);
}

void stop_waiting(State& state, CallRecord& call) {
  if (!KAPOK_IS_PLANTED(stays_in_wait_sets)) unplace(state, call);
  drop_hold(state, call);
  cancel_timers(state, call);
  stop_announcing(state, call);
  note_better_place(state);
}

void place_anew(State& state, CallRecord& call, const std::function<void()>& change) {
  unplace(state, call);
  change();
  place(state, call);
  state.seeking_calls.insert(call.arrival.call);
}

void ring_opens(State& state, CallId id) { widen(state, state.call(id)); }

void class_ages(State& state, CallId id) { widen(state, state.call(id)); }

void open_past_emptied(State& state) {
  if (KAPOK_IS_PLANTED(emptied_ring_keeps_callers)) state.emptied_nodes.clear();
  state.emptied_nodes.drain([&](NodeIx node) {
    if (state.nodes[node].present > 0) return;
    std::vector<CallId> stuck;
    for (std::size_t c = 0; c < WaitSets::kClasses; ++c)
      for (const auto& [group, set] : state.waiting.at(node, static_cast<CallerClass>(c)))
        for (const WaitEntry& entry : set.all()) stuck.push_back(entry.key.call);
    state.work.calls_replaced += static_cast<std::int64_t>(stuck.size());
    for (CallId id : stuck)
      if (CallRecord& call = state.call(id); widest_due(state, call) != call.widest) widen(state, call);
  });
}

NodeIx widest_unit(const CallRecord& call) {
  NodeIx widest = kNoNode;
  each_open_node(call, [&](NodeIx node) { widest = node == kDutyNode ? widest : node; });
  return widest;
}

std::int32_t position_of(const State& state, const CallRecord& call) {
  if (call.state != CallState::kWaiting) return 0;
  const NodeIx widest = widest_unit(call);  // the duty phone's set holds only those who waited long
  return widest == kNoNode ? 1
                           : static_cast<std::int32_t>(state.waiting.before(widest, call.effective, call.key())) + 1;
}

void set_state(State& state, CallRecord& call, CallState to) {
  for (NodeIx node = call.owner; node != kNoNode; node = state.nodes[node].parent) {
    --counter_of(state.nodes[node].counts, call.state);
    ++counter_of(state.nodes[node].counts, to);
  }
  call.state = to;
  state.touched_calls.insert(call.arrival.call);
}

void list_call(State& state, CallRecord& call) {
  for (NodeIx node = call.owner; node != kNoNode; node = state.nodes[node].parent) {
    state.nodes[node].calls.insert(call.arrival.call);
    ++counter_of(state.nodes[node].counts, call.state);
  }
}

void unlist_call(State& state, CallRecord& call) {
  for (NodeIx node = call.owner; node != kNoNode; node = state.nodes[node].parent) {
    state.nodes[node].calls.erase(call.arrival.call);
    if (!KAPOK_IS_PLANTED(counter_not_undone)) --counter_of(state.nodes[node].counts, call.state);
  }
}

}  // namespace kapok::routing
