#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/unit.h"
#include "routing/block_set.h"
#include "routing/views.h"
#include "routing/words.h"

namespace kapok::routing {

/// Place of a unit in State::nodes. Stable: units are never removed.
using NodeIx = std::size_t;
inline constexpr NodeIx kNoNode = static_cast<NodeIx>(-1);
/// A node that is no unit: those who answer the duty phone stand here, and R4 leads here.
inline constexpr NodeIx kDutyNode = 0;

/// Skill group: one per distinct set of skills that some line requires; 0 requires nothing.
using GroupIx = std::size_t;
/// Of supervisors, whom no line but a transfer asks for.
inline constexpr GroupIx kSupervisorGroup = 1;

struct Gap {
  Instant from;
  GapKind kind = GapKind::kNobodyOnShift;
};

/// How many of those present speak each language.
struct Speakers {
  std::array<std::int32_t, 64> of{};

  /// Languages of which nobody is left.
  std::uint64_t count(std::uint64_t languages, std::int32_t sign) {
    std::uint64_t none = 0;
    for (std::uint64_t rest = languages; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(rest));
      if ((of[bit] += sign) == 0) none |= std::uint64_t{1} << bit;
    }
    return none;
  }
  /// Any of these.
  [[nodiscard]] bool speaks(std::uint64_t languages) const {
    for (std::uint64_t rest = languages; rest != 0; rest &= rest - 1)
      if (of[static_cast<std::size_t>(std::countr_zero(rest))] > 0) return true;
    return false;
  }
  friend bool operator==(const Speakers&, const Speakers&) = default;
};

struct Node {
  UnitId id;
  NodeIx parent = kNoNode;
  UnitKind kind = UnitKind::kStation;
  RingPreset rings = RingPreset::kNormal;
  std::int32_t answered_lines = 0;  ///< lines that start their rings here; a unit without any has no gaps
  NodeCounters counts;
  /// On duty and not paused, busy ones included: 0 lets callers pass to the next ring at once.
  std::int32_t present = 0;
  Speakers speakers;              ///< among those present
  std::int32_t phone_misses = 0;  ///< in a row
  bool unanswered = false;
  Duration last_wait{0};  ///< of the last caller who entered service here, and when he did; for estimates
  Instant last_served_at;
  std::optional<Gap> gap;
  BlockSet<CallId> calls;      ///< open, of lines at or below
  BlockSet<WorkerId> workers;  ///< holding or finishing a shift at or below
};

/// The nodes a caller's rings lead to. A level the tree lacks is kNoNode and adds nobody.
struct RingPath {
  std::array<NodeIx, kRingCount> nodes{kNoNode, kNoNode, kNoNode, kNoNode, kDutyNode};
  Ring first = Ring::kCity;

  [[nodiscard]] NodeIx at(Ring ring) const { return nodes[static_cast<std::size_t>(ring)]; }
  friend bool operator==(const RingPath&, const RingPath&) = default;
};

constexpr Ring next_ring(Ring ring) { return static_cast<Ring>(static_cast<int>(ring) + 1); }

}  // namespace kapok::routing
