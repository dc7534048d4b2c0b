#include <charconv>
#include <chrono>
#include <stdexcept>
#include <string_view>

#include "load/city_reader.h"

/// Files given on the command line: rosters and device tokens.
namespace kapok::load {
namespace {

/// Plain cells without quotes: what these two files hold.
std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row(1);
  for (const char sign : csv) {
    if (sign == '\r') continue;
    if (sign == ',') {
      row.emplace_back();
    } else if (sign == '\n') {
      rows.push_back(std::move(row));
      row = std::vector<std::string>(1);
    } else {
      row.back() += sign;
    }
  }
  if (row.size() > 1) rows.push_back(std::move(row));
  return rows;
}

std::size_t column(const std::vector<std::string>& header, std::string_view name, const char* file) {
  for (std::size_t at = 0; at < header.size(); ++at)
    if (header[at] == name) return at;
  throw std::runtime_error(std::string(file) + " has no column " + std::string(name));
}

int digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  if (from + count > text.size()) throw std::runtime_error("the roster has no instant in '" + std::string(text) + "'");
  const char* begin = text.data() + from;
  const auto [end, failed] = std::from_chars(begin, begin + count, value);
  if (failed != std::errc{} || end != begin + count)
    throw std::runtime_error("the roster has no instant in '" + std::string(text) + "'");
  return value;
}

/// 2026-11-21T17:30:00+08:00
ProductUs instant(std::string_view text) {
  const std::chrono::year_month_day day{std::chrono::year{digits(text, 0, 4)},
                                        std::chrono::month{static_cast<unsigned>(digits(text, 5, 2))},
                                        std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
  const ProductUs days = std::chrono::sys_days{day}.time_since_epoch().count();
  const int seconds = digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2);
  int offset = text.size() >= 25 ? digits(text, 20, 2) * 3600 + digits(text, 23, 2) * 60 : 0;
  if (text.size() >= 25 && text[19] == '-') offset = -offset;
  return days * kDayUs + (seconds - offset) * kSecondUs;
}

}  // namespace

std::vector<PlanShift> read_roster(const std::string& csv, const std::map<std::string, std::int64_t>& units) {
  const auto rows = rows_of(csv);
  if (rows.empty()) throw std::runtime_error("the roster is empty");
  const std::size_t account = column(rows[0], "account", "the roster");
  const std::size_t unit_codes = column(rows[0], "unit_codes", "the roster");
  const std::size_t by = column(rows[0], "by", "the roster");
  const std::size_t starts = column(rows[0], "starts_at", "the roster");
  const std::size_t ends = column(rows[0], "ends_at", "the roster");
  std::vector<PlanShift> shifts;
  for (std::size_t at = 1; at < rows.size(); ++at) {
    const auto& row = rows[at];
    if (row.size() < rows[0].size() || row[by] != "desk") continue;
    const auto unit = units.find(row[unit_codes].substr(0, row[unit_codes].find(';')));
    if (unit == units.end()) continue;
    shifts.push_back({row[account], unit->second, instant(row[starts]), instant(row[ends])});
  }
  return shifts;
}

std::map<std::string, std::string> read_devices(const std::string& csv) {
  const auto rows = rows_of(csv);
  std::map<std::string, std::string> tokens;
  for (std::size_t at = 1; at < rows.size(); ++at)
    if (rows[at].size() >= 2) tokens[rows[at][0]] = rows[at][1];
  if (tokens.empty()) throw std::runtime_error("the devices file names nobody (account,device_token)");
  return tokens;
}

}  // namespace kapok::load
