#include "load/city_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

namespace kapok::load {
namespace {

CityPlan plan(PlanRules rules = {}) {
  return CityPlan(
      {{1, 11, "020-00100001", false, 30}, {2, 12, "020-00100002", true, 500}, {3, 13, "020-00100003", false, 10}},
      {{"late", 11, 200, 300}, {"early", 11, 100, 200}}, rules);
}

TEST(CityPlan, LinesAreDialledByTheirWeightAndTheCrisisLineByItsShare) {
  const CityPlan city = plan({.crisis_share = 0.1});
  Stream chance = RandomStreams(1).of(Purpose::kLine);
  std::map<std::int64_t, int> dialled;
  for (int call = 0; call < 40'000; ++call) ++dialled[city.line(chance).line];
  EXPECT_NEAR(dialled[2] / 40'000.0, 0.1, 0.01);
  EXPECT_NEAR(static_cast<double>(dialled[1]) / dialled[3], 3.0, 0.2);
}

TEST(CityPlan, CallersAreInventedNumbersAndSomeWithholdTheirs) {
  const CityPlan city = plan();
  Stream chance = RandomStreams(1).of(Purpose::kCaller);
  std::map<std::string, int> seen;
  for (int call = 0; call < 20'000; ++call) ++seen[city.caller(chance)];
  EXPECT_NEAR(seen[""] / 20'000.0, 0.05, 0.01);
  int repeated = 0;
  for (const auto& [number, times] : seen) {
    if (number.empty()) continue;
    EXPECT_TRUE(number.starts_with("020-09")) << number;
    EXPECT_EQ(number.size(), std::string("020-09000000").size());
    if (times > 5) repeated += times;
  }
  EXPECT_NEAR(repeated / 20'000.0, 0.19, 0.02);
}

TEST(CityPlan, ShiftsComeInTheOrderOfTheirBeginning) {
  const CityPlan city = plan();
  EXPECT_EQ(city.shifts()[0].account, "early");
  EXPECT_EQ(city.shifts()[1].account, "late");
}

TEST(CityPlan, ACityWithoutLinesIsRefused) { EXPECT_THROW(CityPlan({}, {}, {}), std::runtime_error); }

TEST(CityPlan, PointsAreCountedPerStation) {
  const auto points = points_per_station(
      "code,station_code,name_zh,kind\n1,440103001,甲,village\n2,440103001,乙,community\n3,440103002,丙,community\n");
  EXPECT_EQ(points.at("440103001"), 2);
  EXPECT_EQ(points.at("440103002"), 1);
  EXPECT_EQ(points.size(), 2U);
}

}  // namespace
}  // namespace kapok::load
