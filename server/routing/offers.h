#pragma once

#include "routing/state.h"

/// The life of an offer: made → accepted | declined | rang out | failed | withdrawn. Accept, timeout and
/// hang-up are taken one after the other, so exactly one of them finds the offer alive (I10); due timers
/// fire before an event is looked at, so an accept at the very deadline is late.
namespace kapok::routing {

/// Takes the caller out of the wait sets and rings every ringable endpoint of the worker. Both must be free
/// for each other; anything else is our mistake (I1–I3). Only a call that comes back to whoever passed it on may
/// interrupt after-call.
void make_offer(State& state, CallRecord& call, WorkerRecord& worker, Ring ring,
                OfferReason reason = OfferReason::kRing);
/// Rings a second worker beside a talk (a warm transfer): the call talks on. The caller keeps the id.
[[nodiscard]] OfferId make_offer_beside(State& state, CallRecord& call, WorkerRecord& worker, Ring ring);

void accept_offer(State& state, const OfferAccepted& event);
void decline_offer(State& state, const OfferDeclined& event);
void fail_endpoint(State& state, const OfferFailed& event);
void offer_rang_out(State& state, OfferId id);

/// The worker said "away" with this offer before him: as a decline.
void turn_down(State& state, OfferId id);
/// An endpoint that rang is gone: the offer goes on without it, or is withdrawn without blame.
void stop_ringing(State& state, OfferId id, EndpointId endpoint);
/// The caller left, or a warm transfer is over: the offer ends and nothing follows for the call.
void take_back(State& state, OfferId id, OfferEnd why);

/// No offer of this caller to this worker until then (kForThisCall = never again).
void exclude(State& state, CallRecord& call, WorkerId worker, Instant until);
void exclusion_ends(State& state, CallId call, WorkerId worker);

}  // namespace kapok::routing
