#include "load/arrival_process.h"

#include <gtest/gtest.h>

#include <fmt/core.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace kapok::load {
namespace {

/// Monday 2026-11-23 00:00 in the city's offset of eight hours.
constexpr ProductUs kMondayUs = 1'795'392'000LL * kSecondUs - 8 * kHourUs;

/// Every hour 1, except that the hours of Monday morning count threefold and Sunday nothing.
std::string weights_csv() {
  std::string csv = "source,dow,hour,calls,weight\nmade-up,0,0,99,9.9\n";
  for (int day = 1; day <= 7; ++day)
    for (int hour = 0; hour < 24; ++hour)
      csv += fmt::format("made-up,{},{},10,{}\n", day, hour, day == 7 ? 0 : (day == 1 && hour < 12 ? 3 : 1));
  return csv;
}

ArrivalProcess process(double calls_per_day) {
  return ArrivalProcess(read_hour_weights(weights_csv(), "made-up"), calls_per_day, 480,
                        RandomStreams(3).of(Purpose::kArrival));
}

TEST(ArrivalProcess, RateFollowsHourAndWeekdayOfTheCitysOffset) {
  const ArrivalProcess arrivals = process(2400);
  const double plain = arrivals.calls_per_hour(kMondayUs + 13 * kHourUs);
  EXPECT_NEAR(arrivals.calls_per_hour(kMondayUs + kHourUs), 3 * plain, 1e-9);
  EXPECT_EQ(arrivals.calls_per_hour(kMondayUs - kHourUs), 0);
  EXPECT_NEAR(arrivals.calls_per_hour(kMondayUs + 30 * kHourUs), plain, 1e-9);
}

TEST(ArrivalProcess, AWeekBringsItsMeanAndEachHourItsShare) {
  ArrivalProcess arrivals = process(2400);
  std::array<int, 7> by_day{};
  int monday_morning = 0;
  for (ProductUs at = arrivals.next(kMondayUs); at < kMondayUs + 7 * kDayUs; at = arrivals.next(at)) {
    ++by_day[static_cast<std::size_t>((at - kMondayUs) / kDayUs)];
    if (at < kMondayUs + 12 * kHourUs) ++monday_morning;
  }
  int sum = 0;
  for (const int calls : by_day) sum += calls;
  EXPECT_NEAR(sum, 7 * 2400, 400);  // three standard deviations
  EXPECT_EQ(by_day[6], 0);
  EXPECT_NEAR(static_cast<double>(monday_morning) / by_day[0], 0.75, 0.03);
}

TEST(ArrivalProcess, SameSeedBringsTheSameArrivals) {
  ArrivalProcess one = process(1400);
  ArrivalProcess other = process(1400);
  ProductUs at_one = kMondayUs;
  ProductUs at_other = kMondayUs;
  for (int arrival = 0; arrival < 100; ++arrival) {
    at_one = one.next(at_one);
    at_other = other.next(at_other);
    ASSERT_EQ(at_one, at_other);
  }
}

TEST(ArrivalProcess, TheShippedWeightsAreAWeekOfTheMeasuredShape) {
  std::ifstream file(KAPOK_ARRIVALS);
  std::ostringstream csv;
  csv << file.rdbuf();
  const HourWeights weights = read_hour_weights(csv.str(), "toronto-crisis");
  double sum = 0;
  double weekend = 0;
  std::array<double, 24> by_hour{};
  for (std::size_t day = 0; day < 7; ++day)
    for (std::size_t hour = 0; hour < 24; ++hour) {
      sum += weights.of[day][hour];
      by_hour[hour] += weights.of[day][hour] / 7;
      if (day >= 5) weekend += weights.of[day][hour] / 48;
    }
  EXPECT_NEAR(sum / 168, 1, 1e-9);
  EXPECT_NEAR(by_hour[5], 0.31, 0.02);
  EXPECT_NEAR(by_hour[16], 1.41, 0.02);
  EXPECT_NEAR(by_hour[21], 1.39, 0.02);
  EXPECT_LT(weekend, 0.95);
}

TEST(ArrivalProcess, AnIncompleteWeekIsRefused) {
  const std::string csv = weights_csv();
  EXPECT_THROW(read_hour_weights(csv, "unknown"), std::runtime_error);
  EXPECT_THROW(read_hour_weights(csv.substr(0, csv.size() - 20), "made-up"), std::runtime_error);
  EXPECT_THROW(read_hour_weights("source,dow,hour,calls,weight\nmade-up,1,0,10,much\n", "made-up"), std::runtime_error);
}

}  // namespace
}  // namespace kapok::load
