#include "load/replay_week.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace kapok::load {
namespace {

/// One of each kind, as decision 38 names them; the last two change places by what the automated answer took.
std::vector<BankCall> one_of_each() {
  return {{0, 100, 18, false, 0, 0, BankOutcome::kHungUp},   {0, 200, -60, true, 40, 100, BankOutcome::kServed},
          {0, 300, 7, true, 9, 5, BankOutcome::kPhantom},    {1, 400, 90, true, 53, 0, BankOutcome::kHungUp},
          {1, 410, 10, false, 0, 300, BankOutcome::kServed}, {1, 420, 100, false, 0, 200, BankOutcome::kServed}};
}

TEST(ReplayWeek, PhantomsAreCountedAndEverybodyElseArrivesWhenHeLeavesTheAutomatedAnswer) {
  const ReplayWeek week = replay_of(one_of_each());
  EXPECT_EQ(week.phantoms, 1U);
  ASSERT_EQ(week.calls.size(), 5U);
  EXPECT_EQ(week.calls[0].joins, 118 * kSecondUs);
  EXPECT_EQ(week.calls[1].joins, 200 * kSecondUs) << "a clock slip counts as no time";
  EXPECT_EQ(week.calls[2].joins, kDayUs + 420 * kSecondUs) << "who was asked less joins earlier";
  EXPECT_EQ(week.calls[3].joins, kDayUs + 490 * kSecondUs);
  EXPECT_EQ(week.calls[4].joins, kDayUs + 520 * kSecondUs);
  for (std::size_t at = 0; at < week.calls.size(); ++at) EXPECT_EQ(week.calls[at].number, at + 1);
}

TEST(ReplayWeek, WhoLeftEarlyHangsUpAtOnceWhoGaveUpHasHisPatienceWhoWasServedStays) {
  const ReplayWeek week = replay_of(one_of_each());
  EXPECT_EQ(week.calls[0].kind, ReplayKind::kHangsUpAtOnce);
  EXPECT_EQ(week.calls[0].patience, 0);
  EXPECT_EQ(week.calls[1].kind, ReplayKind::kStays);
  EXPECT_EQ(week.calls[1].talk, 100 * kSecondUs);
  EXPECT_EQ(week.calls[3].kind, ReplayKind::kGivesUp);
  EXPECT_EQ(week.calls[3].patience, 53 * kSecondUs);
  EXPECT_EQ(week.calls[3].talk, 200 * kSecondUs) << "the median of those served: 100, 200, 300";
  EXPECT_EQ(week.count(ReplayKind::kStays), 3U);
}

TEST(ReplayWeek, APartHoldsThoseWhoJoinInItUnderTheirOwnNumbers) {
  const ReplayWeek week = replay_of(one_of_each());
  const ReplayWeek part = part_of(week, kDayUs, kDayUs + 490 * kSecondUs);
  ASSERT_EQ(part.calls.size(), 1U);
  EXPECT_EQ(part.calls[0].number, 3U);
  EXPECT_EQ(part.length(), 490 * kSecondUs);
}

TEST(ReplayWeek, DayAndTimesNameAStretch) {
  EXPECT_EQ(stretch_of({}, "", "").until, 7 * kDayUs);
  const Stretch surge = stretch_of(3, "13:00", "14:00");
  EXPECT_EQ(surge.from, 2 * kDayUs + 13 * kHourUs);
  EXPECT_EQ(surge.until, 2 * kDayUs + 14 * kHourUs);
  EXPECT_EQ(stretch_of(7, "", "24:00").until, 7 * kDayUs);
  EXPECT_EQ(stretch_of({}, "06:30", "12:00").until, 6 * kDayUs + 12 * kHourUs);
  for (const char* wrong : {"1:00", "13.00", "24:01", "12:60", "-1:00", "noon!"})
    EXPECT_THROW(stretch_of(1, wrong, ""), std::runtime_error) << wrong;
  EXPECT_THROW(stretch_of(8, "", ""), std::runtime_error);
  EXPECT_THROW(stretch_of(1, "14:00", "13:00"), std::runtime_error);
}

TEST(ReplayWeek, EachCallerOfTheWeekShowsAnInventedNumberOfHisOwn) {
  EXPECT_EQ(caller_of(7), "020-09000007");
  EXPECT_NE(caller_of(8948), caller_of(8947));
}

}  // namespace
}  // namespace kapok::load
