#include "load/replay_week.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <tuple>

#include <fmt/core.h>

namespace kapok::load {
namespace {

ReplayKind kind_of(const BankCall& call) {
  if (call.outcome == BankOutcome::kServed) return ReplayKind::kStays;
  return call.queued ? ReplayKind::kGivesUp : ReplayKind::kHangsUpAtOnce;
}

int median_service_s(const std::vector<BankCall>& calls) {
  std::vector<int> services;
  for (const BankCall& call : calls)
    if (call.outcome == BankOutcome::kServed) services.push_back(call.service_s);
  if (services.empty()) return 60;
  const auto middle = services.begin() + static_cast<std::ptrdiff_t>(services.size() / 2);
  std::nth_element(services.begin(), middle, services.end());
  return *middle;
}

ProductUs time_of_day(std::string_view text) {
  int hour = -1;
  int minute = -1;
  const auto two = [&](std::size_t at, int& value) {
    return std::from_chars(text.data() + at, text.data() + at + 2, value).ptr == text.data() + at + 2;
  };
  const bool shaped = text.size() == 5 && text[2] == ':' && two(0, hour) && two(3, minute);
  if (!shaped || hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
    throw std::runtime_error(fmt::format("a time of day is like 13:30, not '{}'", text));
  return (hour * 60 + minute) * 60 * kSecondUs;
}

}  // namespace

std::size_t ReplayWeek::count(ReplayKind kind) const {
  return static_cast<std::size_t>(
      std::count_if(calls.begin(), calls.end(), [kind](const ReplayCall& call) { return call.kind == kind; }));
}

ReplayWeek replay_of(const std::vector<BankCall>& calls) {
  ReplayWeek week;
  const int middle_s = median_service_s(calls);
  for (const BankCall& call : calls) {
    if (call.outcome == BankOutcome::kPhantom) {
      ++week.phantoms;
      continue;
    }
    ReplayCall replay;
    replay.number = week.calls.size();  // until they are in their order
    replay.kind = kind_of(call);
    replay.joins = call.day * kDayUs + (call.arrival_s + std::max(0, call.vru_s)) * kSecondUs;
    if (replay.kind == ReplayKind::kGivesUp) replay.patience = call.wait_s * kSecondUs;
    replay.talk = (replay.kind == ReplayKind::kStays ? call.service_s : middle_s) * kSecondUs;
    week.calls.push_back(replay);
  }
  std::sort(week.calls.begin(), week.calls.end(), [](const ReplayCall& a, const ReplayCall& b) {
    return std::tie(a.joins, a.number) < std::tie(b.joins, b.number);
  });
  for (std::size_t at = 0; at < week.calls.size(); ++at) week.calls[at].number = at + 1;
  if (!week.calls.empty()) week.until = std::max(week.until, week.calls.back().joins + kSecondUs);
  return week;
}

ReplayWeek part_of(const ReplayWeek& week, ProductUs from, ProductUs until) {
  ReplayWeek part;
  part.from = from;
  part.until = until;
  part.phantoms = week.phantoms;
  for (const ReplayCall& call : week.calls)
    if (call.joins >= from && call.joins < until) part.calls.push_back(call);
  return part;
}

Stretch stretch_of(std::optional<int> day, std::string_view from, std::string_view until) {
  if (day && (*day < 1 || *day > 7)) throw std::runtime_error("a day is 1 (Monday) to 7 (Sunday)");
  const ProductUs first = (day.value_or(1) - 1) * kDayUs;
  const ProductUs last = (day.value_or(7) - 1) * kDayUs;
  const Stretch stretch{first + (from.empty() ? 0 : time_of_day(from)),
                        last + (until.empty() ? kDayUs : time_of_day(until))};
  if (stretch.until <= stretch.from) throw std::runtime_error("--until lies before --from");
  return stretch;
}

std::string caller_of(std::uint64_t number) { return fmt::format("020-09{:06}", number % 1'000'000); }

}  // namespace kapok::load
