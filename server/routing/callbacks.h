#pragma once

#include "routing/state.h"

/// A waiting caller chooses to be rung back (保位回拨): he keeps class and place and may hang up; whoever accepts the
/// call is connected to the gateway's dialling first (decision 9). Until he is reached he is not on the line, so
/// nothing that happens to a line of his ends the call, and it does not count as answered.
///
///     waiting or offered ──CallbackAccepted──▶ the same, kept ──accept──▶ talking, kept (being dialled)
///         ──CallerReached──▶ talking, as any other        ──kNotReached──▶ ended as missed
///
/// kNotReached ends a kept call in any of these states, so the shell may also turn one that waits too long, or whose
/// caller has called again, into an open callback. A gateway lost while it dials sends the call back to its place.
///
/// Refused: kUnknownCall; kWrongState when it does not wait, is kept already, or is of class 0, for which somebody must
/// come to the line; kNumberNotUsable without a number to dial, which a text has not.
namespace kapok::routing {

void accept_callback(State& state, const CallbackAccepted& event);
void caller_reached(State& state, const CallerReached& event);

/// May this caller be offered a callback, whatever his wait?
[[nodiscard]] bool may_be_called_back(const CallRecord& call);

/// Takes what is said of the line of a kept callback. False = the call ends now, as any other would.
bool stays_without_caller(State& state, CallRecord& call, LeftCause cause);

}  // namespace kapok::routing
