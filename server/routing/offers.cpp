#include "routing/offers.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "routing/announcements.h"
#include "routing/duty.h"
#include "routing/fairness.h"
#include "routing/matching.h"
#include "routing/misses.h"
#include "routing/policy.h"
#include "routing/presence.h"
#include "routing/rings.h"
#include "routing/transfers.h"

namespace kapok::routing {
namespace {

Duration lasts(const State& state, const CallRecord& call, const OfferRecord& offer) {
  const auto one = offer.reason == OfferReason::kSticky ? sticky_offer_lasts : offer_lasts;
  Duration longest{0};
  for (EndpointId id : offer.ringing)
    longest = std::max(longest, one(call.arrival.channel, call.base, state.endpoints.at(id).kind));
  return longest;
}

void check_free_for_each_other(const State& state, const CallRecord& call, const WorkerRecord& worker) {
  KAPOK_CHECK(!call.offer.is_set() && !call.second_offer.is_set());
  KAPOK_CHECK(!worker.shifts.empty());
  KAPOK_CHECK((state.group_masks[call.group] & ~worker.info.skills) == 0);
  KAPOK_CHECK(!is_excluded(call, worker.info.id));
}

void announce(State& state, const OfferRecord& offer, const CallRecord& call) {
  OfferCall order;
  order.offer = offer.id;
  order.epoch = state.epoch;
  order.call = offer.call;
  order.line = call.arrival.line;
  order.unit = call.unit;
  order.worker = offer.worker;
  order.endpoints = offer.ringing;
  order.ring = offer.ring;
  order.effective = call.effective;
  order.attempt = call.offers_made;
  order.made_at = state.now;
  order.ring_until = offer.until;
  order.reason = offer.reason;
  state.order(order);
}

void withdraw(State& state, const OfferRecord& offer, std::vector<EndpointId> endpoints, OfferEnd why) {
  if (endpoints.empty()) return;
  state.order(WithdrawOffer{offer.id, state.epoch, offer.call, offer.worker, std::move(endpoints), why});
}

/// The one way an offer dies: its endpoints fall silent, its end is saved, its worker is let go.
OfferRecord end_offer(State& state, OfferId id, OfferEnd how) {
  const auto live = state.offers.find(id);
  KAPOK_CHECK(live != state.offers.end());
  OfferRecord offer = std::move(live->second);
  state.offers.erase(live);
  state.timers.cancel({offer.until, TimerKind::kOfferEnds, id.value});
  if (how != OfferEnd::kAccepted) withdraw(state, offer, offer.ringing, how);
  state.order(RecordOfferEnded{id, offer.call, offer.worker, how, state.now});
  KAPOK_CHECK(state.worker(offer.worker).offers.erase(id));
  return offer;
}

void note_miss(State& state, const OfferRecord& offer) {
  state.order(NoteMiss{offer.id, offer.call, offer.worker, state.now});
  if (KAPOK_IS_PLANTED(miss_marked_twice)) state.order(NoteMiss{offer.id, offer.call, offer.worker, state.now});
}

/// Whoever did not take it: the caller waits again in the old place, or talks on with the first of a warm transfer; the
/// worker is free or not as he is.
void back_to_waiting(State& state, const OfferRecord& offer) {
  CallRecord& call = state.call(offer.call);
  if (is_beside_a_talk(call, offer.id))
    transfer_not_taken(state, call, offer);
  else
    begin_waiting(state, call);
  refresh(state, state.worker(offer.worker));
}

/// Rang out or could not be rung: the endpoints rest, and behind a phone stands the backup of its shift.
void not_reached(State& state, const OfferRecord& offer) {
  WorkerRecord& worker = state.worker(offer.worker);
  CallRecord& call = state.call(offer.call);
  if (!is_beside_a_talk(call, offer.id)) call.backup = backup_of(state, worker, offer.rang);
  rest_endpoints(state, worker, offer.rang);
  exclude(state, call, offer.worker, state.now + kExclusionAfterMiss);
  back_to_waiting(state, offer);
}

bool is_live(const State& state, OfferId id, std::int64_t epoch) {
  return (epoch == state.epoch || KAPOK_IS_PLANTED(older_start_accepted)) && state.offers.contains(id);
}

void end_declined(State& state, OfferId id) {
  const OfferRecord offer = end_offer(state, id, OfferEnd::kDeclined);
  WorkerRecord& worker = state.worker(offer.worker);
  std::erase_if(worker.declines, [&](Instant at) { return at + kDeclineWindow <= state.now; });
  worker.declines.push_back(state.now);
  if (worker.declines.size() >= (KAPOK_IS_PLANTED(first_decline_costs) ? 1U : 2U))
    worker.idle_since = state.now;  // decision 11
  if (!KAPOK_IS_PLANTED(decliner_asked_again)) exclude(state, state.call(offer.call), offer.worker, kForThisCall);
  back_to_waiting(state, offer);
}

ErrorCode refusal_of(const State& state, const OfferAccepted& event) {
  if (!is_live(state, event.offer, event.epoch)) return ErrorCode::kOfferGone;
  const OfferRecord& offer = state.offers.at(event.offer);
  if (offer.worker != event.worker && !KAPOK_IS_PLANTED(accepted_by_another)) return ErrorCode::kNotYours;
  const bool rings = KAPOK_IS_PLANTED(accepted_elsewhere) || std::ranges::count(offer.ringing, event.endpoint) > 0;
  return rings ? ErrorCode::kInternal : ErrorCode::kUnknownEndpoint;
}

/// Rings the worker; what he is to the call is settled by those who ask for it.
OfferId ring_worker(State& state, CallRecord& call, WorkerRecord& worker, Ring ring, OfferReason reason) {
  check_free_for_each_other(state, call, worker);
  OfferRecord offer;
  offer.id = state.offer_ids.next(state.now);
  offer.call = call.arrival.call;
  offer.worker = worker.info.id;
  offer.ring = ring;
  offer.reason = reason;
  offer.beyond_share = ring_beyond_share(state, call.lane(), call.effective, worker) != kNoNode;
  offer.ringing = offer.rang = ringable(state, worker);
  KAPOK_CHECK(!offer.ringing.empty());
  offer.kind = worker.placed.idle.value_or(IdleKind::kDesk);
  offer.effective = call.effective;
  offer.idle_since = worker.idle_since;
  offer.until = state.now + lasts(state, call, offer);
  offer.made_in_step = state.step;
  ++call.offers_made;
  worker.offers.insert(offer.id);
  worker.held_at_most = std::max(worker.held_at_most, capacity(state, worker));
  if (!KAPOK_IS_PLANTED(offer_without_end)) state.timers.set({offer.until, TimerKind::kOfferEnds, offer.id.value});
  announce(state, offer, call);
  const OfferId id = offer.id;
  state.offers.emplace(id, std::move(offer));
  refresh(state, worker);
  return id;
}

}  // namespace

void make_offer(State& state, CallRecord& call, WorkerRecord& worker, Ring ring, OfferReason reason) {
  KAPOK_CHECK(call.state == CallState::kWaiting);
  KAPOK_CHECK(worker.placed.idle.has_value() || reason == OfferReason::kReturned);
  const bool speakers_only = call.hold.kind == HoldKind::kLanguage;
  stop_waiting(state, call);
  set_state(state, call, CallState::kOffered);
  call.worker = worker.info.id;
  call.backup = {};
  call.offer = ring_worker(state, call, worker, ring, reason);
  state.offer(call.offer).speakers_only = speakers_only;
  take_share(state, call, ring);
}

OfferId make_offer_beside(State& state, CallRecord& call, WorkerRecord& worker, Ring ring) {
  KAPOK_CHECK(call.state == CallState::kTalking && call.worker != worker.info.id);
  KAPOK_CHECK(worker.placed.idle.has_value());
  return ring_worker(state, call, worker, ring, OfferReason::kTransfer);
}

void accept_offer(State& state, const OfferAccepted& event) {
  if (const ErrorCode why = refusal_of(state, event); why != ErrorCode::kInternal) {
    state.order(RefuseAccept{event.offer, event.worker, event.endpoint, why});
    return;
  }
  OfferRecord offer = end_offer(state, event.offer, OfferEnd::kAccepted);
  std::erase(offer.ringing, event.endpoint);
  if (!KAPOK_IS_PLANTED(other_endpoints_ring_on)) withdraw(state, offer, offer.ringing, OfferEnd::kAnsweredElsewhere);
  CallRecord& call = state.call(offer.call);
  WorkerRecord& worker = state.worker(offer.worker);
  const WorkerId relieved = relieve_first(state, call, offer);
  set_state(state, call, CallState::kTalking);
  call.offer = {};
  call.worker = worker.info.id;
  call.endpoint = event.endpoint;
  const bool on_line = !call.kept || KAPOK_IS_PLANTED(dialling_counts_as_answered);
  if (on_line && (!call.answered_at.is_set() || KAPOK_IS_PLANTED(second_answer_counts))) {
    note_wait_served(state, call);
    call.answered_at = state.now;
  }
  end_after_call(state, worker);  // of a talk he passed on, which has come back
  worker.talking.insert(call.arrival.call);
  ++call.legs;
  state.order(ConnectCall{call.arrival.call, offer.id, worker.info.id, event.endpoint, call.legs, state.now, call.kept,
                          relieved});
  forget_misses(state, worker);
  refresh(state, worker);
}

void decline_offer(State& state, const OfferDeclined& event) {
  if (!is_live(state, event.offer, event.epoch)) {
    state.order(RefuseEvent{ErrorCode::kOfferGone, event.worker, {}, event.offer, {}});
    return;
  }
  if (state.offer(event.offer).worker != event.worker) {
    state.order(RefuseEvent{ErrorCode::kNotYours, event.worker, {}, event.offer, {}});
    return;
  }
  end_declined(state, event.offer);
}

void turn_down(State& state, OfferId id) { end_declined(state, id); }

void fail_endpoint(State& state, const OfferFailed& event) {
  if (!is_live(state, event.offer, event.epoch)) return;  // the gateway heard the withdrawal too late
  OfferRecord& live = state.offer(event.offer);
  if (std::erase(live.ringing, event.endpoint) == 0 || !live.ringing.empty()) return;
  const OfferEnd how = event.why == OfferFailure::kBusy ? OfferEnd::kBusy : OfferEnd::kUnreachable;
  const OfferRecord offer = end_offer(state, event.offer, how);
  not_reached(state, offer);
}

void offer_rang_out(State& state, OfferId id) {
  const OfferRecord offer = end_offer(state, id, OfferEnd::kMissed);
  note_miss(state, offer);
  not_reached(state, offer);
}

void stop_ringing(State& state, OfferId id, EndpointId endpoint) {
  OfferRecord& live = state.offer(id);
  if (std::ranges::count(live.ringing, endpoint) == 0) return;
  if (live.ringing.size() > 1) {
    std::erase(live.ringing, endpoint);
    withdraw(state, live, {endpoint}, OfferEnd::kDeviceLost);
    return;
  }
  const OfferRecord offer = end_offer(state, id, OfferEnd::kDeviceLost);
  if (KAPOK_IS_PLANTED(lost_device_blamed)) note_miss(state, offer);
  back_to_waiting(state, offer);
}

void take_back(State& state, OfferId id, OfferEnd why) {
  if (KAPOK_IS_PLANTED(rings_for_nobody)) return;
  const OfferRecord offer = end_offer(state, id, why);
  refresh(state, state.worker(offer.worker));
}

void exclude(State& state, CallRecord& call, WorkerId worker, Instant until) {
  Instant& held = call.excluded[worker];
  if (until <= held) return;
  const std::int64_t id = call.arrival.call.value;
  if (held.is_set()) state.timers.cancel({held, TimerKind::kExclusionEnds, id, worker.value});
  held = until;
  if (until != kForThisCall && !KAPOK_IS_PLANTED(exclusion_without_end))
    state.timers.set({until, TimerKind::kExclusionEnds, id, worker.value});
}

void exclusion_ends(State& state, CallId id, WorkerId worker) {
  CallRecord& call = state.call(id);
  call.excluded.erase(worker);
  if (call.state == CallState::kWaiting) state.seeking_calls.insert(id);
}

}  // namespace kapok::routing
