#include "load/bank_calls.h"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <stdexcept>

#include <fmt/core.h>

namespace kapok::load {
namespace {

enum Column : std::size_t { kDate, kArrival, kVru, kQueued, kWait, kService, kOutcome, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"date",   "arrival_s", "vru_s",  "queued",
                                                        "wait_s", "service_s", "outcome"};
constexpr int kDaySeconds = 86'400;
/// The record's clock slips by about a minute; more is another kind of file.
constexpr int kSlipMax = 600;

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto at = line.find(',');
    cells.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return cells;
    line.remove_prefix(at + 1);
  }
}

class Reader {
 public:
  Reader(std::string_view csv, const BankLimits& limits) : rest_(csv), limits_(limits) {}

  std::vector<BankCall> read() {
    read_header();
    std::vector<BankCall> calls;
    while (const auto line = next_line()) {
      if (calls.size() == limits_.calls_max) refuse(fmt::format("more than {} calls", limits_.calls_max));
      calls.push_back(read_row(*line));
    }
    if (calls.empty()) throw std::runtime_error("the record holds no call");
    return calls;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("line {}: {}", line_, why));
  }

  std::optional<std::string_view> next_line() {
    if (rest_.empty()) return std::nullopt;
    ++line_;
    const auto end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  void read_header() {
    const auto header = next_line();
    if (!header) throw std::runtime_error("the record is empty");
    const auto cells = cells_of(*header);
    width_ = cells.size();
    for (std::size_t column = 0; column < kColumns; ++column) {
      std::size_t times = 0;
      for (std::size_t at = 0; at < cells.size(); ++at) {
        if (cells[at] != kNames[column]) continue;
        place_[column] = at;
        ++times;
      }
      if (times != 1) refuse(fmt::format("column {} stands {} times in the header", kNames[column], times));
    }
  }

  int number(Column column, int lowest, int highest) const {
    const std::string_view cell = cells_[place_[column]];
    int value = 0;
    const auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (failed != std::errc{} || end != cell.data() + cell.size() || value < lowest || value > highest)
      refuse(
          fmt::format("{} is '{}', not a number from {} to {}", kNames[column], cell.substr(0, 20), lowest, highest));
    return value;
  }

  /// Days since 1970.
  [[nodiscard]] int date() const {
    const std::string_view cell = cells_[place_[kDate]];
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const bool shaped = cell.size() == 10 && cell[4] == '-' && cell[7] == '-';
    const auto part = [&](std::size_t from, std::size_t length, auto& value) {
      const char* end = cell.data() + from + length;
      return std::from_chars(cell.data() + from, end, value).ptr == end;
    };
    if (!shaped || !part(0, 4, year) || !part(5, 2, month) || !part(8, 2, day))
      refuse(fmt::format("date is '{}', not like 2026-11-22", cell.substr(0, 20)));
    const std::chrono::year_month_day whole{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!whole.ok()) refuse(fmt::format("there is no day {}", cell));
    return static_cast<int>(std::chrono::sys_days{whole}.time_since_epoch().count());
  }

  [[nodiscard]] BankOutcome outcome() const {
    const std::string_view cell = cells_[place_[kOutcome]];
    if (cell == "agent") return BankOutcome::kServed;
    if (cell == "hang") return BankOutcome::kHungUp;
    if (cell == "phantom") return BankOutcome::kPhantom;
    refuse(fmt::format("unknown outcome '{}'", cell.substr(0, 20)));
  }

  BankCall read_row(std::string_view line) {
    cells_ = cells_of(line);
    if (cells_.size() != width_) refuse(fmt::format("{} cells, the header has {}", cells_.size(), width_));
    const int today = date();
    if (!first_) first_ = today;
    BankCall call;
    call.day = today - *first_;
    if (call.day < last_) refuse("a date before that of the row above");
    if (call.day >= limits_.days_max) refuse(fmt::format("more than {} days", limits_.days_max));
    last_ = call.day;
    call.arrival_s = number(kArrival, 0, kDaySeconds - 1);
    call.vru_s = number(kVru, -kSlipMax, kDaySeconds);
    call.queued = number(kQueued, 0, 1) == 1;
    call.wait_s = number(kWait, 0, kDaySeconds);
    call.service_s = number(kService, 0, kDaySeconds);
    call.outcome = outcome();
    return call;
  }

  std::string_view rest_;
  const BankLimits& limits_;
  std::size_t line_ = 0;
  std::size_t width_ = 0;
  std::array<std::size_t, kColumns> place_{};
  std::vector<std::string_view> cells_;
  std::optional<int> first_;
  int last_ = 0;
};

}  // namespace

std::vector<BankCall> read_bank_calls(std::string_view csv, const BankLimits& limits) {
  if (csv.size() > limits.bytes_max)
    throw std::runtime_error(fmt::format("the record has more than {} bytes", limits.bytes_max));
  return Reader(csv, limits).read();
}

}  // namespace kapok::load
