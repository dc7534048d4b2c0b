#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Mistakes planted in the routing core (core/planted_fault.h) to see whether the simulator finds them (decision 36).
/// They exist in programs built with kapok_routing_faulty alone.
namespace kapok::sim {

struct PlantedBug {
  const char* name;       ///< the word in KAPOK_IS_PLANTED
  const char* what;       ///< in plain words
  const char* with = "";  ///< features it needs, on in every world of its hunt; the rest is left to the swarm
};

/// Every mistake that server/routing knows.
[[nodiscard]] std::span<const PlantedBug> planted_bugs();

struct Caught {
  std::string by;          ///< the broken invariant without ids, or the core's own check that ended the process
  std::uint64_t seed = 0;  ///< of the world in which it was
  std::int64_t worlds = 0;
  double cpu_s = 0;
};

/// Lives through small worlds of a swarm, seed after seed, with this mistake planted (no name = none), in a process of
/// its own. Nothing when no world showed it within so many seconds of processor time.
[[nodiscard]] std::optional<Caught> hunt(const PlantedBug& bug, std::uint64_t first_seed, double cpu_s_max);

}  // namespace kapok::sim
