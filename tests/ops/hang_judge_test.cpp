#include "ops/hang_judge.h"

#include <gtest/gtest.h>

namespace kapok::ops {
namespace {

using namespace std::chrono_literals;

class HangJudgeTest : public testing::Test {
 protected:
  /// Looks ten times a second, as the watchdog does, for that long.
  HangJudge::Verdict after(SteadyLength length) {
    HangJudge::Verdict verdict;
    for (const SteadyTime end = now_ + length; now_ < end;) {
      now_ += 100ms;
      if (strand_answers_) answered_ = now_;
      verdict = judge_.look(now_, answered_, writer_);
    }
    return verdict;
  }

  HangJudge judge_{HangLimits{}};
  SteadyTime now_{1h};
  SteadyTime answered_{1h};
  WriterLook writer_;
  bool strand_answers_ = true;
};

TEST_F(HangJudgeTest, TheFiguresAreThoseOfTheReliabilityPage) {
  const HangLimits limits;
  EXPECT_EQ(limits.strand_max, 5s);
  EXPECT_EQ(limits.writer_max, 10s);
  EXPECT_EQ(limits.slow_save, 250ms);
  EXPECT_EQ(limits.stuck_save, 2s);
}

TEST_F(HangJudgeTest, AStrandThatIsSilentForMoreThanFiveSecondsHangs) {
  after(1min);
  strand_answers_ = false;
  EXPECT_EQ(after(5s).hang, Hang::kNone);
  EXPECT_EQ(after(100ms).hang, Hang::kStrand);
}

TEST_F(HangJudgeTest, AWriterThatWorksOnOneBatchForMoreThanTenSecondsHangs) {
  after(1min);
  writer_ = {.working = true, .syncing = false, .since = now_};
  EXPECT_EQ(after(10s).hang, Hang::kNone);
  EXPECT_EQ(after(200ms).hang, Hang::kWriter);
}

TEST_F(HangJudgeTest, AWriterInsideASlowSyncDoesNotHangHoweverLongItTakes) {
  writer_ = {.working = false, .syncing = true, .since = now_};
  EXPECT_EQ(after(1h).hang, Hang::kNone);
}

TEST_F(HangJudgeTest, ASaveIsSlowAfterAQuarterOfASecondAndStuckAfterTwo) {
  after(1min);
  writer_ = {.working = false, .syncing = true, .since = now_};
  EXPECT_EQ(after(200ms).save, SaveSpeed::kUsual);
  EXPECT_EQ(after(100ms).save, SaveSpeed::kSlow);
  EXPECT_EQ(after(1700ms).save, SaveSpeed::kSlow);
  EXPECT_EQ(after(100ms).save, SaveSpeed::kStuck);
  writer_ = {};
  EXPECT_EQ(after(100ms).save, SaveSpeed::kUsual);
}

TEST_F(HangJudgeTest, TheTimeOfAFrozenMachineIsHeldAgainstNobody) {
  after(1min);
  strand_answers_ = false;
  now_ += 1h;
  EXPECT_EQ(after(4s).hang, Hang::kNone);
  EXPECT_EQ(after(1500ms).hang, Hang::kStrand);
}

TEST_F(HangJudgeTest, OnAStarvedMachineAHangIsFoundLater) {
  after(1min);
  const auto starved_look = [this] {
    now_ += 1s;
    return judge_.look(now_, answered_, writer_).hang;
  };
  for (int look = 0; look < 33; ++look) EXPECT_EQ(starved_look(), Hang::kNone);
  EXPECT_EQ(starved_look(), Hang::kStrand);
}

}  // namespace
}  // namespace kapok::ops
