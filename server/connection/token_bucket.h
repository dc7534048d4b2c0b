#pragma once

#include <algorithm>
#include <cstdint>

#include "connection/limits.h"

namespace kapok::connection {

/// Lets `burst` through at once and `per_s` in the long run. Time is handed in and may stand still.
class TokenBucket {
 public:
  TokenBucket(std::uint32_t per_s, std::uint32_t burst, NetTime now)
      : per_s_(per_s), burst_(burst), tokens_(burst), filled_at_(now) {}

  bool take(NetTime now) {
    const std::chrono::duration<double> passed = std::max(now - filled_at_, NetDuration::zero());
    tokens_ = std::min(tokens_ + passed.count() * per_s_, static_cast<double>(burst_));
    filled_at_ = std::max(now, filled_at_);
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
  }

 private:
  double per_s_;
  std::uint32_t burst_;
  double tokens_;
  NetTime filled_at_;
};

}  // namespace kapok::connection
