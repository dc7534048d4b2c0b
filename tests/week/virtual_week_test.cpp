#include "week/virtual_week.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "load/check_print.h"
#include "load/generated_week.h"

namespace kapok::week {
namespace {

load::ReplayWeek generated(load::ProductUs from, load::ProductUs until) {
  return load::part_of(load::replay_of(load::generate_week(1)), from, until);
}

const load::CheckRow& row(const WeekResult& result, const std::string& what) {
  for (const load::CheckRow& each : result.check.rows)
    if (each.what == what) return each;
  throw std::runtime_error("no row " + what);
}

TEST(VirtualWeek, ADayOfItHasOneOutcomePerArrivalEqualBooksAndAJournalThatReplays) {
  const load::ReplayWeek friday = generated(4 * load::kDayUs, 5 * load::kDayUs);
  const WeekResult result = live_through(friday, {.workers = 3});
  EXPECT_EQ(result.arrivals, friday.calls.size());
  EXPECT_EQ(row(result, "arrivals O").ledger, static_cast<std::int64_t>(friday.calls.size()));
  EXPECT_EQ(row(result, "arrivals O").log, static_cast<std::int64_t>(friday.calls.size()));
  EXPECT_TRUE(result.check.equal()) << load::check_text(result.check);
  EXPECT_TRUE(result.refusals.empty());
  EXPECT_EQ(row(result, "M").log, 0) << "somebody is always on duty";
  EXPECT_EQ(row(result, "F").log, 0);
  EXPECT_GE(row(result, "SA").log, static_cast<std::int64_t>(result.at_once));
  EXPECT_EQ(row(result, "A").log, static_cast<std::int64_t>(result.joined - result.gave_up));
  EXPECT_GT(result.gave_up, 0U);
  EXPECT_TRUE(result.journal_equal()) << (result.journal.difference ? result.journal.difference->what : "");
  EXPECT_GT(result.journal.figures.events, static_cast<std::int64_t>(3 * friday.calls.size()));
  EXPECT_TRUE(result.audit.sound()) << result.audit.chain.what;
  EXPECT_EQ(result.server_log, "");
  EXPECT_TRUE(result.sound());
}

TEST(VirtualWeek, WhoIsNeverServedGivesUpAndIsCountedSo) {
  const load::ReplayWeek quarter = generated(10 * load::kHourUs, 10 * load::kHourUs + load::kHourUs / 4);
  const WeekResult few = live_through(quarter, {.workers = 1});
  const WeekResult many = live_through(quarter, {.workers = 20});
  EXPECT_TRUE(few.sound());
  EXPECT_TRUE(many.sound());
  EXPECT_GE(few.gave_up, many.gave_up);
  EXPECT_EQ(few.most_talking, 1U);
  EXPECT_LE(many.answered_wait.longest, 4.0) << "a free worker is offered every caller at once";
  EXPECT_GT(few.answered_wait.mean, 600);
}

TEST(VirtualWeek, TheSameWeekIsLivedThroughTheSameWay) {
  const load::ReplayWeek hour = generated(14 * load::kHourUs, 15 * load::kHourUs);
  const WeekResult one = live_through(hour, {.workers = 3});
  const WeekResult other = live_through(hour, {.workers = 3});
  EXPECT_EQ(one.answered_wait.mean, other.answered_wait.mean);
  EXPECT_EQ(one.joined_wait.p99, other.joined_wait.p99);
  EXPECT_EQ(one.gave_up, other.gave_up);
  EXPECT_EQ(one.journal.figures.events, other.journal.figures.events);
}

}  // namespace
}  // namespace kapok::week
