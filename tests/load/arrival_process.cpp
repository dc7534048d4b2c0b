#include "load/arrival_process.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <vector>

namespace kapok::load {
namespace {

std::vector<std::string_view> cells_of(std::string_view line, char between) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto at = line.find(between);
    cells.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return cells;
    line.remove_prefix(at + 1);
  }
}

double number_in(std::string_view cell) {
  double value = 0;
  const auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (failed != std::errc{} || end != cell.data() + cell.size())
    throw std::runtime_error("arrivals: '" + std::string(cell) + "' is no number");
  return value;
}

}  // namespace

HourWeights read_hour_weights(std::string_view csv, std::string_view source) {
  HourWeights weights;
  std::size_t found = 0;
  double sum = 0;
  for (const std::string_view line : cells_of(csv, '\n')) {
    const auto cells = cells_of(line, ',');
    if (cells.size() < 5 || cells[0] != source) continue;
    const auto weekday = static_cast<std::size_t>(number_in(cells[1]));
    const auto hour = static_cast<std::size_t>(number_in(cells[2]));
    if (weekday == 0) continue;  // all days together
    if (weekday > 7 || hour > 23) throw std::runtime_error("arrivals: no such weekday or hour: " + std::string(line));
    sum += weights.of[weekday - 1][hour] = number_in(cells[4]);
    ++found;
  }
  if (found != 168) throw std::runtime_error("arrivals: " + std::string(source) + " does not have 168 hours");
  for (auto& day : weights.of)
    for (double& weight : day) weight *= 168.0 / sum;
  return weights;
}

ArrivalProcess::ArrivalProcess(HourWeights weights, double calls_per_day, int utc_offset_min, Stream stream)
    : weights_(weights),
      mean_per_hour_(calls_per_day / 24.0),
      offset_(utc_offset_min * 60 * kSecondUs),
      stream_(stream) {
  for (const auto& day : weights_.of)
    highest_per_hour_ = std::max(highest_per_hour_, mean_per_hour_ * *std::max_element(day.begin(), day.end()));
}

double ArrivalProcess::calls_per_hour(ProductUs at) const {
  const ProductUs local = at + offset_;
  const auto weekday = static_cast<std::size_t>((local / kDayUs + 3) % 7);  // 1970-01-01 was a Thursday
  const auto hour = static_cast<std::size_t>(local % kDayUs / kHourUs);
  return mean_per_hour_ * weights_.of[weekday][hour];
}

ProductUs ArrivalProcess::next(ProductUs after) {
  // Thinning: arrivals at the highest rate, each kept with the share that its hour has of it.
  while (true) {
    after += std::max<ProductUs>(1, seconds_us(stream_.exponential(3600.0 / highest_per_hour_)));
    if (stream_.chance(calls_per_hour(after) / highest_per_hour_)) return after;
  }
}

}  // namespace kapok::load
