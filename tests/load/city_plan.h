#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "load/product_time.h"
#include "load/random_streams.h"

namespace kapok::load {

/// A published number whose calls reach the server.
struct PlanLine {
  std::int64_t line = 0;
  std::int64_t unit = 0;
  std::string number;
  bool crisis = false;
  double weight = 1;  ///< share of the callers, in points of the station
};

/// A stretch of duty at a desk. Phones on duty need nobody of ours: the gateway rings them.
struct PlanShift {
  std::string account;
  std::int64_t unit = 0;
  ProductUs from = 0;
  ProductUs to = 0;
  bool goes_on = false;  ///< takes duty anew when the server ends its shift before
};

struct PlanRules {
  double crisis_share = 0.02;
  double withheld_share = 0.05;
  double repeat_share = 0.2;  ///< callers who are among the regulars
  std::size_t regulars = 300;
};

/// How many village and community points each station has, from points.csv: column `station_code`.
std::map<std::string, int> points_per_station(std::string_view csv);

/// Who calls where and who is at a desk when. Decides nothing about time passing.
class CityPlan {
 public:
  /// Needs at least one line. Without a crisis line its share goes to the others.
  CityPlan(std::vector<PlanLine> lines, std::vector<PlanShift> shifts, PlanRules rules);

  [[nodiscard]] const PlanLine& line(Stream& chance) const;
  /// An invented number (020-09xx xxxx), or empty when withheld.
  [[nodiscard]] std::string caller(Stream& chance) const;

  /// Ordered by `from`.
  [[nodiscard]] const std::vector<PlanShift>& shifts() const { return shifts_; }
  [[nodiscard]] const std::vector<PlanLine>& lines() const { return lines_; }

 private:
  std::vector<PlanLine> lines_;
  std::vector<double> up_to_;  ///< summed weights of ordinary lines, in the order of lines_
  std::vector<std::size_t> crisis_;
  std::vector<PlanShift> shifts_;
  PlanRules rules_;
};

}  // namespace kapok::load
