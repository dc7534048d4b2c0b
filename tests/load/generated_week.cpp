#include "load/generated_week.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "load/random_streams.h"

namespace kapok::load {
namespace {

constexpr int kWednesday = 2;
constexpr int kFriday = 4;
constexpr int kSaturday = 5;
constexpr int kSurgeHour = 13;
constexpr int kHourSeconds = 3600;

/// The spread of a log-normal law with this mean and median.
double spread_of(double mean, double median) { return std::sqrt(2 * std::log(mean / median)); }

int seconds_of(double drawn) { return std::clamp(static_cast<int>(std::lround(drawn)), 0, kHourSeconds); }

enum class Lot { kServedAtOnce, kServedAfterHold, kGaveUp, kLeftBefore, kPhantom };

class Generator {
 public:
  Generator(std::uint64_t seed, const WeekFigures& figures)
      : figures_(figures),
        streams_(seed),
        lots_(streams_.of(Purpose::kCaller)),
        times_(streams_.of(Purpose::kArrival)) {}

  std::vector<BankCall> week() {
    fill_bag();
    for (int day = 0; day < 7; ++day) {
      int calls = figures_.calls_by_day[static_cast<std::size_t>(day)];
      if (day == kWednesday) {
        calls -= figures_.surge_calls;
        surge();
      }
      for (int call = 0; call < calls; ++call) add(day, hour_of(day), draw_lot());
    }
    std::sort(calls_.begin(), calls_.end(), [](const BankCall& a, const BankCall& b) {
      return std::tie(a.day, a.arrival_s, a.vru_s, a.service_s, a.wait_s) <
             std::tie(b.day, b.arrival_s, b.vru_s, b.service_s, b.wait_s);
    });
    return std::move(calls_);
  }

 private:
  void fill_bag() {
    const auto put = [this](Lot lot, int count) { bag_.insert(bag_.end(), static_cast<std::size_t>(count), lot); };
    put(Lot::kServedAtOnce, figures_.served_at_once);
    put(Lot::kServedAfterHold, figures_.served_after_hold);
    put(Lot::kGaveUp, figures_.gave_up_on_hold);
    put(Lot::kPhantom, figures_.phantoms);
    put(Lot::kLeftBefore, figures_.left_before - figures_.surge_left_before);
  }

  Lot draw_lot() {
    std::swap(bag_[lots_.below(bag_.size())], bag_.back());
    const Lot lot = bag_.back();
    bag_.pop_back();
    return lot;
  }

  void surge() {
    for (int call = 0; call < figures_.surge_calls; ++call)
      add(kWednesday, kSurgeHour, call < figures_.surge_left_before ? Lot::kLeftBefore : draw_lot());
  }

  [[nodiscard]] double weight(int day, int hour) const {
    const bool closed =
        (day == kFriday && hour >= figures_.friday_closes) || (day == kSaturday && hour < figures_.saturday_opens);
    // The surge comes beside the hour's own callers' share, which it replaces.
    if (day == kWednesday && hour == kSurgeHour) return 0;
    return figures_.by_hour[static_cast<std::size_t>(hour)] * (closed ? figures_.closed_share : 1);
  }

  int hour_of(int day) {
    double sum = 0;
    for (int hour = 0; hour < 24; ++hour) sum += weight(day, hour);
    double drawn = times_.uniform() * sum;
    for (int hour = 0; hour < 24; ++hour) {
      drawn -= weight(day, hour);
      if (drawn < 0) return hour;
    }
    return 12;
  }

  void add(int day, int hour, Lot lot) {
    BankCall call;
    Stream own = streams_.of(Purpose::kTalk, calls_.size());
    call.day = day;
    call.arrival_s = hour * kHourSeconds + static_cast<int>(times_.below(kHourSeconds));
    call.vru_s = seconds_of(own.log_normal(figures_.vru_mean_s, spread_of(figures_.vru_mean_s, figures_.vru_median_s)));
    const double talk =
        own.log_normal(figures_.service_mean_s, spread_of(figures_.service_mean_s, figures_.service_median_s));
    if (lot == Lot::kPhantom) call.outcome = BankOutcome::kPhantom;
    if (lot == Lot::kLeftBefore || lot == Lot::kGaveUp) call.outcome = BankOutcome::kHungUp;
    call.queued = lot == Lot::kServedAfterHold || lot == Lot::kGaveUp || lot == Lot::kPhantom;
    if (call.outcome == BankOutcome::kServed) call.service_s = seconds_of(talk);
    if (lot == Lot::kServedAfterHold) call.wait_s = 1 + seconds_of(own.exponential(figures_.hold_mean_s - 1));
    if (lot == Lot::kGaveUp) call.wait_s = seconds_of(own.exponential(figures_.gave_up_wait_mean_s));
    calls_.push_back(call);
  }

  const WeekFigures& figures_;
  RandomStreams streams_;
  Stream lots_;
  Stream times_;
  std::vector<Lot> bag_;
  std::vector<BankCall> calls_;
};

}  // namespace

std::vector<BankCall> generate_week(std::uint64_t seed, const WeekFigures& figures) {
  return Generator(seed, figures).week();
}

}  // namespace kapok::load
