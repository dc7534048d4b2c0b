#pragma once

#include <map>

#include "routing/state.h"

/// A waiting caller chooses to be rung back (保位回拨): he keeps class and place and may hang up; whoever accepts the
/// call is connected to the gateway's dialling first (decision 9). Until he is reached he is not on the line, so
/// nothing that happens to a line of his ends the call, and it does not count as answered.
///
///     waiting or offered ──CallbackAccepted──▶ the same, kept ──accept──▶ talking, kept (being dialled)
///         ──CallerReached──▶ talking, as any other        ──kNotReached──▶ ended as missed
///
/// kNotReached ends a kept call in any of these states. Two things do so by themselves, and each time the call was
/// missed and the shell makes the unit's open callback of it (decision 25), so that no promise is lost:
/// - It waits or rings until callback_kept_until() (policy.h): half an hour, at night 15 min. That holds for a line
/// whose
///   skill nobody has too. Whoever is being dialled then is not cut off; comes the call back to its place, it has
///   another minute.
/// - Its caller calls again (CallArrived::takes_over). A number has one place (decision 10: joins its own waiting
/// place),
///   and he who is on the line needs no dialling. He is a call of his own (decision 1), which takes over arrived_at,
///   arrival_seq, the class where it is the higher one, and whom not to ask; what rang or was dialled for the kept call
///   ends without blame, and whoever is free again is asked for the caller on the line.
///
/// A gateway lost while it dials sends the call back to its place.
///
/// Refused: kUnknownCall; kWrongState when it does not wait, is kept already, or is of class 0, for which somebody must
/// come to the line; kNumberNotUsable without a number to dial, which a text has not.
namespace kapok::routing {

void accept_callback(State& state, const CallbackAccepted& event);
void caller_reached(State& state, const CallerReached& event);

/// A call begins to wait, or waits again: if it is kept, not for ever.
void begin_keeping(State& state, CallRecord& call);
void stop_keeping(State& state, CallRecord& call);
void keeping_ends(State& state, CallId id);

/// Ends the kept callback whose place the arrival takes over, and makes the arrival inherit from it. What it was
/// excluded from; empty when there is nothing to take over.
std::map<WorkerId, Instant> take_over_place(State& state, CallArrived& arrival, CallerClass& base);

/// May this caller be offered a callback, whatever his wait?
[[nodiscard]] bool may_be_called_back(const CallRecord& call);

/// Takes what is said of the line of a kept callback. False = the call ends now, as any other would.
bool stays_without_caller(State& state, CallRecord& call, LeftCause cause);

}  // namespace kapok::routing
