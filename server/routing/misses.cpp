#include "routing/misses.h"

#include <algorithm>
#include <set>

#include "core/planted_fault.h"
#include "routing/policy.h"
#include "routing/presence.h"

namespace kapok::routing {
namespace {

std::set<NodeIx> covered(const State& state, const WorkerRecord& worker) {
  std::set<NodeIx> out;
  for (const auto& [id, shift] : worker.shifts)
    for (UnitId unit : shift.units) out.insert(state.node_of.at(unit));
  return out;
}

void count_phone_miss(State& state, const WorkerRecord& worker) {
  for (NodeIx ix : covered(state, worker)) {
    Node& node = state.nodes[ix];
    if (++node.phone_misses != kMissesUntilUnanswered) continue;
    node.unanswered = true;
    state.order(MarkStationUnanswered{node.id, state.now, node.phone_misses});
  }
}

}  // namespace

void rest_endpoints(State& state, WorkerRecord& worker, const std::vector<EndpointId>& rang) {
  bool desk = false;
  bool phone = false;
  for (EndpointId id : rang) {
    auto endpoint = state.endpoints.find(id);  // the directory may have dropped it meanwhile
    if (endpoint == state.endpoints.end()) continue;
    (endpoint->second.kind == EndpointKind::kDesk ? desk : phone) = true;
  }
  if (worker.shifts.empty()) return;  // off duty by now: nothing to keep him from
  if (desk && !KAPOK_IS_PLANTED(missed_desk_rings_on)) {
    worker.desk_ready = false;
    worker.desk_missed = true;
  }
  if (!phone) return;
  pause_phone(state, worker);
  count_phone_miss(state, worker);
}

WorkerId backup_of(const State& state, const WorkerRecord& worker, const std::vector<EndpointId>& rang) {
  const auto rang_as_phone = [&](EndpointId id) {
    const auto endpoint = state.endpoints.find(id);
    return endpoint != state.endpoints.end() && endpoint->second.kind != EndpointKind::kDesk &&
           std::ranges::count(rang, id) > 0;
  };
  for (const auto& [id, shift] : worker.shifts)
    if (shift.backup.is_set() && std::ranges::any_of(shift.endpoints, rang_as_phone)) return shift.backup;
  return {};
}

void pause_phone(State& state, WorkerRecord& worker) {
  if (worker.shifts.empty()) return;
  cancel_pause(state, worker);
  worker.phone_paused_until = state.now + (KAPOK_IS_PLANTED(missed_phone_rests_half) ? kPhonePause / 2 : kPhonePause);
  if (KAPOK_IS_PLANTED(pause_without_end)) return;
  state.timers.set({worker.phone_paused_until, TimerKind::kPhonePauseEnds, worker.info.id.value});
}

void pause_ends(State& state, WorkerId id) {
  WorkerRecord& worker = state.worker(id);
  worker.phone_paused_until = {};
  refresh(state, worker);
}

void cancel_pause(State& state, WorkerRecord& worker) {
  if (!worker.phone_paused_until.is_set()) return;
  state.timers.cancel({worker.phone_paused_until, TimerKind::kPhonePauseEnds, worker.info.id.value});
  worker.phone_paused_until = {};
}

void forget_misses(State& state, const WorkerRecord& worker) {
  for (NodeIx ix : covered(state, worker)) {
    Node& node = state.nodes[ix];
    node.phone_misses = 0;
    if (!node.unanswered) continue;
    node.unanswered = false;
    state.order(ClearStationUnanswered{node.id, state.now});
  }
}

}  // namespace kapok::routing
