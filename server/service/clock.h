#pragma once

#include "core/instant.h"

namespace kapok::service {

/// The only source of product time (decision 5). Read on any thread. Never runs backwards within a process,
/// and across restarts starts at max(wall, last persisted).
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  /// How long to sleep in real time until product time `at`; zero when it has passed.
  [[nodiscard]] virtual Duration real_until(Instant at) const = 0;
  /// 1 for real time; above 1 on a practice store.
  [[nodiscard]] virtual std::uint32_t factor() const = 0;
};

}  // namespace kapok::service
