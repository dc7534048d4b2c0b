#pragma once

#include <algorithm>

#include "core/instant.h"

namespace kapok::service {

/// Calls of one number that count as usual (decision 10): three at once, and three more per hour.
inline constexpr std::int64_t kBucketSize = 3;
inline constexpr Duration kBucketRefill = minutes{20};

/// Fills up again by one call every kBucketRefill. Beyond it nobody is refused: his number starts no higher than
/// class 2.
class NumberBucket {
 public:
  /// One more call. False when none was left; that call then costs nothing.
  bool take(Instant at) {
    const Instant full_again = std::max(full_at_, at) + kBucketRefill;
    if (full_again > at + kBucketRefill * kBucketSize) return false;
    full_at_ = full_again;
    return true;
  }
  /// As if the number had never called.
  [[nodiscard]] bool is_full(Instant now) const { return full_at_ <= now; }

 private:
  Instant full_at_;
};

}  // namespace kapok::service
