#pragma once

#include <atomic>
#include <optional>
#include <set>

#include "service/clock.h"

namespace kapok::week {

/// Product time that jumps from one thing to the next. The service's timers sleep for ever in real time; instead the
/// clock keeps the instants they asked for, and whoever moves it has the service look (WeekCity::move_to).
///
/// `now` from any thread; everything else from the one that runs the city's strand.
class VirtualClock final : public service::Clock {
 public:
  explicit VirtualClock(Instant now) : now_us_(now.us) {}

  [[nodiscard]] Instant now() const override { return Instant{now_us_.load()}; }
  [[nodiscard]] Duration real_until(Instant at) const override {
    if (at <= now()) return Duration{0};
    asked_.insert(at);
    return hours{1};
  }
  /// Network deadlines are real time (decision 5): a quiet night that passes in a second makes no gateway silent.
  [[nodiscard]] std::uint32_t factor() const override { return 100'000; }

  /// The earliest instant at which a timer wants to be looked at; it may have been set anew since, and the look is
  /// then for nothing.
  [[nodiscard]] std::optional<Instant> next_timer() const {
    return asked_.empty() ? std::nullopt : std::optional(*asked_.begin());
  }
  /// Never backwards.
  void move_to(Instant at) {
    if (at > now()) now_us_ = at.us;
    asked_.erase(asked_.begin(), asked_.upper_bound(now()));
  }

 private:
  std::atomic<std::int64_t> now_us_;
  mutable std::set<Instant> asked_;
};

}  // namespace kapok::week
