#pragma once

#include "routing/state.h"

/// What a waiting caller hears of his wait (routing.md §1.2 Announcements; decision 13).
///
/// He is told when he begins to wait and then again when there is something new, at most every kAnnounceEvery: his
/// position got better (never a worse one), or from kCallbackOfferedAfter on that he may be rung back. A position is
/// exact at the instant it is told; telling everybody at each move would cost a flood of 1,000 callers 1,000 searches
/// for each one served, and nobody can listen that often.
///
/// All that is due in a city is told together, by one timer on a grid of kAnnounceGrid, and the timer runs only while
/// somebody may have something new to hear: since he was last looked at a caller left his place or rose in class
/// (Announcing::moves), or a callback is due to be offered. So the events of the journal go by time and by what moves,
/// not by how many wait; a queue in which nothing moves makes none. Each caller costs O(log n) per look.
///
/// With a position goes how long the last caller served there had waited: of the widest ring open to this one, never an
/// average, never of class 0 (served before everybody, it says nothing about the others), nothing below kEstimateLeast
/// or older than kEstimateFresh, and nothing for class 0. A kept callback hears nothing. A restart forgets what was
/// told.
namespace kapok::routing {

/// The call begins to wait, or waits again.
void begin_announcing(State& state, CallRecord& call);
void stop_announcing(State& state, CallRecord& call);
/// The city's timer: whoever is due hears at the end of this apply().
void announcements_due(State& state);
/// Somebody gave up his place or got a better one, so others may have something new to hear.
void note_better_place(State& state);

/// A worker took this caller for the first time: his wait is what the next ones hear.
void note_wait_served(State& state, const CallRecord& call);

/// Orders what is to be told after this apply(), and sets the timer for what may come.
void tell_waiting(State& state);

/// Until when at the latest this caller is looked at, if he has something new to hear.
[[nodiscard]] Instant looked_at_by(const State& state, const CallRecord& call);
/// When he is to hear that he may be rung back; unset = never, or he was told.
[[nodiscard]] Instant callback_offer_due(const CallRecord& call);

}  // namespace kapok::routing
