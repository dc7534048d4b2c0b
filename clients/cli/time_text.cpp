#include "cli/time_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <vector>

namespace kapok::cli {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kDay = 24 * 60 * kMinute;

std::int64_t day_number(std::int64_t local_us) { return local_us / kDay - (local_us % kDay < 0 ? 1 : 0); }

struct Local {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  std::int64_t second_of_day = 0;
};

Local local_of(std::int64_t at_us, int offset_min) {
  const std::int64_t local_us = at_us + offset_min * kMinute;
  const std::int64_t number = day_number(local_us);
  const year_month_day date{sys_days{days{number}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          (local_us - number * kDay) / kSecond};
}

/// Whole digits of exactly `length`, taken off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t length) {
  int value = 0;
  if (text.size() < length) return std::nullopt;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + length, value);
  if (failed != std::errc{} || end != text.data() + length || text[0] == '-') return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char sign) {
  if (text.empty() || text.front() != sign) return false;
  text.remove_prefix(1);
  return true;
}

/// Midnight UTC of a written day, in microseconds.
std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                            std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date}.time_since_epoch().count() * kDay;
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute) return std::nullopt;
  int second = 0;
  if (take(text, ':')) {
    const auto written = take_digits(text, 2);
    if (!written) return std::nullopt;
    second = *written;
  }
  if (*hour > 24 || *minute > 59 || second > 59 || (*hour == 24 && *minute + second > 0)) return std::nullopt;
  return *hour * 60 * kMinute + *minute * kMinute + second * kSecond;
}

std::optional<int> take_zone(std::string_view& text, int offset_min) {
  if (text.empty()) return offset_min;
  if (take(text, 'Z')) return 0;
  const bool east = text.front() == '+';
  if (!east && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute) return std::nullopt;
  return (east ? 1 : -1) * (*hour * 60 + *minute);
}

}  // namespace

std::string iso_time(std::int64_t at_us, int offset_min) {
  const Local at = local_of(at_us, offset_min);
  const int size = offset_min < 0 ? -offset_min : offset_min;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", at.year, at.month, at.day,
                     at.second_of_day / 3600, at.second_of_day / 60 % 60, at.second_of_day % 60,
                     offset_min < 0 ? '-' : '+', size / 60, size % 60);
}

std::string minute_text(std::int64_t at_us, int offset_min) {
  if (at_us == 0) return "—";
  const Local at = local_of(at_us, offset_min);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", at.year, at.month, at.day, at.second_of_day / 3600,
                     at.second_of_day / 60 % 60);
}

std::string clock_text(std::int64_t at_us, int offset_min) {
  if (at_us == 0) return "—";
  const Local at = local_of(at_us, offset_min);
  return fmt::format("{:02}:{:02}:{:02}", at.second_of_day / 3600, at.second_of_day / 60 % 60, at.second_of_day % 60);
}

std::string duration_text(std::int64_t us) {
  const std::int64_t seconds = us < 0 ? 0 : us / kSecond;
  if (seconds >= 3600) return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::optional<Day> day_from(std::string_view text, std::int64_t now_us, int offset_min) {
  const std::int64_t offset = offset_min * kMinute;
  const std::int64_t today = day_number(now_us + offset) * kDay;
  std::optional<std::int64_t> local;
  if (text == "today" || text == "今天") local = today;
  if (text == "yesterday" || text == "昨天") local = today - kDay;
  if (text == "tomorrow" || text == "明天") local = today + kDay;
  if (!local) {
    local = take_date(text);
    if (!local || !text.empty()) return std::nullopt;
  }
  return Day{*local - offset, *local - offset + kDay};
}

std::optional<std::int64_t> time_from(std::string_view text, std::int64_t now_us, int offset_min, bool past) {
  const std::int64_t offset = offset_min * kMinute;
  std::string_view rest = text;
  if (const auto clock = take_clock(rest); clock && rest.empty()) {
    const std::int64_t today = day_number(now_us + offset) * kDay - offset + *clock;
    if (past) return today <= now_us ? today : today - kDay;
    return today > now_us ? today : today + kDay;
  }
  rest = text;
  const auto date = take_date(rest);
  if (!date || (!take(rest, 'T') && !take(rest, ' '))) return std::nullopt;
  const auto clock = take_clock(rest);
  if (!clock) return std::nullopt;
  const auto zone = take_zone(rest, offset_min);
  if (!zone || !rest.empty()) return std::nullopt;
  return *date + *clock - *zone * kMinute;
}

}  // namespace kapok::cli
