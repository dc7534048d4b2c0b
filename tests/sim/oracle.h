#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/erlang.h"
#include "sim/plain_world.h"

/// A plain world beside what theory says of it.
namespace kapok::sim {

/// One figure over several independent runs.
struct Measured {
  std::string_view name;  ///< p_wait, mean_wait_s, p_abandon, answered_20s, answered_60s
  double simulated = 0;   ///< mean of the runs
  double error = 0;       ///< its standard error
  double exact = 0;

  /// Standard errors between simulated and exact; 0 when both are the same to a rounding.
  [[nodiscard]] double deviation() const;
};

/// Means and standard errors over runs, each run one figure per station or for all; `exact` is left at 0.
[[nodiscard]] std::vector<Measured> measure(const std::vector<PlainCounts>& runs);
/// The same, with the exact figures of `model` beside.
[[nodiscard]] std::vector<Measured> measure(const std::vector<PlainCounts>& runs, const QueueModel& model);

struct OracleAsked {
  QueueModel model;
  std::int32_t runs = 20;
  std::int64_t callers = 10'000;  ///< counted in each run
  std::uint64_t seed = 1;
};

struct OracleAnswer {
  std::vector<Measured> figures;
  std::int64_t events = 0;
};

/// One line, one station: `runs` independent worlds.
[[nodiscard]] OracleAnswer ask_oracle(const OracleAsked& asked);

/// Seed of run `number` of a series: far from its neighbours', whatever the seed.
[[nodiscard]] std::uint64_t seed_of_run(std::uint64_t seed, std::uint64_t number);

}  // namespace kapok::sim
