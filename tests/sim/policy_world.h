#pragma once

#include <cstdint>

#include "core/endpoint.h"

/// A city of Guangzhou's shape under one policy, for the table in tests/README.md: what callers meet with when rings,
/// a pool or walls stand between the stations. Everything is assumed and printed beside the figures: Poisson callers
/// (log-normal station shares), exponential talks and patience, workers who answer after some seconds and now and then
/// not at all, five minutes for the record. The production core decides; it is not checked here.
namespace kapok::sim {

enum class Policy {
  kIsolated,  ///< each station alone: a core of its own
  kNormal,    ///< the default preset
  kLocal,     ///< the preset of units that keep their callers a little longer, everywhere
  kOnePool,   ///< all lines and shifts stand at the city
};

struct PolicyWorld {
  Policy policy = Policy::kNormal;
  EndpointKind endpoint = EndpointKind::kDesk;
  std::int32_t workers_per_station = 1;
  double erlangs_per_station = 0.08;
  double flood_per_hour = 0;  ///< further callers, all on one line
  double lasts_h = 24;        ///< after an hour that is not counted
  std::uint64_t seed = 1;
};

/// What one group of callers met with.
struct PolicyCounts {
  std::int64_t callers = 0;
  double abandoned = 0;    ///< share of callers
  double wait_mean_s = 0;  ///< of those answered
  double wait_p99_s = 0;
  double own_station = 0;  ///< share of those answered
  double district = 0;     ///< own station included
};

struct PolicyRun {
  PolicyCounts others;   ///< all but the flooded line
  PolicyCounts flooded;  ///< that line; no callers without a flood
};

inline constexpr double kPolicyTalkMeanS = 600;  ///< with the 300 s of the record: 900 s for each caller
inline constexpr double kPolicyPatienceMeanS = 300;

/// The same seed gives each caller the same arrival, talk and patience under every policy.
[[nodiscard]] PolicyRun run_policy_world(const PolicyWorld& world);

}  // namespace kapok::sim
