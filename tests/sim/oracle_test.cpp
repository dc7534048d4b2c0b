#include "sim/oracle.h"

#include <gtest/gtest.h>

#include <vector>

#include "load/random_streams.h"

namespace kapok::sim {
namespace {

constexpr double kErrorsAllowed = 4;

void expect_agreement(const std::vector<Measured>& figures, const std::string& of) {
  for (const Measured& figure : figures)
    EXPECT_LE(figure.deviation(), kErrorsAllowed) << of << " " << figure.name << ": simulated " << figure.simulated
                                                  << " +- " << figure.error << ", exact " << figure.exact;
}

TEST(Oracle, ASimulatedStationWithoutHangUpsIsErlangC) {
  const OracleAsked asked{.model = {4, 12.0 / 3600, 900, 0}, .runs = 20, .callers = 4000, .seed = 1};
  expect_agreement(ask_oracle(asked).figures, "C-S");
}

TEST(Oracle, ASimulatedStationWithHangUpsIsErlangA) {
  const OracleAsked asked{.model = {4, 12.0 / 3600, 900, 300}, .runs = 20, .callers = 4000, .seed = 2};
  expect_agreement(ask_oracle(asked).figures, "A-S");
}

TEST(Oracle, ASimulatedDistrictIsErlangA) {
  const OracleAsked asked{.model = {40, 144.0 / 3600, 900, 300}, .runs = 20, .callers = 3000, .seed = 3};
  expect_agreement(ask_oracle(asked).figures, "A-D");
}

TEST(Oracle, SimulationAgreesForParametersDrawnAtRandom) {
  load::Stream draw = load::RandomStreams(7).of(load::Purpose::kStart);
  for (int world = 0; world < 8; ++world) {
    QueueModel model;
    model.servers = 1 + static_cast<std::int32_t>(draw.below(20));
    model.talk_mean_s = draw.between(60, 1200);
    model.patience_mean_s = world % 2 == 0 ? draw.between(30, 900) : 0;
    const double load = model.patience_mean_s > 0 ? draw.between(0.3, 1.3) : draw.between(0.3, 0.8);
    model.arrivals_per_s = load * model.servers / model.talk_mean_s;
    const OracleAsked asked{.model = model, .runs = 20, .callers = 1500, .seed = draw.next()};
    expect_agreement(ask_oracle(asked).figures, "world " + std::to_string(world));
  }
}

TEST(Oracle, AWrongTheoryIsNoticed) {
  const OracleAsked asked{.model = {4, 12.0 / 3600, 900, 300}, .runs = 20, .callers = 2000, .seed = 4};
  std::vector<PlainCounts> runs;
  for (std::uint64_t run = 0; run < 20; ++run)
    runs.push_back(run_plain_world({{asked.model}, PlainShape::kIsolated, 2000, seed_of_run(4, run)}).together());
  QueueModel other = asked.model;
  other.patience_mean_s = 390;
  double worst = 0;
  for (const Measured& figure : measure(runs, other)) worst = std::max(worst, figure.deviation());
  EXPECT_GT(worst, kErrorsAllowed);
}

/// Six unlike stations, all a little short of people, seen through each policy with the same callers.
std::vector<QueueModel> six_stations() {
  return {{1, 3.2 / 3600, 900, 300}, {2, 7.0 / 3600, 900, 300},  {3, 10.0 / 3600, 900, 300},
          {2, 5.0 / 3600, 900, 300}, {4, 15.0 / 3600, 900, 300}, {1, 2.0 / 3600, 900, 300}};
}

std::vector<PlainRun> runs_of(PlainShape shape) {
  std::vector<PlainRun> runs;
  for (std::uint64_t run = 0; run < 20; ++run)
    runs.push_back(run_plain_world({six_stations(), shape, 4000, seed_of_run(11, run)}));
  return runs;
}

std::vector<Measured> city_figures(const std::vector<PlainRun>& runs) {
  std::vector<PlainCounts> all;
  for (const PlainRun& run : runs) all.push_back(run.together());
  return measure(all);
}

TEST(Oracle, IsolatedStationsAreEachTheirOwnOracle) {
  const auto runs = runs_of(PlainShape::kIsolated);
  const auto stations = six_stations();
  for (std::size_t s = 0; s < stations.size(); ++s) {
    std::vector<PlainCounts> counts;
    for (const PlainRun& run : runs) counts.push_back(run.stations[s]);
    expect_agreement(measure(counts, stations[s]), "station " + std::to_string(s));
  }
}

TEST(Oracle, OnePoolIsTheOracleOfAllWorkers) {
  QueueModel all{0, 0, 900, 300};
  for (const QueueModel& station : six_stations()) {
    all.servers += station.servers;
    all.arrivals_per_s += station.arrivals_per_s;
  }
  std::vector<PlainCounts> counts;
  for (const PlainRun& run : runs_of(PlainShape::kOnePool)) counts.push_back(run.together());
  expect_agreement(measure(counts, all), "pool");
}

TEST(Oracle, EveryRingPolicyLiesBetweenIsolatedStationsAndOnePool) {
  const auto isolated = city_figures(runs_of(PlainShape::kIsolated));
  const auto local = city_figures(runs_of(PlainShape::kLocalRings));
  const auto normal = city_figures(runs_of(PlainShape::kNormalRings));
  const auto pool = city_figures(runs_of(PlainShape::kOnePool));
  for (const std::size_t figure : {1U, 2U}) {  // mean wait and abandonment
    EXPECT_LT(pool[figure].simulated, normal[figure].simulated) << pool[figure].name;
    EXPECT_LT(normal[figure].simulated, local[figure].simulated) << pool[figure].name;
    EXPECT_LT(local[figure].simulated, isolated[figure].simulated) << pool[figure].name;
  }
}

}  // namespace
}  // namespace kapok::sim
