#include "routing/restart.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "routing/arrival.h"
#include "routing/duty.h"
#include "routing/fairness.h"
#include "routing/offers.h"
#include "routing/policy.h"
#include "routing/presence.h"
#include "routing/rings.h"
#include "routing/transfers.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

void set_worker_timer(State& state, Instant at, TimerKind kind, Instant& field, WorkerId id) {
  if (at <= state.now) return;
  field = at;
  state.timers.set({at, kind, id.value});
}

void restore_worker(State& state, const RestoredWorker& from) {
  for (const ShiftStarted& shift : from.shifts) {
    if (auto why = refusal_of_shift(state, shift))
      state.order(RefuseEvent{*why, shift.worker, {}, {}, shift.shift});
    else
      add_shift(state, state.worker(shift.worker), shift);
  }
  auto found = state.workers.find(from.worker);
  if (found == state.workers.end()) return;
  WorkerRecord& worker = found->second;
  worker.desk_ready = from.desk_ready;
  worker.desk_missed = from.desk_missed;
  worker.phone_away = from.phone_away;
  worker.idle_since = from.idle_since.is_set() ? from.idle_since : state.now;
  if (KAPOK_IS_PLANTED(restart_forgets_idle_since)) worker.idle_since = state.now;
  if (!worker.shifts.empty())
    set_worker_timer(state, from.phone_paused_until, TimerKind::kPhonePauseEnds, worker.phone_paused_until,
                     worker.info.id);
  set_worker_timer(state, from.after_call_until, TimerKind::kAfterCallEnds, worker.after_call_until, worker.info.id);
}

void restore_talk(State& state, CallRecord& call, const RestoredCall& from) {
  set_state(state, call, CallState::kTalking);
  call.worker = from.talking_with;
  call.endpoint = from.talking_on;
  call.taken = {from.taken_from, from.taken_at};
  WorkerRecord& worker = state.worker(from.talking_with);
  worker.talking.insert(call.arrival.call);
  worker.held_at_most = static_cast<std::int32_t>(worker.talking.size());
  auto endpoint = state.endpoints.find(from.talking_on);
  if (endpoint == state.endpoints.end() || endpoint->second.up) return;
  call.grace_timer = state.now + kRestartDeskGrace * state.options.time_factor;
  state.timers.set({call.grace_timer, TimerKind::kTalkGraceEnds, call.arrival.call.value});
}

/// Written down but not yet waiting: first everybody is in place, then callers look for workers.
bool restore_call(State& state, const RestoredCall& from) {
  const CallArrived& arrival = from.arrival;
  if (!arrival.call.is_set() || state.calls.contains(arrival.call) || !state.lines.contains(arrival.line)) {
    state.order(RefuseEvent{ErrorCode::kUnknownLine, {}, arrival.call, {}, {}});
    return false;
  }
  CallRecord& call = add_call(state, arrival, from.base, from.joined_at.is_set() ? from.joined_at : arrival.arrived_at);
  call.answered_at = from.answered_at;
  call.legs = from.legs;
  call.offers_made = from.offers_made;
  call.kept = from.kept_at.is_set();
  call.kept_at = from.kept_at;
  if (from.waits_since.is_set()) call.waits_since = from.waits_since;
  if (const auto unit = state.node_of.find(from.rings_from); unit != state.node_of.end())
    move_rings(state, call, unit->second);
  for (const RestoredExclusion& exclusion : from.exclusions) {
    const Instant until = exclusion.until.is_set() ? exclusion.until : kForThisCall;
    if (until > state.now && !KAPOK_IS_PLANTED(restart_forgets_exclusions))
      exclude(state, call, exclusion.worker, until);
  }
  if (state.workers.contains(from.talking_with) && !KAPOK_IS_PLANTED(restart_forgets_talks))
    restore_talk(state, call, from);
  return true;
}

}  // namespace

void restart(State& state, const Restarted& event) {
  KAPOK_CHECK(!state.started);
  state.started = true;
  state.epoch = event.epoch;
  state.offer_ids.continue_after(event.last_offer);
  for (const RestoredWorker& worker : event.workers) restore_worker(state, worker);
  for (const RestoredCall& call : event.calls) restore_call(state, call);
  for (auto& [id, worker] : state.workers) refresh(state, worker);
  for (auto& [id, call] : state.calls) {
    if (call.state == CallState::kWaiting)
      begin_waiting(state, call);
    else
      take_share(state, call,
                 nearest_ring(call.path, state.worker(call.worker).placed.nodes).value_or(Ring::kDutyPhone));
  }
  for (const RestoredGap& gap : event.gaps)
    if (auto unit = state.node_of.find(gap.unit); unit != state.node_of.end())
      state.nodes[unit->second].gap = Gap{gap.from, gap.kind};
  for (NodeIx ix = 0; ix < state.nodes.size(); ++ix) state.touched_nodes.insert(ix);
}

}  // namespace kapok::routing
