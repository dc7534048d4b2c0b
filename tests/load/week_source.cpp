#include "load/week_source.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

#include "load/generated_week.h"

namespace kapok::load {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw std::runtime_error("cannot read " + path);
  return text.str();
}

}  // namespace

ChosenWeek choose_week(const WeekSource& source) {
  const Stretch stretch = stretch_of(source.day, source.from, source.until);
  const bool whole = !source.day && source.from.empty() && source.until.empty();
  ChosenWeek chosen;
  chosen.is_record = !source.calls_file.empty();
  std::vector<BankCall> calls;
  try {
    calls = chosen.is_record ? read_bank_calls(read_file(source.calls_file)) : generate_week(source.seed);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("the bank's record: {}", error.what()));
  }
  chosen.week = replay_of(calls);
  if (!whole) chosen.week = part_of(chosen.week, stretch.from, stretch.until);
  if (chosen.week.calls.empty()) throw std::runtime_error("nobody calls in that stretch");
  const char* what = chosen.is_record ? "the bank's recorded week" : "a generated week of the bank's published figures";
  chosen.said = fmt::format(
      "{}: {} arrivals in {:.1f} hours; {} phantoms of the week passed over", what, chosen.week.calls.size(),
      static_cast<double>(chosen.week.length()) / static_cast<double>(kHourUs), chosen.week.phantoms);
  if (!chosen.is_record)
    chosen.said +=
        fmt::format("; the bank's own run is skipped: its record is not named (--calls, {})", kCallsVariable);
  return chosen;
}

}  // namespace kapok::load
