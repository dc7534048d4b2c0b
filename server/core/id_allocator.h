#pragma once

#include <algorithm>
#include <cstdint>

#include "core/check.h"
#include "core/instant.h"

namespace kapok {

/// 2020-01-01T00:00:00Z, where the milliseconds inside an id begin (decision 4).
inline constexpr Instant kIdEpoch{1'577'836'800'000'000};

/// Parts of an allocated id: 43 bits of milliseconds, 10 bits of city, 10 bits of counter.
struct IdParts {
  std::int64_t milliseconds = 0;  ///< since kIdEpoch
  std::int64_t city_number = 0;   ///< 1..1023
  std::int64_t counter = 0;       ///< 0..1023

  friend bool operator==(const IdParts&, const IdParts&) = default;
};

constexpr std::int64_t join_id(IdParts parts) {
  return (parts.milliseconds << 20) | (parts.city_number << 10) | parts.counter;
}

constexpr IdParts split_id(std::int64_t id) { return {id >> 20, (id >> 10) & 1023, id & 1023}; }

/// Gives out the ids of one city: max(clock, last + 1), so they rise strictly even when the clock stands
/// still or steps back, and across a restart when it is started from the store's high-water mark. More than
/// 1,024 ids in a millisecond borrow from the next one. Held by the one service that owns the city.
class IdAllocator {
 public:
  /// `high_water` is the greatest id in store and spool, 0 for an empty city. An id of another city there
  /// would break the order and is our mistake.
  IdAllocator(std::int64_t city_number, std::int64_t high_water) : city_number_(city_number), last_(high_water) {
    KAPOK_CHECK(city_number >= 1 && city_number <= 1023);
    KAPOK_CHECK(high_water == 0 || split_id(high_water).city_number == city_number);
  }

  [[nodiscard]] std::int64_t next(Instant now) {
    const std::int64_t clock_ms = std::max<std::int64_t>(0, (now.us - kIdEpoch.us) / 1000);
    IdParts parts{clock_ms, city_number_, 0};
    if (join_id(parts) <= last_) {
      parts = split_id(last_);
      parts.counter = (parts.counter + 1) & 1023;
      if (parts.counter == 0) ++parts.milliseconds;
    }
    KAPOK_CHECK(parts.milliseconds < (std::int64_t{1} << 43));
    last_ = join_id(parts);
    return last_;
  }

  /// The next id as one kind: `allocator.next<ContactId>(now)`.
  template <class IdType>
  [[nodiscard]] IdType next(Instant now) {
    return IdType{next(now)};
  }

  [[nodiscard]] std::int64_t high_water() const { return last_; }

 private:
  std::int64_t city_number_;
  std::int64_t last_;
};

}  // namespace kapok
