#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "load/bank_calls.h"

/// A week like the bank's where its record is not at hand: made of figures that were published about it, of none of
/// its rows. Source: the "Anonymous Bank" data of the Technion, Haifa, first week of February 1999; the hours of the
/// day from all of that month.
namespace kapok::load {

struct WeekFigures {
  /// Monday to Sunday, phantoms included. The working week there is Sunday to Thursday.
  std::array<int, 7> calls_by_day{1567, 1846, 1949, 1371, 522, 210, 1542};
  int served_at_once = 3754;
  int served_after_hold = 3675;
  int gave_up_on_hold = 856;
  int left_before = 663;  ///< in the automated answer
  int phantoms = 59;
  /// Wednesday, 13:00 to 14:00.
  int surge_calls = 494;
  int surge_left_before = 357;
  double service_mean_s = 168;
  double service_median_s = 103;  ///< with the mean it fixes a log-normal law; its 95th percentile is 539
  double gave_up_wait_mean_s = 53;
  double hold_mean_s = 65;
  double vru_median_s = 9;
  double vru_mean_s = 11;
  /// Thousandths of a day's calls by the hour.
  std::array<double, 24> by_hour{4,  1,  1,  0,  0,  1,  3,  27, 67, 75, 84, 77,
                                 66, 78, 72, 69, 71, 57, 51, 48, 41, 42, 36, 29};
  int friday_closes = 14;
  int saturday_opens = 18;
  double closed_share = 0.05;  ///< of the usual rate while closed
};

/// The same seed gives the same week. Counts by day, by outcome and of the surge are those of `figures`; times are
/// drawn.
std::vector<BankCall> generate_week(std::uint64_t seed, const WeekFigures& figures = {});

}  // namespace kapok::load
