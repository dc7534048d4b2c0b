#pragma once

#include <cstdint>
#include <vector>

#include "sim/erlang.h"

/// The production routing core in a world so plain that queueing theory knows the answer: Poisson callers, exponential
/// talks and patience, desk workers who accept in the instant of the offer and need no time after the call. Rings,
/// offers and ageing are the production policy's own and run as they do anywhere.
namespace kapok::sim {

/// How the stations of a plain world stand to each other.
enum class PlainShape {
  kIsolated,     ///< each line needs a skill that only its own station has: product of single oracles
  kNormalRings,  ///< the default preset
  kLocalRings,   ///< the preset of stations that keep their callers a little longer
  kOnePool,      ///< all workers and lines stand at the city: one oracle with all of them
};

struct PlainWorld {
  std::vector<QueueModel> stations;  ///< 1–64, two districts in two regions
  PlainShape shape = PlainShape::kIsolated;
  std::int64_t callers = 10'000;  ///< counted, over all stations, after the warm-up
  std::uint64_t seed = 1;
};

/// What the counted callers of one station met with.
struct PlainCounts {
  std::int64_t callers = 0;
  std::int64_t waited = 0;
  std::int64_t abandoned = 0;
  std::int64_t answered_20s = 0;
  std::int64_t answered_60s = 0;
  double wait_s = 0;  ///< summed over all

  void add(const PlainCounts& other);
};

struct PlainRun {
  std::vector<PlainCounts> stations;
  std::int64_t events = 0;  ///< told to the core

  [[nodiscard]] PlainCounts together() const;
};

/// Runs one world. The same seed gives each caller the same arrival, talk and patience in every shape, so that shapes
/// are compared on the same callers. The first callers, as many as an empty start is remembered (20 relaxation times
/// of the slowest station), are served but not counted.
[[nodiscard]] PlainRun run_plain_world(const PlainWorld& world);

}  // namespace kapok::sim
