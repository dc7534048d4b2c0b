#pragma once

#include <cstdint>

/// Exact queueing theory (routing.md §1.5): what a line with n equal workers must yield, to judge the simulation by.
/// Rates are per second, times in seconds. Only positive terms are added, so nothing cancels: good to about 12 digits
/// up to thousands of workers.
namespace kapok::sim {

/// Poisson arrivals, exponential talks, n workers, first come first served; with patience also exponential hang-ups.
struct QueueModel {
  std::int32_t servers = 1;
  double arrivals_per_s = 0;
  double talk_mean_s = 1;
  double patience_mean_s = 0;  ///< 0 = nobody hangs up (Erlang C)

  [[nodiscard]] double offered_load() const { return arrivals_per_s * talk_mean_s; }
};

/// Over all callers, those who hang up included.
struct QueueFigures {
  double waits = 0;         ///< P(W > 0)
  double mean_wait_s = 0;   ///< E[W], until answer or hang-up
  double abandons = 0;      ///< P(Ab)
  double queue_length = 0;  ///< E[Q]
  double occupancy = 0;     ///< share of time that a worker talks
};

/// M/M/n. Needs offered_load() < servers, else the queue grows for ever: refused by a check.
[[nodiscard]] QueueFigures erlang_c(const QueueModel& model);
/// M/M/n+M (Palm; Garnett, Mandelbaum, Reiman 2002). Any load; needs patience_mean_s > 0.
[[nodiscard]] QueueFigures erlang_a(const QueueModel& model);
/// The one that fits `patience_mean_s`.
[[nodiscard]] QueueFigures exact_figures(const QueueModel& model);

/// P(answered, and within `within_s`), over all callers.
[[nodiscard]] double answered_within(const QueueModel& model, double within_s);

}  // namespace kapok::sim
