#pragma once

#include <vector>

#include "routing/state.h"

/// What follows when a worker's endpoints rang in vain (routing.md §1.2 RONA; domain.md §0.1).
namespace kapok::routing {

/// A desk stays away until the worker acts; a phone rests for kPhonePause and counts against its stations:
/// three in a row mark them 无人接听.
void rest_endpoints(State& state, WorkerRecord& worker, const std::vector<EndpointId>& rang);
/// Who is asked next when these endpoints of the worker did not answer: the backup of the shift whose phone was among
/// them (domain.md §0.1), or nobody.
[[nodiscard]] WorkerId backup_of(const State& state, const WorkerRecord& worker, const std::vector<EndpointId>& rang);
/// Leaves his phones alone for kPhonePause, without counting a miss.
void pause_phone(State& state, WorkerRecord& worker);
void pause_ends(State& state, WorkerId id);

/// "Ready", or his shift is over: the phone may ring again at once.
void cancel_pause(State& state, WorkerRecord& worker);

/// Somebody of these stations answered: the count begins anew.
void forget_misses(State& state, const WorkerRecord& worker);

}  // namespace kapok::routing
