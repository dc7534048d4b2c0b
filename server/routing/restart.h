#pragma once

#include "routing/state.h"

namespace kapok::routing {

/// Rebuilds duty and open calls as they were: waiting and offered callers wait again in their old places,
/// talks stay with their workers, and offers are made anew (reliability.md R3). What cannot stand any more
/// (a shift whose unit is gone) is refused one by one; a call is never dropped.
void restart(State& state, const Restarted& event);

}  // namespace kapok::routing
