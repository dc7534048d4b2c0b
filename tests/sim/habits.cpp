#include "sim/habits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace kapok::sim {
namespace {

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  while (true) {
    const auto at = line.find(',');
    cells.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return cells;
    line.remove_prefix(at + 1);
  }
}

std::optional<double> number(std::string_view cell) {
  double value = 0;
  const auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (failed != std::errc{} || end != cell.data() + cell.size() || !(value >= 0)) return std::nullopt;
  return value;
}

std::optional<std::size_t> column(const std::vector<std::string_view>& head, std::string_view name) {
  const auto found = std::find(head.begin(), head.end(), name);
  if (found == head.end()) return std::nullopt;
  return static_cast<std::size_t>(found - head.begin());
}

}  // namespace

Duration from_seconds(double seconds) {
  return Duration{std::max<std::int64_t>(1, static_cast<std::int64_t>(std::llround(seconds * 1e6)))};
}

std::optional<EmpiricalTimes> EmpiricalTimes::read(std::string_view csv) {
  const auto head = cells_of(csv.substr(0, csv.find('\n')));
  const auto wait_at = column(head, "wait_s");
  const auto talk_at = column(head, "service_s");
  const auto outcome_at = column(head, "outcome");
  if (!wait_at || !talk_at || !outcome_at) return std::nullopt;
  EmpiricalTimes out;
  std::vector<std::pair<double, bool>> waits;  // and whether it ended in a hang-up
  while (csv.find('\n') != std::string_view::npos) {
    csv.remove_prefix(csv.find('\n') + 1);
    const auto cells = cells_of(csv.substr(0, csv.find('\n')));
    if (cells.size() != head.size()) continue;
    const auto wait = number(cells[*wait_at]);
    const auto talk = number(cells[*talk_at]);
    const bool hung_up = cells[*outcome_at] == "hang";
    if (!wait || (!hung_up && cells[*outcome_at] != "agent")) continue;
    if (!hung_up && talk && *talk > 0) out.talks_.push_back(*talk);
    if (*wait > 0) waits.emplace_back(*wait, hung_up);
  }
  if (out.talks_.empty() || waits.empty()) return std::nullopt;
  std::sort(waits.begin(), waits.end());
  double stay = 1;
  for (std::size_t at = 0; at < waits.size(); ++at) {
    if (!waits[at].second) continue;
    stay *= 1 - 1 / static_cast<double>(waits.size() - at);
    out.patience_.push_back({waits[at].first, 1 - stay});
  }
  return out;
}

double EmpiricalTimes::talk_s(load::Stream& chance) const { return talks_[chance.below(talks_.size())]; }

std::optional<double> EmpiricalTimes::patience_s(load::Stream& chance) const {
  const double drawn = chance.uniform();
  const auto step = std::lower_bound(patience_.begin(), patience_.end(), drawn,
                                     [](const Step& s, double value) { return s.gone < value; });
  if (step == patience_.end()) return std::nullopt;
  return step->wait_s;
}

Duration Habits::talk(load::Stream& chance) const {
  if (empirical != nullptr) return from_seconds(empirical->talk_s(chance));
  return from_seconds(talk_spread > 0 ? chance.log_normal(talk_mean_s, talk_spread) : chance.exponential(talk_mean_s));
}

Duration Habits::patience(load::Stream& chance) const {
  if (chance.chance(short_hang_up_share)) return from_seconds(chance.between(0.2, 6));
  if (empirical != nullptr)
    if (const auto wait = empirical->patience_s(chance)) return from_seconds(*wait);
  return from_seconds(chance.exponential(patience_mean_s));
}

}  // namespace kapok::sim
