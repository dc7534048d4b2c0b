#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "routing/commands.h"

namespace kapok::routing {

/// One command as a line of text, for people who compare two answers. Ids only.
std::string command_text(const Command& command);

/// Digest of an answer: all its commands, every field, in order. Two answers that differ have different digests but
/// for one in 2^64; kept in the journal for each event.
std::uint64_t digest_of(const std::vector<Command>& commands);

}  // namespace kapok::routing
