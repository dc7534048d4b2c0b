#pragma once

#include "routing/routing_core.h"
#include "routing/state.h"

namespace kapok::routing {

/// A test's way behind the contract: to plant faults, and to play the store at a restart.
class StateOfCore {
 public:
  static State& of(RoutingCore& core) { return *core.state_; }
};

/// What the store would hand back after a crash at this instant.
inline Restarted as_stored(RoutingCore& core, std::int64_t epoch) {
  const State& state = StateOfCore::of(core);
  Restarted event;
  event.epoch = epoch;
  event.last_offer = state.offer_ids.last();
  for (const auto& [id, worker] : state.workers) {
    RestoredWorker w;
    w.worker = id;
    for (const auto& [shift, record] : worker.shifts)
      w.shifts.push_back({shift, id, record.units, record.endpoints, record.backup});
    w.desk_ready = worker.desk_ready;
    w.desk_missed = worker.desk_missed;
    w.phone_away = worker.phone_away;
    w.idle_since = worker.idle_since;
    w.phone_paused_until = worker.phone_paused_until;
    w.after_call_until = worker.after_call_until;
    event.workers.push_back(w);
  }
  for (const auto& [id, call] : state.calls) {
    RestoredCall c;
    c.arrival = call.arrival;
    c.base = call.base;
    c.joined_at = call.joined_at;
    if (call.state == CallState::kTalking) c.talking_with = call.worker;
    c.talking_on = call.endpoint;
    c.answered_at = call.answered_at;
    c.legs = call.legs;
    c.offers_made = call.offers_made;
    if (call.rings_from != call.owner) c.rings_from = state.nodes[call.rings_from].id;
    c.kept_at = call.kept_at;
    c.waits_since = call.waits_since;
    c.taken_from = call.taken.from;
    c.taken_at = call.taken.at;
    for (const auto& [worker, until] : call.excluded)
      c.exclusions.push_back({worker, until == kForThisCall ? Instant{} : until});
    event.calls.push_back(c);
  }
  for (const Node& node : state.nodes)
    if (node.gap) event.gaps.push_back({node.id, node.gap->from, node.gap->kind});
  return event;
}

inline DirectoryChanged directory_of(RoutingCore& core) {
  const State& state = StateOfCore::of(core);
  DirectoryChanged d;
  for (const Node& node : state.nodes)
    if (node.id.is_set())
      d.units.push_back(
          {node.id, node.parent == kNoNode ? UnitId{} : state.nodes[node.parent].id, node.kind, node.rings});
  for (const auto& [id, line] : state.lines) {
    d.lines.push_back(line.info);
    if (!line.open) d.lines_closed.push_back(id);
  }
  for (const auto& [id, worker] : state.workers) d.workers.push_back(worker.info);
  return d;
}

/// A crash of a TinyCity and a new process; desks are not yet connected, phones ring.
template <class City>
void crash(City& c, Duration away = seconds{1}) {
  const DirectoryChanged directory = directory_of(c.core);
  const Restarted stored = as_stored(c.core, StateOfCore::of(c.core).epoch + 1);
  c.core = RoutingCore();
  c.now = c.now + away;
  c.apply(directory);
  c.apply(stored);
}

}  // namespace kapok::routing
