#pragma once

#include <cstdint>
#include <string>

#include "load/arrival_process.h"
#include "sim/features.h"
#include "sim/habits.h"
#include "sim/recording.h"

namespace kapok::sim {

/// All that a world is made of; the same plan gives the same world, event by event.
struct WorldPlan {
  std::uint64_t seed = 1;
  bool city = false;  ///< like Guangzhou, else a small world (city_shape.h)
  Features features;
  double calls_per_day = 1400;  ///< mean over a week, without surges and floods
  load::HourWeights weights;    ///< of the hours of a week
  Habits habits;
  Duration lasts = hours{24};
  std::int64_t events_max = INT64_MAX;  ///< ends earlier when so many were told
  double trouble_every_h = 6;           ///< mean time between crashes; other faults in proportion
  double device_lost_every_h = 24;      ///< of each worker on duty
  double break_every_h = 4;             ///< of each worker at a desk
  std::int64_t check_every = 1000;
  std::int64_t repeat_every = 50;
  WorldRule rule;  ///< a further invariant, for tests
};

/// A city of 176 stations with one worker on duty each and 0.08 Erlang per station, checked every 1,000th event.
WorldPlan city_plan(std::uint64_t seed, Features features);

/// A few stations between idle and twenty times too many callers, trouble every few minutes, checked after every event;
/// swarm features.
WorldPlan small_plan(std::uint64_t seed);

}  // namespace kapok::sim
