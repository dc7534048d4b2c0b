#pragma once

#include <map>

#include "core/local_time.h"

namespace kapok::casework {

/// Which days are worked. Monday to Friday unless the city's calendar says otherwise: statutory holidays and
/// the make-up days worked for them (调休, domain.md §5 row 10).
class WorkingCalendar {
 public:
  WorkingCalendar() = default;
  /// `exceptions`: days whose answer differs from their weekday's.
  explicit WorkingCalendar(std::map<CivilDay, bool> exceptions) : exceptions_(std::move(exceptions)) {}

  [[nodiscard]] bool is_working_day(CivilDay day) const;

  /// The first working day after `day`. A calendar that leaves none within a year is our mistake.
  [[nodiscard]] CivilDay next_working_day(CivilDay day) const;

 private:
  std::map<CivilDay, bool> exceptions_;
};

}  // namespace kapok::casework
