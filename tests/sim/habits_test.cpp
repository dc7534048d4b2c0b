#include "sim/habits.h"

#include <gtest/gtest.h>

#include "sim/features.h"

namespace kapok::sim {
namespace {

constexpr std::string_view kCalls =
    "date,wait_s,service_s,outcome\n"
    "1,0,100,agent\n1,10,200,agent\n1,20,0,hang\n1,30,300,agent\n1,40,0,hang\n1,5,7,phantom\n";

TEST(EmpiricalTimes, TalksAreThoseOfServedCallers) {
  const auto times = EmpiricalTimes::read(kCalls);
  ASSERT_TRUE(times.has_value());
  EXPECT_EQ(times->talks(), 3U);
  load::Stream chance = load::RandomStreams(1).of(load::Purpose::kTalk);
  for (int n = 0; n < 50; ++n) {
    const double talk = times->talk_s(chance);
    EXPECT_TRUE(talk == 100 || talk == 200 || talk == 300);
  }
}

/// Waits 10+, 20, 30+, 40 (+ = served): of three still there at 20 s one goes, of one at 40 s one goes.
TEST(EmpiricalTimes, PatienceCountsTheServedAsHavingWaitedLonger) {
  const auto times = EmpiricalTimes::read(kCalls);
  load::Stream chance = load::RandomStreams(1).of(load::Purpose::kPatience);
  int at_20 = 0;
  constexpr int kDraws = 30'000;
  for (int n = 0; n < kDraws; ++n) at_20 += times->patience_s(chance) == 20 ? 1 : 0;
  EXPECT_NEAR(at_20 / double{kDraws}, 1.0 / 3, 0.015);
}

TEST(EmpiricalTimes, ATableWithoutTheColumnsIsRefused) {
  EXPECT_FALSE(EmpiricalTimes::read("a,b\n1,2\n").has_value());
  EXPECT_FALSE(EmpiricalTimes::read("wait_s,service_s,outcome\n").has_value());
}

TEST(Features, NamesAreReadBackAndUnknownOnesRefused) {
  const auto some = Features::parse("crashes,surge");
  ASSERT_TRUE(some.has_value());
  EXPECT_TRUE(some->has(Feature::kCrashes) && some->has(Feature::kSurge) && !some->has(Feature::kFlood));
  EXPECT_EQ(Features::parse(Features::all().text())->text(), Features::all().text());
  EXPECT_FALSE(Features::parse("crashes,rain").has_value());
}

TEST(Features, ASwarmSwitchesEachOnInAboutHalfOfTheSeeds) {
  for (std::size_t at = 0; at < kFeatureCount; ++at) {
    int on = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) on += Features::swarm(seed).has(static_cast<Feature>(at)) ? 1 : 0;
    EXPECT_NEAR(on, 200, 45) << name_of(static_cast<Feature>(at));
  }
}

}  // namespace
}  // namespace kapok::sim
