#pragma once

#include "routing/state.h"

/// What a waiting caller hears of his wait (routing.md §1.2 Announcements; decision 13).
///
/// He is told when he begins to wait and then every kAnnounceEvery of waiting, each time only if there is something
/// new: his position got better (never a worse one), or from kCallbackOfferedAfter on that he may be rung back. A
/// position is exact at the instant it is told; telling everybody at each move would cost a flood of 1,000 callers
/// 1,000 searches for each one served, and nobody can listen that often. So the work is O(log n) per caller and
/// interval.
///
/// With a position goes how long the last caller served there had waited: of the widest ring open to this one, never an
/// average, never of class 0 (served before everybody, it says nothing about the others), nothing below kEstimateLeast
/// or older than kEstimateFresh, and nothing for class 0. A kept callback hears nothing. A restart forgets what was
/// told.
namespace kapok::routing {

/// The call begins to wait, or waits again.
void begin_announcing(State& state, CallRecord& call);
void stop_announcing(State& state, CallRecord& call);
void announcement_due(State& state, CallId id);

/// A worker took this caller for the first time: his wait is what the next ones hear.
void note_wait_served(State& state, const CallRecord& call);

/// Orders what is to be told after this apply().
void tell_waiting(State& state);

}  // namespace kapok::routing
