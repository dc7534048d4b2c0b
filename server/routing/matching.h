#pragma once

#include <optional>

#include "routing/state.h"

/// The one place where a waiting caller meets a worker.
namespace kapok::routing {

struct Choice {
  WorkerId worker;
  Ring ring = Ring::kStation;
  OfferReason reason = OfferReason::kRing;
};

/// Caller side: the last worker of one who is held for him, the backup of a phone just missed; else the nearest open
/// ring with an idle eligible worker; inside it the longest idle, ties by worker id, speakers of the caller's language
/// before others; at night awake desks before phones (routing.md §1.2).
[[nodiscard]] std::optional<Choice> choose_worker(State& state, const CallRecord& call);

/// Worker side: least (effective class, arrived_at − nearness bonus, arrival_seq) among those he may take, lines beyond
/// their share after the others of their ring and class (fairness.h). Who is held for him goes first in his class.
[[nodiscard]] std::optional<CallId> choose_call(State& state, const WorkerRecord& worker);

/// Offers until neither a worker who became free nor a caller who began to seek finds anyone (I4).
void match(State& state);

/// Idle, with the skills, and not excluded for this caller; whatever his ring.
[[nodiscard]] bool is_free_for(const State& state, const CallRecord& call, const WorkerRecord& worker);

[[nodiscard]] bool has_skills(const State& state, const CallRecord& call, const WorkerRecord& worker);

/// Is the worker excluded for this caller, by a miss or a decline?
[[nodiscard]] bool is_excluded(const CallRecord& call, WorkerId worker);

}  // namespace kapok::routing
