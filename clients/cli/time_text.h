#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Times as people of the city write and read them. An instant is microseconds since 1970 UTC, 0 = unset; the city's
/// fixed offset in minutes comes from Welcome. Pure: now is a parameter.
namespace kapok::cli {

/// `2026-11-21T03:05:09+08:00`.
std::string iso_time(std::int64_t at_us, int offset_min);
/// `2026-11-21 03:05`, and `03:05:09`; `—` when unset.
std::string minute_text(std::int64_t at_us, int offset_min);
std::string clock_text(std::int64_t at_us, int offset_min);

/// `0:42`, `12:05`, `3:04:05`; never negative.
std::string duration_text(std::int64_t us);

struct Day {
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;
};

/// Reads `2026-11-21`, `today`, `yesterday`, `tomorrow`, `今天`, `昨天`, `明天`.
std::optional<Day> day_from(std::string_view text, std::int64_t now_us, int offset_min);

/// Reads `17:30` (the next one after `now`), `2026-11-21 17:30` with `T` or a blank, with seconds and with a zone if
/// written. `past` takes the last 17:30 instead of the next.
std::optional<std::int64_t> time_from(std::string_view text, std::int64_t now_us, int offset_min, bool past = false);

}  // namespace kapok::cli
