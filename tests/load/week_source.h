#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "load/replay_week.h"

namespace kapok::load {

/// Which week is replayed, and which part of it.
struct WeekSource {
  std::string calls_file;  ///< the bank's record; empty = a generated week
  std::uint64_t seed = 1;  ///< of the generated one
  std::optional<int> day;
  std::string from;
  std::string until;
};

struct ChosenWeek {
  ReplayWeek week;
  bool is_record = false;
  std::string said;  ///< one line: what is replayed, and what is not and why
};

/// Reads or generates it. Throws std::runtime_error with one sentence.
ChosenWeek choose_week(const WeekSource& source);

/// The environment variable that names the record where no option does.
inline constexpr const char* kCallsVariable = "KAPOK_CALLS_CSV";

}  // namespace kapok::load
