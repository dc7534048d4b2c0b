#include "sim/world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "sim/shrink.h"

namespace kapok::sim {
namespace {

/// KAPOK_SIM_WORLDS makes a longer run (tests/nightly).
std::uint64_t worlds() {
  const char* asked = std::getenv("KAPOK_SIM_WORLDS");
  return asked == nullptr ? 16 : std::strtoull(asked, nullptr, 10);
}

class SmallWorlds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SmallWorlds, KeepEveryInvariantUnderASwarmOfFaultsAndDrain) {
  World world(small_plan(GetParam()));
  world.run();
  EXPECT_EQ(world.broken(), std::nullopt) << world.broken().value_or("") << "; see it happen: kapok-sim --worlds 1"
                                          << " --features swarm --seed " << GetParam();
  const WorldFigures& figures = world.figures();
  std::int64_t outcomes = 0;
  for (const std::int64_t count : figures.buckets) outcomes += count;
  EXPECT_EQ(figures.arrivals, outcomes) << "each arrival has exactly one outcome";
  EXPECT_GE(figures.server.full_checks + figures.server.starts, figures.server.events - figures.server.unsaved_events);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SmallWorlds, testing::Range<std::uint64_t>(1, worlds() + 1));

WorldFigures lived(const WorldPlan& plan) {
  World world(plan);
  world.run();
  EXPECT_EQ(world.broken(), std::nullopt) << world.broken().value_or("");
  return world.figures();
}

TEST(World, TheSameSeedTwiceGivesTheSameStateAndAnotherSeedAnother) {
  WorldPlan plan = small_plan(5);
  plan.features = Features::all();
  const WorldFigures first = lived(plan);
  const WorldFigures second = lived(plan);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.server.commands, second.server.commands);
  EXPECT_GT(first.server.crashes, 0);
  plan.seed = 6;
  EXPECT_NE(lived(plan).digest, first.digest);
}

/// Three days of a whole city with everything that can go wrong; the counts show that it did.
TEST(World, ACityLivesThroughEveryFaultAtOnce) {
  WorldPlan plan = city_plan(1, Features::all());
  plan.lasts = hours{24 * 3};
  plan.trouble_every_h = 1;
  plan.device_lost_every_h = 6;
  plan.repeat_every = 5;
  const WorldFigures figures = lived(plan);
  EXPECT_GT(figures.arrivals, 3000);
  EXPECT_GT(figures.server.crashes, 20);
  EXPECT_GT(figures.server.torn_batches, 5);
  EXPECT_GT(figures.server.repeats, 3);
  EXPECT_GT(figures.devices_lost, 100);
  EXPECT_GT(figures.messages_lost, 20);
  EXPECT_GT(figures.messages_doubled, 20);
  EXPECT_GT(figures.messages_late, 20);
  EXPECT_GT(figures.refused_accepts, 5);
  EXPECT_GT(figures.stalls, 5);
  EXPECT_GT(figures.clock_jumps, 2);
  EXPECT_GT(figures.directory_changes, 5);
  EXPECT_GT(figures.server.unsaved_events, 100);
  EXPECT_GT(figures.arrivals_doubled, 20);
  EXPECT_GT(figures.recovered, 5);
  EXPECT_GT(figures.endpoints_removed, 5);
}

TEST(World, AQuietCityLosesHardlyAnybody) {
  WorldPlan plan = city_plan(3, Features::none());
  plan.lasts = hours{48};
  const WorldFigures figures = lived(plan);
  EXPECT_EQ(figures.server.starts, 1);
  EXPECT_GT(figures.bucket(KpiBucket::kAnswered), 8 * figures.bucket(KpiBucket::kAbandoned));
}

/// A rule that no core keeps: the world notices, and the list shrinks to what is needed to break it.
TEST(World, AFaultIsFoundAndShrunkToAFewEventsThatShowItAgain) {
  const WorldRule nobody_talks_twice = [](const routing::RoutingCore&,
                                          const std::vector<routing::Command>& commands) -> std::optional<std::string> {
    for (const routing::Command& command : commands)
      if (const auto* talk = std::get_if<routing::ConnectCall>(&command); talk != nullptr && talk->leg == 2)
        return "T1: a second talk (" + std::to_string(talk->call.value) + ")";
    return std::nullopt;
  };
  std::optional<World> lived;
  for (std::uint64_t seed = 12; seed < 40 && !(lived && lived->broken()); ++seed) {
    WorldPlan plan = small_plan(seed);
    plan.features = Features::all();
    plan.rule = nobody_talks_twice;
    lived.emplace(plan);
    lived->run();
  }
  const World& world = *lived;
  ASSERT_TRUE(world.broken().has_value());
  EXPECT_EQ(fault_kind(*world.broken()), "T1: a second talk");
  const FaultOf fault_of = [&](const Recording& recording) {
    return fault_kind(relive(recording, nobody_talks_twice).broken.value_or(""));
  };
  const Shrunk shrunk = shrink(world.recording(), fault_kind(*world.broken()), fault_of, 3000);
  EXPECT_EQ(fault_of(shrunk.recording), "T1: a second talk");
  EXPECT_LE(shrunk.recording.told.size(), 12U);
  EXPECT_LT(shrunk.recording.told.size(), world.recording().told.size());
}

}  // namespace
}  // namespace kapok::sim
