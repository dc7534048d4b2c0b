#include "load/city_plan.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include <fmt/core.h>

namespace kapok::load {

std::map<std::string, int> points_per_station(std::string_view csv) {
  std::map<std::string, int> points;
  std::size_t begin = csv.find('\n');
  while (begin != std::string_view::npos && begin + 1 < csv.size()) {
    const std::size_t end = csv.find('\n', begin + 1);
    const std::string_view row = csv.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1);
    const std::size_t first = row.find(',');
    const std::size_t second = row.find(',', first + 1);
    if (first != std::string_view::npos && second != std::string_view::npos)
      ++points[std::string(row.substr(first + 1, second - first - 1))];
    begin = end;
  }
  return points;
}

CityPlan::CityPlan(std::vector<PlanLine> lines, std::vector<PlanShift> shifts, PlanRules rules)
    : lines_(std::move(lines)), shifts_(std::move(shifts)), rules_(rules) {
  if (lines_.empty()) throw std::runtime_error("the directory has no line whose calls reach the server");
  double sum = 0;
  for (std::size_t at = 0; at < lines_.size(); ++at) {
    if (lines_[at].crisis) crisis_.push_back(at);
    if (!lines_[at].crisis) sum += lines_[at].weight;
    up_to_.push_back(sum);
  }
  std::sort(shifts_.begin(), shifts_.end(),
            [](const auto& a, const auto& b) { return std::tie(a.from, a.account) < std::tie(b.from, b.account); });
}

const PlanLine& CityPlan::line(Stream& chance) const {
  const bool only_crisis = crisis_.size() == lines_.size();
  if (only_crisis || (!crisis_.empty() && chance.chance(rules_.crisis_share)))
    return lines_[crisis_[chance.below(crisis_.size())]];
  const double drawn = chance.uniform() * up_to_.back();
  const auto found = std::upper_bound(up_to_.begin(), up_to_.end(), drawn);
  return lines_[std::min<std::size_t>(static_cast<std::size_t>(found - up_to_.begin()), lines_.size() - 1)];
}

std::string CityPlan::caller(Stream& chance) const {
  if (chance.chance(rules_.withheld_share)) return {};
  const bool regular = chance.chance(rules_.repeat_share);
  const std::size_t number = regular ? chance.below(rules_.regulars) : 10'000 + chance.below(980'000);
  return fmt::format("020-09{:06}", number);
}

}  // namespace kapok::load
