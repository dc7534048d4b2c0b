#include "routing/announcements.h"

#include <utility>

#include "core/planted_fault.h"
#include "routing/callbacks.h"
#include "routing/policy.h"
#include "routing/rings.h"

namespace kapok::routing {
namespace {

Instant next_announcement(const CallRecord& call, Instant now) {
  const std::int64_t every = Duration{kAnnounceEvery}.count();
  const std::int64_t told = (now - call.waits_since).count() / every;
  return call.waits_since + Duration{(told + 1) * every};
}

void set_timer(State& state, CallRecord& call) {
  call.announce_timer = next_announcement(call, state.now);
  state.timers.set({call.announce_timer, TimerKind::kAnnounce, call.arrival.call.value});
}

Duration estimate_for(const State& state, const CallRecord& call) {
  const NodeIx node = widest_unit(call);
  const bool crisis = call.effective == CallerClass::kCrisis && !KAPOK_IS_PLANTED(crisis_hears_estimates);
  if (node == kNoNode || crisis) return Duration{0};
  const Node& ring = state.nodes[node];
  const bool fresh = ring.last_served_at.is_set() && state.now - ring.last_served_at <= kEstimateFresh;
  return fresh && ring.last_wait >= kEstimateLeast ? ring.last_wait : Duration{0};
}

void announce(State& state, CallRecord& call) {
  const std::int32_t position = position_of(state, call);
  const bool better = call.told_position == 0 || position < call.told_position || KAPOK_IS_PLANTED(worse_places_told);
  const bool callback = may_be_called_back(call) && state.now - call.waits_since >= kCallbackOfferedAfter;
  if (!better && (!callback || call.callback_offered)) return;
  AnnounceWait said;
  said.call = call.arrival.call;
  said.may_offer_callback = callback;
  if (better) {
    said.position = call.told_position = position;
    said.estimate = estimate_for(state, call);
  }
  call.callback_offered = call.callback_offered || callback;
  state.order(said);
}

}  // namespace

void begin_announcing(State& state, CallRecord& call) {
  if (call.kept) return;
  set_timer(state, call);
  state.untold_calls.insert(call.arrival.call);
}

void stop_announcing(State& state, CallRecord& call) {
  if (!call.announce_timer.is_set()) return;
  state.timers.cancel({call.announce_timer, TimerKind::kAnnounce, call.arrival.call.value});
  call.announce_timer = {};
}

void announcement_due(State& state, CallId id) {
  set_timer(state, state.call(id));
  state.untold_calls.insert(id);
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
  for (const CallId id : std::exchange(state.untold_calls, {})) {
    const auto found = state.calls.find(id);
    if (found == state.calls.end()) continue;
    CallRecord& call = found->second;
    if (call.state == CallState::kWaiting && !call.kept) announce(state, call);
  }
}

}  // namespace kapok::routing
