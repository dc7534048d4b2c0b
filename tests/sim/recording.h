#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "routing/routing_core.h"

/// All that one core was told, from its directory and Restarted on: enough to live through it again without the
/// world around it.
namespace kapok::sim {

struct Told {
  Instant at;
  routing::Event event;
};

struct Recording {
  routing::CityOptions options;
  std::vector<Told> told;
};

/// An invariant of the world's own, asked after each event; nothing = kept.
using WorldRule =
    std::function<std::optional<std::string>(const routing::RoutingCore&, const std::vector<routing::Command>&)>;

/// What came of living through a recording again.
struct Relived {
  std::optional<std::string> broken;  ///< the first invariant broken, in words
  std::size_t events = 0;             ///< told until then
  std::uint64_t state_hash = 0;
  std::uint64_t commands_digest = 0;  ///< of all answers in order
};

/// Every invariant after every event. `each` sees each event with its answer, for printing.
using Watcher = std::function<void(const Told&, const std::vector<routing::Command>&)>;
Relived relive(const Recording& recording, const WorldRule& rule = {}, const Watcher& each = {});
/// Only the answers and the last state, without checks: what the journal's replay is compared by.
Relived repeat(const Recording& recording);

/// Lines: comments from `#`, one with the core's options, then `instant event` each (routing/event_text.h).
std::string recording_text(const Recording& recording, std::string_view comment);
/// kInvalidArgument names the line.
Result<Recording> parse_recording(std::string_view text);

/// The stable part of a broken invariant's sentence: without the ids, so that a shrunk list counts as the same fault.
[[nodiscard]] std::string fault_kind(std::string_view broken);

}  // namespace kapok::sim
