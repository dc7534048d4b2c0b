#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/instant.h"

namespace kapok {

/// A city's fixed distance from UTC (decision 5). Cities with daylight saving are refused at import, so a
/// local day always has 24 hours.
using UtcOffset = minutes;

inline constexpr UtcOffset kChinaOffset{480};

/// A day of the calendar, without a zone. Validity is `day.ok()`.
using CivilDay = std::chrono::year_month_day;

/// The hours in which stations sleep: record limits, callbacks and notices change (domain.md §0.3, §0.4, §0.10).
inline constexpr minutes kNightFrom{22 * 60};
inline constexpr minutes kNightTo{7 * 60 + 30};

/// Day and time since its local midnight. Instants before 1970 are placed as rightly as later ones.
struct LocalTime {
  CivilDay day;
  Duration since_midnight{};

  friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

LocalTime to_local(Instant at, UtcOffset offset);
Instant from_local(CivilDay day, Duration since_midnight, UtcOffset offset);

CivilDay day_of(Instant at, UtcOffset offset);
CivilDay add_days(CivilDay day, int days);
std::chrono::weekday weekday_of(CivilDay day);

/// The half-open 24 hours [00:00, 24:00) of a local day.
Period period_of_day(CivilDay day, UtcOffset offset);

/// Local time in [22:00, 07:30).
bool is_night(Instant at, UtcOffset offset);

/// `2026-11-21T03:05:09+08:00`; microseconds are cut off.
std::string format_local(Instant at, UtcOffset offset);
/// `2026-11-21 03:05`, for tables.
std::string format_local_minute(Instant at, UtcOffset offset);
/// `2026-11-21`.
std::string format_day(CivilDay day);

/// Reads `2026-11-21`; nothing for other text or a day that does not exist.
std::optional<CivilDay> parse_day(std::string_view text);

/// Reads `2026-11-21 03:05`, with `T` for the space, with seconds, and with a zone (`Z`, `+08:00`) if written; without
/// a zone the city's offset holds. `24:00` is the end of the day. Nothing for anything else.
std::optional<Instant> parse_local(std::string_view text, UtcOffset offset);

}  // namespace kapok
