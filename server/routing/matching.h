#pragma once

#include <optional>

#include "routing/state.h"

/// The one place where a waiting caller meets a worker.
namespace kapok::routing {

struct Choice {
  WorkerId worker;
  Ring ring = Ring::kStation;
};

/// Caller side: the nearest open ring with an idle eligible worker; inside it the longest idle, ties by
/// worker id; at night awake desks before phones (routing.md §1.2).
[[nodiscard]] std::optional<Choice> choose_worker(State& state, const CallRecord& call);

/// Worker side: least (effective class, arrived_at − nearness bonus, arrival_seq) among those he may take.
[[nodiscard]] std::optional<CallId> choose_call(State& state, const WorkerRecord& worker);

/// Offers until neither a worker who became free nor a caller who began to seek finds anyone (I4).
void match(State& state);

/// Is the worker excluded for this caller, by a miss or a decline?
[[nodiscard]] bool is_excluded(const CallRecord& call, WorkerId worker);

}  // namespace kapok::routing
