#include "sim/oracle.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "core/check.h"
#include "load/random_streams.h"

namespace kapok::sim {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"p_wait", "mean_wait_s", "p_abandon", "answered_20s",
                                                    "answered_60s"};

std::array<double, 5> figures_of(const PlainCounts& run) {
  const auto callers = static_cast<double>(run.callers);
  return {static_cast<double>(run.waited) / callers, run.wait_s / callers, static_cast<double>(run.abandoned) / callers,
          static_cast<double>(run.answered_20s) / callers, static_cast<double>(run.answered_60s) / callers};
}

}  // namespace

double Measured::deviation() const {
  const double apart = std::abs(simulated - exact);
  if (apart <= 1e-12 * std::abs(exact)) return 0;
  return error > 0 ? apart / error : INFINITY;
}

std::vector<Measured> measure(const std::vector<PlainCounts>& runs) {
  KAPOK_CHECK(runs.size() > 1);
  const auto count = static_cast<double>(runs.size());
  std::vector<Measured> out;
  for (std::size_t figure = 0; figure < kNames.size(); ++figure) {
    double sum = 0;
    for (const PlainCounts& run : runs) sum += figures_of(run)[figure];
    const double mean = sum / count;
    double squares = 0;
    for (const PlainCounts& run : runs) squares += std::pow(figures_of(run)[figure] - mean, 2);
    out.push_back({kNames[figure], mean, std::sqrt(squares / (count - 1) / count), 0});
  }
  return out;
}

std::vector<Measured> measure(const std::vector<PlainCounts>& runs, const QueueModel& model) {
  auto out = measure(runs);
  const QueueFigures exact = exact_figures(model);
  const std::array<double, 5> values = {exact.waits, exact.mean_wait_s, exact.abandons, answered_within(model, 20),
                                        answered_within(model, 60)};
  for (std::size_t figure = 0; figure < values.size(); ++figure) out[figure].exact = values[figure];
  return out;
}

std::uint64_t seed_of_run(std::uint64_t seed, std::uint64_t number) {
  return load::RandomStreams(seed).of(load::Purpose::kStart, number).next();
}

OracleAnswer ask_oracle(const OracleAsked& asked) {
  OracleAnswer answer;
  std::vector<PlainCounts> runs;
  for (std::int32_t run = 0; run < asked.runs; ++run) {
    PlainWorld world;
    world.stations = {asked.model};
    world.callers = asked.callers;
    world.seed = seed_of_run(asked.seed, static_cast<std::uint64_t>(run));
    PlainRun done = run_plain_world(world);
    runs.push_back(done.together());
    answer.events += done.events;
  }
  answer.figures = measure(runs, asked.model);
  return answer;
}

}  // namespace kapok::sim
