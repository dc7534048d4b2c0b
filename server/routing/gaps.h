#pragma once

#include "routing/state.h"

/// When a unit whose lines we answer has nobody on duty: a fact for the roster's owner and the report.
namespace kapok::routing {

/// Compares the gap of every touched unit with its counters and orders NoteGap or CloseGap.
void settle_gaps(State& state);

}  // namespace kapok::routing
