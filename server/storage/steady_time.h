#pragma once

#include <chrono>
#include <cstdint>

namespace kapok::storage {

/// For the store's own waits and pace, never for product time.
inline std::int64_t steady_us() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace kapok::storage
