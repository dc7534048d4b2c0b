#pragma once

#include <chrono>

#include "service/clock.h"

namespace kapok::service {

/// Product time of a running server (decision 5): starts at the later of wall clock and what the store last
/// saw, then follows the steady clock, so it never runs backwards and a stepped wall clock changes nothing.
/// With a practice factor N one real second is N seconds of product time. Immutable, any thread.
class ProductClock final : public Clock {
 public:
  ProductClock(Instant last_persisted, std::uint32_t factor);

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Duration real_until(Instant at) const override;
  [[nodiscard]] std::uint32_t factor() const override { return factor_; }

 private:
  std::chrono::steady_clock::time_point steady_start_;
  Instant start_;
  std::uint32_t factor_;
};

}  // namespace kapok::service
