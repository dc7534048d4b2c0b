#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "load/random_streams.h"

/// How long people take. Parametric with the assumptions of routing.md §1.1, or drawn from calls that really happened.
namespace kapok::sim {

/// Talks and patience of a real line, read from a table with the columns `wait_s`, `service_s` and `outcome`
/// (`agent` = served, `hang` = hung up; other rows are left out). Patience is what Kaplan and Meier make of it: who was
/// served would have waited longer than he did.
class EmpiricalTimes {
 public:
  /// Nothing when a column is missing or no row is usable.
  static std::optional<EmpiricalTimes> read(std::string_view csv);

  [[nodiscard]] double talk_s(load::Stream& chance) const;
  /// Nothing = longer than any wait seen.
  [[nodiscard]] std::optional<double> patience_s(load::Stream& chance) const;
  [[nodiscard]] std::size_t talks() const { return talks_.size(); }

 private:
  struct Step {
    double wait_s = 0;
    double gone = 0;  ///< share of callers who have hung up by then
  };
  std::vector<double> talks_;
  std::vector<Step> patience_;
};

struct Habits {
  double talk_mean_s = 900;
  double talk_spread = 0.7;  ///< log-normal; 0 = exponential
  double patience_mean_s = 300;
  double short_hang_up_share = 0.03;
  double desk_answer_s = 5;
  double phone_answer_s = 14;
  double desk_miss_share = 0.03;
  double phone_miss_share = 0.03;
  double decline_share = 0.02;
  double phone_failure_share = 0.02;
  double worker_hangs_up_share = 0.3;
  double record_mean_s = 200;
  const EmpiricalTimes* empirical = nullptr;  ///< instead of talk and patience; outlives the world

  [[nodiscard]] Duration talk(load::Stream& chance) const;
  [[nodiscard]] Duration patience(load::Stream& chance) const;
};

[[nodiscard]] Duration from_seconds(double seconds);

}  // namespace kapok::sim
