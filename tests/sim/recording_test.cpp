#include "sim/recording.h"

#include <gtest/gtest.h>

#include "sim/shrink.h"
#include "sim/world.h"

namespace kapok::sim {
namespace {

Recording some_day() {
  WorldPlan plan = small_plan(2);
  plan.features = Features::all().set(Feature::kCrashes, false);
  plan.events_max = 800;
  World world(plan);
  world.run();
  EXPECT_EQ(world.broken(), std::nullopt);
  return world.recording();
}

TEST(Recording, IsReadBackAndLivedThroughToTheSameState) {
  const Recording recording = some_day();
  const auto read = parse_recording(recording_text(recording, "a day"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  ASSERT_EQ(read->told.size(), recording.told.size());
  const Relived relived = relive(*read);
  EXPECT_EQ(relived.broken, std::nullopt) << relived.broken.value_or("");
  EXPECT_EQ(relived.state_hash, repeat(recording).state_hash);
  EXPECT_EQ(repeat(*read).commands_digest, repeat(recording).commands_digest);
}

TEST(Recording, AnyPartOfADayMayBeLivedThroughWithoutBreakingAnything) {
  const Recording recording = some_day();
  for (std::size_t every = 2; every < 6; ++every) {
    Recording part{recording.options, {recording.told.begin(), recording.told.begin() + 2}};
    for (std::size_t at = 2; at < recording.told.size(); ++at)
      if (at % every != 0) part.told.push_back(recording.told[at]);
    EXPECT_EQ(fault_in_child(part), "") << "without each " << every << "th event";
  }
}

TEST(Recording, ADamagedTextIsRefusedWithItsLine) {
  const std::string text = recording_text(some_day(), "a day");
  EXPECT_FALSE(parse_recording("").ok());
  EXPECT_FALSE(parse_recording(text.substr(0, text.size() / 2)).ok());
  std::string foreign = text;
  foreign.replace(text.rfind(" Ticked"), 7, " Tocked");
  const auto refused = parse_recording(foreign);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().detail.substr(0, 5), "line ");
}

/// A core whose check ends the process must not take the shrinker with it.
TEST(Recording, ACheckOfTheCoreItselfIsSeenFromOutside) {
  Recording recording = some_day();
  recording.told.push_back({recording.told.back().at, routing::Restarted{}});  // a second start: our mistake, checked
  EXPECT_EQ(fault_in_child(recording), "abort");
  const Shrunk shrunk = shrink(recording, "abort", fault_in_child, 200);
  EXPECT_EQ(shrunk.recording.told.size(), 3U);
}

}  // namespace
}  // namespace kapok::sim
