#include "core/local_time.h"

#include <cstdint>
#include <cstdio>

namespace kapok {
namespace {

constexpr Duration kDayLength = hours{24};

std::chrono::days days_since_epoch(CivilDay day) { return std::chrono::sys_days{day}.time_since_epoch(); }

/// Exactly `count` decimal digits from the front of `text`, which is shortened by them.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take_char(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<CivilDay> take_day(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const CivilDay civil{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                       std::chrono::day{static_cast<unsigned>(*day)}};
  if (!civil.ok()) return std::nullopt;
  return civil;
}

std::optional<Duration> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take_char(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  if (take_char(text, ':')) {
    const auto written = take_digits(text, 2);
    if (!written || *written > 59) return std::nullopt;
    second = *written;
  }
  const Duration time = hours{*hour} + minutes{*minute} + seconds{second};
  if (time > kDayLength) return std::nullopt;
  return time;
}

/// The offset written at the end, `otherwise` when nothing is, nothing when it is malformed.
std::optional<UtcOffset> take_zone(std::string_view text, UtcOffset otherwise) {
  if (text.empty()) return otherwise;
  if (text == "Z") return UtcOffset{0};
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 14 || !take_char(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !text.empty()) return std::nullopt;
  const UtcOffset offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

struct Written {
  int year;
  unsigned month, day;
  int hour, minute, second;
};

Written spell_out(Instant at, UtcOffset offset) {
  const LocalTime local = to_local(at, offset);
  const auto whole = std::chrono::duration_cast<seconds>(local.since_midnight).count();
  return {static_cast<int>(local.day.year()),     static_cast<unsigned>(local.day.month()),
          static_cast<unsigned>(local.day.day()), static_cast<int>(whole / 3600),
          static_cast<int>(whole / 60 % 60),      static_cast<int>(whole % 60)};
}

}  // namespace

LocalTime to_local(Instant at, UtcOffset offset) {
  const Duration shifted{at.us + std::chrono::duration_cast<Duration>(offset).count()};
  const auto days = std::chrono::floor<std::chrono::days>(shifted);
  return {CivilDay{std::chrono::sys_days{days}}, shifted - days};
}

Instant from_local(CivilDay day, Duration since_midnight, UtcOffset offset) {
  const Duration local = std::chrono::duration_cast<Duration>(days_since_epoch(day)) + since_midnight;
  return Instant{(local - offset).count()};
}

CivilDay day_of(Instant at, UtcOffset offset) { return to_local(at, offset).day; }

CivilDay add_days(CivilDay day, int days) {
  return CivilDay{std::chrono::sys_days{days_since_epoch(day) + std::chrono::days{days}}};
}

std::chrono::weekday weekday_of(CivilDay day) { return std::chrono::weekday{std::chrono::sys_days{day}}; }

Period period_of_day(CivilDay day, UtcOffset offset) {
  const Instant from = from_local(day, Duration{0}, offset);
  return {from, from + kDayLength};
}

bool is_night(Instant at, UtcOffset offset) {
  const Duration time = to_local(at, offset).since_midnight;
  return time >= kNightFrom || time < kNightTo;
}

std::string format_local(Instant at, UtcOffset offset) {
  const Written w = spell_out(at, offset);
  const auto zone = offset.count();
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d%c%02d:%02d", w.year, w.month, w.day, w.hour, w.minute,
                w.second, zone < 0 ? '-' : '+', static_cast<int>((zone < 0 ? -zone : zone) / 60),
                static_cast<int>((zone < 0 ? -zone : zone) % 60));
  return text;
}

std::string format_local_minute(Instant at, UtcOffset offset) {
  const Written w = spell_out(at, offset);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", w.year, w.month, w.day, w.hour, w.minute);
  return text;
}

std::string format_day(CivilDay day) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return text;
}

std::optional<CivilDay> parse_day(std::string_view text) {
  const auto day = take_day(text);
  if (!text.empty()) return std::nullopt;
  return day;
}

std::optional<Instant> parse_local(std::string_view text, UtcOffset offset) {
  const auto day = take_day(text);
  if (!day || (!take_char(text, ' ') && !take_char(text, 'T'))) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  const auto zone = take_zone(text, offset);
  if (!zone) return std::nullopt;
  return from_local(*day, *time, *zone);
}

}  // namespace kapok
