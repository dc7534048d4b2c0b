#pragma once

#include "routing/state.h"

/// A talk is passed on (转接): to a worker, a unit or a supervisor. Class and place survive it (decision 9).
///
/// Cold: the first is let go into after-call and the call waits in its old place, its rings starting at the unit asked
/// for (a named worker's home), never again for the first. A named worker who is free is offered it before anybody
/// else, and so is a supervisor; a busy one is not waited for.
/// Warm: the first talks on while one second is offered beside him. Accepted, the second talks and the first is let go;
/// in every other case the first still talks and is told. The caller never waits in between.
/// A second who fails soon after he took over gives the call back to the first, also out of after-call.
///
/// Refused, and nothing changes: kUnknownCall, kNotYours; kWrongState when the call does not talk, its caller is only
/// being dialled, or a warm transfer is under way; kInvalidArgument without exactly one target, or when it is the first
/// himself; kUnknownWorker, kUnknownUnit; kNotOnDuty for a named worker who is not; kBusy for one who is asked warm and
/// cannot take a call now; kNobodyFree when nobody else could be offered the call: warm in a unit, a supervisor, or a
/// worker without the skill or excluded from this call.
namespace kapok::routing {

void ask_transfer(State& state, const TransferAsked& event);
void cancel_transfer(State& state, const TransferCancelled& event);

/// Is this offer the warm one beside a talk?
[[nodiscard]] bool is_beside_a_talk(const CallRecord& call, OfferId offer);
/// The second accepted: lets the first go. Nobody and nothing when the offer is none of a warm transfer.
WorkerId relieve_first(State& state, CallRecord& call, const OfferRecord& offer);
/// The second did not take it; the offer has ended already.
void transfer_not_taken(State& state, CallRecord& call, const OfferRecord& offer);
/// The first does not talk any more, so nothing is left to pass on. Nothing when no warm transfer is under way.
void end_transfer(State& state, CallRecord& call, TransferEnd how);

/// The talk taken over failed at `lost_at` and the call waits again: offers it back to whoever passed it on, if that
/// was within kTransferReturns and he can be rung.
void return_to_first(State& state, CallRecord& call, const TakenOver& taken, Instant lost_at);

/// The call's rings start here from now on.
void move_rings(State& state, CallRecord& call, NodeIx from);

}  // namespace kapok::routing
