#include "load/generated_week.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "load/replay_week.h"

namespace kapok::load {
namespace {

const std::vector<BankCall>& week() {
  static const std::vector<BankCall> kWeek = generate_week(1);
  return kWeek;
}

template <class Choose>
std::size_t count(Choose choose) {
  return static_cast<std::size_t>(std::count_if(week().begin(), week().end(), choose));
}

template <class Choose>
std::vector<int> sorted(int BankCall::* what, Choose choose) {
  std::vector<int> values;
  for (const BankCall& call : week())
    if (choose(call)) values.push_back(call.*what);
  std::sort(values.begin(), values.end());
  return values;
}

double mean(const std::vector<int>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double quantile(const std::vector<int>& sorted_values, double share) {
  return sorted_values[static_cast<std::size_t>(share * static_cast<double>(sorted_values.size() - 1))];
}

bool is_served(const BankCall& call) { return call.outcome == BankOutcome::kServed; }
bool gave_up(const BankCall& call) { return call.outcome == BankOutcome::kHungUp && call.queued; }
bool left_before(const BankCall& call) { return call.outcome == BankOutcome::kHungUp && !call.queued; }

TEST(GeneratedWeek, CountsAreThePublishedOnes) {
  const ReplayWeek replay = replay_of(week());
  EXPECT_EQ(replay.calls.size(), 8948U);
  EXPECT_EQ(replay.phantoms, 59U);
  EXPECT_EQ(replay.count(ReplayKind::kHangsUpAtOnce), 663U);
  EXPECT_EQ(replay.count(ReplayKind::kGivesUp), 856U);
  EXPECT_EQ(replay.count(ReplayKind::kStays), 7429U);
  EXPECT_EQ(count([](const auto& call) { return is_served(call) && call.queued; }), 3675U);
  const std::array<std::size_t, 7> days{1567, 1846, 1949, 1371, 522, 210, 1542};
  for (int day = 0; day < 7; ++day)
    EXPECT_EQ(count([&](const auto& call) { return call.day == day; }), days[static_cast<std::size_t>(day)]) << day;
}

TEST(GeneratedWeek, WednesdayHasItsSurge) {
  const auto in_surge = [](const BankCall& call) { return call.day == 2 && call.arrival_s / 3600 == 13; };
  EXPECT_EQ(count(in_surge), 494U);
  const std::size_t left = count([&](const auto& call) { return in_surge(call) && left_before(call); });
  EXPECT_GE(left, 357U);
  EXPECT_LE(left, 357U + 20U) << "beside the surge's own, few of the week's";
}

TEST(GeneratedWeek, ServiceTimesHaveThePublishedMeanMedianAndTail) {
  const auto service = sorted(&BankCall::service_s, is_served);
  EXPECT_NEAR(mean(service), 168, 10) << "four standard errors";
  EXPECT_NEAR(quantile(service, 0.5), 103, 6);
  EXPECT_NEAR(quantile(service, 0.95), 539, 40);
}

TEST(GeneratedWeek, WhoGaveUpHadThePublishedPatience) { EXPECT_NEAR(mean(sorted(&BankCall::wait_s, gave_up)), 53, 6); }

TEST(GeneratedWeek, HoursFollowThePublishedDay) {
  const auto at = [](int hour) {
    return static_cast<double>(
        count([hour](const auto& call) { return call.day < 2 && call.arrival_s / 3600 == hour; }));
  };
  double sum = 0;
  for (int hour = 0; hour < 24; ++hour) sum += at(hour);
  EXPECT_NEAR(at(10) / sum, 0.084, 0.012);
  EXPECT_NEAR(at(20) / sum, 0.041, 0.010);
  EXPECT_LT((at(2) + at(3) + at(4) + at(5)) / sum, 0.006);
}

TEST(GeneratedWeek, FridayAfternoonAndSaturdayByDayAreQuiet) {
  const std::size_t friday = count([](const auto& call) { return call.day == 4 && call.arrival_s >= 14 * 3600; });
  const std::size_t saturday = count([](const auto& call) { return call.day == 5 && call.arrival_s < 18 * 3600; });
  EXPECT_LT(friday, 52U);
  EXPECT_LT(saturday, 50U);
}

TEST(GeneratedWeek, OneSeedGivesOneWeekAndAnotherAnother) {
  const auto again = generate_week(1);
  const auto other = generate_week(2);
  ASSERT_EQ(again.size(), week().size());
  std::size_t differ = 0;
  for (std::size_t at = 0; at < again.size(); ++at) {
    EXPECT_EQ(again[at].arrival_s, week()[at].arrival_s);
    EXPECT_EQ(again[at].service_s, week()[at].service_s);
    EXPECT_EQ(again[at].wait_s, week()[at].wait_s);
    if (other[at].arrival_s != week()[at].arrival_s) ++differ;
  }
  EXPECT_GT(differ, again.size() / 2);
}

}  // namespace
}  // namespace kapok::load
