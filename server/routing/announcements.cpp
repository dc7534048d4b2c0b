#include "routing/announcements.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/planted_fault.h"
#include "routing/callbacks.h"
#include "routing/policy.h"
#include "routing/rings.h"

namespace kapok::routing {
namespace {

/// The first instant of the grid at or after `at`. Instants lie after 1970.
Instant on_grid(Instant at) {
  const std::int64_t grid = Duration{kAnnounceGrid}.count();
  return Instant{(at.us + grid - 1) / grid * grid};
}

Instant next_on_grid(Instant now) { return on_grid(now + Duration{1}); }

Timer city_timer(Instant at) { return {at, TimerKind::kAnnounce}; }

Duration estimate_for(const State& state, const CallRecord& call) {
  const NodeIx node = widest_unit(call);
  const bool crisis = call.effective == CallerClass::kCrisis && !KAPOK_IS_PLANTED(crisis_hears_estimates);
  if (node == kNoNode || crisis) return Duration{0};
  const Node& ring = state.nodes[node];
  const bool fresh = ring.last_served_at.is_set() && state.now - ring.last_served_at <= kEstimateFresh;
  return fresh && ring.last_wait >= kEstimateLeast ? ring.last_wait : Duration{0};
}

/// True = something was said.
bool announce(State& state, CallRecord& call) {
  const std::int32_t position = position_of(state, call);
  const bool better = call.told_position == 0 || position < call.told_position || KAPOK_IS_PLANTED(worse_places_told);
  const bool callback = may_be_called_back(call) && state.now - call.waits_since >= kCallbackOfferedAfter;
  if (!better && (!callback || call.callback_offered)) return false;
  AnnounceWait said;
  said.call = call.arrival.call;
  said.may_offer_callback = callback;
  if (better) {
    said.position = call.told_position = position;
    said.estimate = estimate_for(state, call);
  }
  call.callback_offered = call.callback_offered || callback;
  state.order(said);
  return true;
}

void unlist(State& state, CallRecord& call) {
  state.announcing.hearing.erase(call.hearer());
  state.announcing.due.erase({call.moves_heard, call.arrival.call});
  state.announcing.offering.erase({callback_offer_due(call), call.arrival.call});
}

/// Whoever heard something, or was looked at before it was time, has his time begin anew.
void look_at(State& state, CallRecord& call) {
  unlist(state, call);
  const bool early = !call.hears_from.is_set() || call.hears_from > state.now;
  if (announce(state, call) || early) call.hears_from = on_grid(state.now + kAnnounceEvery);
  call.moves_heard = state.announcing.moves;
  state.announcing.hearing.insert(call.hearer());
  if (const Instant due = callback_offer_due(call); due.is_set())
    state.announcing.offering.insert({due, call.arrival.call});
}

/// Whose time has come stands among those who are due, from then until he is looked at.
void pass_on_due(State& state) {
  Announcing& of = state.announcing;
  while (!of.hearing.empty() && of.hearing.front().from <= state.now) {
    of.due.insert({of.hearing.front().moves, of.hearing.front().call});
    of.hearing.pop_front();
  }
}

void add_due(State& state) {
  pass_on_due(state);
  const Announcing& of = state.announcing;
  for (const auto& [moves, call] : of.due) {
    if (moves == of.moves) break;
    state.untold_calls.insert(call);
  }
  for (const auto& [due, call] : of.offering) {
    if (due > state.now) break;
    state.untold_calls.insert(call);
  }
}

/// Depends on no event that changed nothing: such a one is not in the journal. Of those who heard lately the one whose
/// time comes first was looked at first; when nothing moved since then, nothing did for anybody.
Instant next_look(const State& state) {
  const Announcing& of = state.announcing;
  Instant next{INT64_MAX};
  if (!of.offering.empty()) next = of.offering.front().first;
  if (!of.due.empty() && of.due.front().first != of.moves) next = std::min(next, next_on_grid(state.now));
  if (!of.hearing.empty() && of.hearing.front().moves != of.moves) next = std::min(next, of.hearing.front().from);
  return next == Instant{INT64_MAX} ? Instant{} : next;
}

void set_timer(State& state) {
  pass_on_due(state);
  const Instant next = next_look(state);
  if (next == state.announcing.timer) return;
  if (state.announcing.timer.is_set()) state.timers.cancel(city_timer(state.announcing.timer));
  state.announcing.timer = next;
  if (next.is_set()) state.timers.set(city_timer(next));
}

}  // namespace

Instant callback_offer_due(const CallRecord& call) {
  if (call.callback_offered || !may_be_called_back(call)) return {};
  return on_grid(call.waits_since + kCallbackOfferedAfter);
}

Instant looked_at_by(const State& state, const CallRecord& call) {
  return std::max(call.hears_from, next_on_grid(state.now));
}

void begin_announcing(State& state, CallRecord& call) {
  if (!call.kept) state.untold_calls.insert(call.arrival.call);
}

void stop_announcing(State& state, CallRecord& call) {
  unlist(state, call);
  call.hears_from = {};
}

void announcements_due(State& state) {
  state.announcing.timer = {};
  state.announcing.is_due = true;
}

void note_better_place(State& state) {
  if (!KAPOK_IS_PLANTED(better_places_untold)) ++state.announcing.moves;
}

void note_wait_served(State& state, const CallRecord& call) {
  if (call.effective == CallerClass::kCrisis) return;
  for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(call.widest); ++r) {
    const NodeIx node = call.path.at(static_cast<Ring>(r));
    if (node == kNoNode || node == kDutyNode) continue;
    state.nodes[node].last_wait = state.now - call.joined_at;
    state.nodes[node].last_served_at = state.now;
  }
}

void tell_waiting(State& state) {
  if (std::exchange(state.announcing.is_due, false)) add_due(state);
  state.untold_calls.drain([&](CallId id) {
    const auto found = state.calls.find(id);
    if (found == state.calls.end()) return;
    CallRecord& call = found->second;
    if (call.state == CallState::kWaiting && !call.kept) look_at(state, call);
  });
  set_timer(state);
}

}  // namespace kapok::routing
