#include "load/callers.h"

#include <gtest/gtest.h>

namespace kapok::load {
namespace {

ReplayWeek three_callers() {
  ReplayWeek week;
  week.from = 10 * kHourUs;
  week.until = 11 * kHourUs;
  week.calls = {{7, 10 * kHourUs + kSecondUs, ReplayKind::kHangsUpAtOnce, 0, 60 * kSecondUs},
                {8, 10 * kHourUs + 2 * kSecondUs, ReplayKind::kGivesUp, 53 * kSecondUs, 60 * kSecondUs},
                {9, 10 * kHourUs + 2 * kSecondUs, ReplayKind::kStays, 0, 168 * kSecondUs}};
  return week;
}

TEST(ReplayCallers, TheyJoinAsFarApartAsInTheRecord) {
  ReplayCallers callers(three_callers(), "020-00100001");
  callers.begin(1000 * kSecondUs);
  EXPECT_EQ(callers.next(0), 1001 * kSecondUs);
  EXPECT_EQ(callers.next(0), 1002 * kSecondUs);
  EXPECT_EQ(callers.next(0), 1002 * kSecondUs);
  EXPECT_EQ(callers.next(0), std::nullopt);
}

TEST(ReplayCallers, EachWantsWhatTheRecordSays) {
  const ReplayCallers callers(three_callers(), "020-00100001");
  EXPECT_EQ(callers.nature(1).patience, 0);
  EXPECT_EQ(callers.nature(2).patience, 53 * kSecondUs);
  EXPECT_EQ(callers.nature(3).patience, kForEver);
  EXPECT_EQ(callers.nature(3).talk, 168 * kSecondUs);
  EXPECT_FALSE(callers.nature(3).worker_hangs_up);
  EXPECT_EQ(callers.dialled(2), "020-00100001");
  EXPECT_EQ(callers.shown(1), "020-09000007") << "of the whole week's number, so that parts do not share callers";
  EXPECT_EQ(callers.nature(4).talk, 0);
}

}  // namespace
}  // namespace kapok::load
