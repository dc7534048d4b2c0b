#pragma once

#include "routing/state.h"

/// A caller who waits for somebody in particular for a moment. While it lasts he is offered to nobody else, keeps his
/// place, and his rings go on opening. Class 0 is never held. It ends by its timer, by an offer, or as soon as what it
/// waits for cannot come any more; then the normal path goes on.
///
/// - For his last worker (续接, routing.md §1.2): on the first wait of a call, when that worker is idle (an offer at
/// once,
///   whatever the ring and the class) or in after-call with at most kStickyHold left.
/// - For a worker who speaks his language (domain.md §0.9): kLanguageHold from arrival, only while somebody present in
/// a
///   ring of his path speaks it.
namespace kapok::routing {

/// May this worker be asked, as far as holds go?
[[nodiscard]] bool may_be_asked(const CallRecord& call, const WorkerRecord& worker);

/// Decides whether a caller who begins to wait is held, before he stands in any set.
void begin_hold(State& state, CallRecord& call);
/// Forgets the hold of a caller who stands in no set.
void drop_hold(State& state, CallRecord& call);
/// The timer, or the reason is gone. After his last worker he may still wait for his language.
void hold_ends(State& state, CallId call);

/// Ends the holds whose reason went away in this step.
void recheck_holds(State& state);

/// Keeps the lists of held callers equal to the wait sets; for rings.cpp alone.
void list_hold(State& state, const CallRecord& call);
void unlist_hold(State& state, const CallRecord& call);

/// Would it stand if it were decided now? For recheck_holds() and check_all().
[[nodiscard]] bool hold_stands(const State& state, const CallRecord& call);

}  // namespace kapok::routing
