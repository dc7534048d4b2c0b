#include "sim/policy_world.h"

#include <gtest/gtest.h>

namespace kapok::sim {
namespace {

PolicyRun day(Policy policy, double flood_per_hour = 0, std::uint64_t seed = 1, double lasts_h = 240) {
  PolicyWorld world;
  world.policy = policy;
  world.flood_per_hour = flood_per_hour;
  world.seed = seed;
  world.lasts_h = lasts_h;
  return run_policy_world(world);
}

TEST(PolicyWorld, SameSeedGivesTheSameRun) {
  const PolicyCounts once = day(Policy::kNormal, 0, 7, 24).others;
  const PolicyCounts again = day(Policy::kNormal, 0, 7, 24).others;
  EXPECT_GT(once.callers, 1'000);
  EXPECT_EQ(once.callers, again.callers);
  EXPECT_EQ(once.abandoned, again.abandoned);
  EXPECT_EQ(once.wait_mean_s, again.wait_mean_s);
}

TEST(PolicyWorld, AllPoliciesMeetTheSameCallers) {
  const std::int64_t callers = day(Policy::kNormal, 0, 3, 24).others.callers;
  for (const Policy policy : {Policy::kIsolated, Policy::kLocal, Policy::kOnePool})
    EXPECT_EQ(day(policy, 0, 3, 24).others.callers, callers);
}

TEST(PolicyWorld, RingsStandBetweenIsolatedStationsAndOnePool) {
  const PolicyCounts isolated = day(Policy::kIsolated, 0, 1, 96).others;
  const PolicyCounts pool = day(Policy::kOnePool, 0, 1, 96).others;
  for (const Policy policy : {Policy::kNormal, Policy::kLocal}) {
    const PolicyCounts rings = day(policy, 0, 1, 96).others;
    EXPECT_LT(rings.wait_mean_s, isolated.wait_mean_s / 2);
    EXPECT_GT(rings.wait_mean_s, pool.wait_mean_s - 0.1);
    EXPECT_LT(rings.abandoned, isolated.abandoned / 2);
    EXPECT_GT(rings.own_station, 0.8);
    EXPECT_GT(rings.district, 0.99);
  }
  EXPECT_LT(pool.own_station, 0.02);
}

TEST(PolicyWorld, AFloodWithinTheCitysMeansCostsOtherLinesAtMostAPoint) {
  const double base = day(Policy::kNormal).others.abandoned;
  const double flooded = day(Policy::kNormal, 200).others.abandoned;
  EXPECT_LE(flooded, base + 0.01);
}

}  // namespace
}  // namespace kapok::sim
