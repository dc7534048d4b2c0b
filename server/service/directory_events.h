#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "casework/contact_values.h"
#include "casework/shift.h"
#include "routing/events.h"
#include "service/directory.h"

namespace kapok::service {

/// The whole directory as routing is told it first. Recorded-only lines are left out: they bring no calls.
routing::DirectoryChanged whole_directory(const Directory& directory);

/// What differs: added or changed units, lines and workers, and lines that are no longer there. A unit whose preset in
/// force changed differs, though the preset be set far above it.
routing::DirectoryChanged directory_difference(const Directory& before, const Directory& after);

/// A shift as routing is told it began: a desk shift serves on the worker's desks; a phone shift on its phone
/// (all his phones when it names none) and his desks, should he sit down at one; a duty phone on itself.
routing::ShiftStarted shift_started(const Directory& directory, const casework::Shift& shift);

/// A language as routing knows it: one bit; none for a language not recorded or not in the list.
std::uint64_t language_bit(casework::Language language);
/// What a worker speaks, by the names of people.csv; somebody of whom nothing is recorded speaks Putonghua.
std::uint64_t language_bits(const std::vector<std::string>& languages);

/// Callers ring people with the role worker only (deploy/guangzhou/README.md): a supervisor on call has a shift and
/// checks in to it, but no caller hears his phone.
bool takes_calls(const Directory& directory, WorkerId worker);

/// Where a worker's clients ring; unset when he has no desk.
EndpointId desk_endpoint(const Directory& directory, WorkerId worker);

}  // namespace kapok::service
