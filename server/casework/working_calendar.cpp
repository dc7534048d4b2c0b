#include "casework/working_calendar.h"

#include "core/check.h"

namespace kapok::casework {

bool WorkingCalendar::is_working_day(CivilDay day) const {
  if (const auto found = exceptions_.find(day); found != exceptions_.end()) return found->second;
  const auto weekday = weekday_of(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

CivilDay WorkingCalendar::next_working_day(CivilDay day) const {
  constexpr int kDaysMax = 366;
  for (int i = 1; i <= kDaysMax; ++i)
    if (const CivilDay next = add_days(day, i); is_working_day(next)) return next;
  check_failed("calendar has a working day within a year", __FILE__, __LINE__);
}

}  // namespace kapok::casework
