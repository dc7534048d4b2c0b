#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "load/ledger.h"

namespace kapok::load {

/// One row of the server's call log.
struct LogCall {
  std::int64_t call = 0;  ///< 0 for a contact without a call
  std::int64_t contact = 0;
  bool ended = true;
  Bucket bucket = Bucket::kAnswered;  ///< of an ended call
  bool finalised = false;
  std::vector<int> needs;  ///< kinds, ordered
};

struct LogReferral {
  std::int64_t referral = 0;
  OrderState state = OrderState::kDispatched;
};

/// What the server says of the time of the run.
struct LogFacts {
  std::vector<LogCall> calls;
  std::vector<LogReferral> referrals;
  /// By bucket, from the day report: end of the run minus its begin.
  std::array<std::int64_t, kBucketCount> report{};
  bool has_report = false;
};

/// ledger | log | difference.
struct CheckRow {
  std::string what;
  std::int64_t ledger = 0;
  std::int64_t log = 0;
  std::int64_t report = -1;  ///< the day report's figure; -1 = it has none
  /// How many rows differ; more than |ledger - log| when errors cancel out.
  std::int64_t different = 0;
};

struct CheckResult {
  std::vector<CheckRow> rows;
  std::vector<std::string> problems;  ///< one sentence each, at most kProblemsMax
  std::size_t problem_count = 0;
  [[nodiscard]] bool equal() const { return problem_count == 0; }
};

inline constexpr std::size_t kProblemsMax = 20;

/// Compares call by call, contact by contact and order by order. With `shared`, what others did at the same time
/// (a person who tries the city out) is counted and is no difference.
CheckResult check_ledger(const Ledger& ledger, const LogFacts& log, bool shared);

}  // namespace kapok::load
