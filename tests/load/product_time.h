#pragma once

#include <cstdint>

namespace kapok::load {

/// Product time: microseconds since 1970 UTC as the server's practice clock shows them, and lengths of it.
using ProductUs = std::int64_t;

inline constexpr ProductUs kSecondUs = 1'000'000;
inline constexpr ProductUs kHourUs = 3600 * kSecondUs;
inline constexpr ProductUs kDayUs = 24 * kHourUs;

constexpr ProductUs seconds_us(double seconds) { return static_cast<ProductUs>(seconds * 1e6); }

}  // namespace kapok::load
