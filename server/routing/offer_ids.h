#pragma once

#include <algorithm>
#include <cstdint>

#include "core/id.h"
#include "core/instant.h"

namespace kapok::routing {

/// Offer ids are made here, from nothing but the instant and the last id, so that a replay makes the same
/// ones. Layout of decision 4: 43 bits of milliseconds since 2020-01-01, 10 bits city, 10 bits counter;
/// strictly rising, also over restarts, as `Restarted::last_offer` says where to go on.
class OfferIds {
 public:
  explicit OfferIds(std::int32_t city_number) : city_(city_number) {}

  void continue_after(OfferId last) { last_ = std::max(last_, last.value); }
  [[nodiscard]] OfferId last() const { return OfferId{last_}; }

  OfferId next(Instant now) {
    const std::int64_t ms = std::max<std::int64_t>(now.us - kEpochUs, 0) / 1000;
    std::int64_t id = compose(std::max<std::int64_t>(ms, 1), 0);
    if (id <= last_) id = after(last_);
    last_ = id;
    return OfferId{id};
  }

 private:
  static constexpr std::int64_t kEpochUs = 1'577'836'800'000'000;  // 2020-01-01T00:00:00Z
  static constexpr std::int64_t kCounterMax = 1023;

  [[nodiscard]] std::int64_t compose(std::int64_t ms, std::int64_t counter) const {
    return (ms << 20) | (std::int64_t{city_} << 10) | counter;
  }
  [[nodiscard]] std::int64_t after(std::int64_t id) const {
    const std::int64_t counter = id & kCounterMax;
    return counter < kCounterMax ? compose(id >> 20, counter + 1) : compose((id >> 20) + 1, 0);
  }

  std::int32_t city_;
  std::int64_t last_ = 0;
};

}  // namespace kapok::routing
