#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace kapok {

/// A length of time in microseconds. The unit of every limit and age in the pure folders.
using Duration = std::chrono::microseconds;

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A point in product time: microseconds since 1970-01-01 UTC (decision 5). Pure code is handed the
/// instant; it never asks for it. Stored as BIGINT.
struct Instant {
  std::int64_t us = 0;

  [[nodiscard]] constexpr bool is_set() const { return us != 0; }
  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, Duration d) { return {at.us + d.count()}; }
  friend constexpr Instant operator-(Instant at, Duration d) { return {at.us - d.count()}; }
  friend constexpr Duration operator-(Instant later, Instant earlier) { return Duration{later.us - earlier.us}; }
};

/// Half-open stretch of time [from, to).
struct Period {
  Instant from;
  Instant to;

  [[nodiscard]] constexpr bool contains(Instant at) const { return from <= at && at < to; }
  [[nodiscard]] constexpr bool overlaps(Period other) const { return from < other.to && other.from < to; }
  [[nodiscard]] constexpr Duration length() const { return to - from; }
  friend constexpr bool operator==(Period, Period) = default;
};

}  // namespace kapok
