#pragma once

#include <optional>

#include "routing/state.h"

/// Units, lines and workers as they are, and what follows for those waiting when they change (decision 15).
namespace kapok::routing {

void change_directory(State& state, const DirectoryChanged& event);

/// Why this change cannot stand, or nothing: unknown parent or owner, a circle, an endpoint twice.
[[nodiscard]] std::optional<ErrorCode> refusal_of_directory(const State& state, const DirectoryChanged& event);

}  // namespace kapok::routing
