#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace kapok {

/// A positive 64-bit identity of one kind of thing; ids of different kinds do not mix. Zero means "none".
///
/// Layout of an allocated id (decision 4): 43 bits of milliseconds since 2020-01-01, 10 bits of city
/// number, 10 bits of counter. Ids rise strictly within a city; lists are still never sorted by id.
template <class Tag>
struct Id {
  std::int64_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::int64_t v) : value(v) {}

  [[nodiscard]] constexpr bool is_set() const { return value > 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using CityId = Id<struct CityTag>;
using UnitId = Id<struct UnitTag>;  ///< A node of the tree: province, city, region, district, station, point.
using LineId = Id<struct LineTag>;
using WorkerId = Id<struct WorkerTag>;
using EndpointId = Id<struct EndpointTag>;
using ShiftId = Id<struct ShiftTag>;
using CallId = Id<struct CallTag>;
using LegId = Id<struct LegTag>;
using OfferId = Id<struct OfferTag>;
using ContactId = Id<struct ContactTag>;
using NeedId = Id<struct NeedTag>;
using ReferralId = Id<struct ReferralTag>;
using FollowUpId = Id<struct FollowUpTag>;
using MissedCallerId = Id<struct MissedCallerTag>;
using GatewayId = Id<struct GatewayTag>;
using SessionId = Id<struct SessionTag>;
using DeviceId = Id<struct DeviceTag>;

}  // namespace kapok

template <class Tag>
struct std::hash<kapok::Id<Tag>> {
  std::size_t operator()(kapok::Id<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
