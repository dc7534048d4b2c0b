#pragma once

#include <array>
#include <string>
#include <string_view>

#include "load/product_time.h"
#include "load/random_streams.h"

namespace kapok::load {

/// How busy an hour of the week is; the mean of all 168 is 1.
struct HourWeights {
  std::array<std::array<double, 24>, 7> of{};  ///< [weekday, Monday = 0][local hour]
};

/// Reads deploy/guangzhou/arrivals-24h.csv: the 168 cells of `source` with a weekday. Throws std::runtime_error with
/// one sentence when a cell is missing or no number.
HourWeights read_hour_weights(std::string_view csv, std::string_view source);

/// When callers dial: a Poisson process whose rate follows the hour of the week.
class ArrivalProcess {
 public:
  /// `calls_per_day` is the mean over a week. `utc_offset_min` is the city's.
  ArrivalProcess(HourWeights weights, double calls_per_day, int utc_offset_min, Stream stream);

  [[nodiscard]] double calls_per_hour(ProductUs at) const;
  /// The next arrival after `after`, which must not go backwards between calls.
  ProductUs next(ProductUs after);

 private:
  HourWeights weights_;
  double mean_per_hour_;
  double highest_per_hour_ = 0;
  ProductUs offset_;
  Stream stream_;
};

}  // namespace kapok::load
