#include "core/display_number.h"

#include <cstdio>

#include "core/check.h"

namespace kapok {
namespace {

constexpr std::size_t kCityCodeMin = 2;
constexpr std::size_t kCityCodeMax = 4;
constexpr std::size_t kDigitsMin = 4;
constexpr std::size_t kDigitsMax = 7;

std::optional<int> all_digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::string> city_code(std::string_view text) {
  if (text.size() < kCityCodeMin || text.size() > kCityCodeMax) return std::nullopt;
  std::string code;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z')
      code += c;
    else if (c >= 'a' && c <= 'z')
      code += static_cast<char>(c - 'a' + 'A');
    else
      return std::nullopt;
  }
  return code;
}

std::optional<CivilDay> short_day(std::string_view text) {
  if (text.size() != 6) return std::nullopt;
  const auto digits = all_digits(text);
  if (!digits) return std::nullopt;
  const CivilDay day{std::chrono::year{2000 + *digits / 10000},
                     std::chrono::month{static_cast<unsigned>(*digits / 100 % 100)},
                     std::chrono::day{static_cast<unsigned>(*digits % 100)}};
  if (!day.ok()) return std::nullopt;
  return day;
}

}  // namespace

std::string format_display_number(const DisplayNumber& number) {
  const int year = static_cast<int>(number.day.year());
  KAPOK_CHECK(year >= 2000 && year < 2100 && number.number_of_day > 0);
  char text[32];
  std::snprintf(text, sizeof text, "-%02d%02u%02u-%04d", year - 2000, static_cast<unsigned>(number.day.month()),
                static_cast<unsigned>(number.day.day()), number.number_of_day);
  return number.city_code + text;
}

std::optional<DisplayNumber> parse_display_number(std::string_view text) {
  const auto first = text.find('-');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find('-', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto code = city_code(text.substr(0, first));
  const auto day = short_day(text.substr(first + 1, second - first - 1));
  const std::string_view digits = text.substr(second + 1);
  if (!code || !day || digits.size() < kDigitsMin || digits.size() > kDigitsMax) return std::nullopt;
  if (digits.size() > kDigitsMin && digits.front() == '0') return std::nullopt;
  const auto number = all_digits(digits);
  if (!number || *number == 0) return std::nullopt;
  return DisplayNumber{*code, *day, *number};
}

}  // namespace kapok
