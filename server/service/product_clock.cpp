#include "service/product_clock.h"

#include <algorithm>

namespace kapok::service {
namespace {

Instant wall_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Duration>(since_epoch).count()};
}

}  // namespace

ProductClock::ProductClock(Instant last_persisted, std::uint32_t factor)
    : steady_start_(std::chrono::steady_clock::now()),
      start_(std::max(wall_now(), last_persisted)),
      factor_(std::max(factor, 1U)) {}

Instant ProductClock::now() const {
  const auto passed = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_start_);
  return start_ + passed * factor_;
}

Duration ProductClock::real_until(Instant at) const {
  const Duration left = at - now();
  if (left <= Duration::zero()) return Duration::zero();
  // Rounded up, so that a timer never fires just before the instant it was set for.
  return Duration{(left.count() + factor_ - 1) / factor_};
}

}  // namespace kapok::service
