#pragma once

#include <optional>
#include <string_view>

#include "api/audit.h"
#include "api/directory.h"
#include "api/gateway.h"
#include "api/message.h"
#include "api/referral.h"
#include "core/enum_names.h"

/// Enumerations on the wire are ours plus one: 0 is UNSPECIFIED. A test walks both sides.
namespace kapok::protocol {

template <class E>
inline constexpr int kWireValues = static_cast<int>(count_of<E>());
template <>
inline constexpr int kWireValues<api::ImportKind> = 7;
template <>
inline constexpr int kWireValues<api::ReferralBox> = 2;
template <>
inline constexpr int kWireValues<api::GatewayCapability> = 12;
template <>
inline constexpr int kWireValues<api::Saved> = 3;
template <>
inline constexpr int kWireValues<api::ReadingList> = 3;
template <>
inline constexpr int kWireValues<api::RecordKind> = 4;
template <>
inline constexpr int kWireValues<api::ReadingHow> = 8;

template <class Wire, class E>
constexpr Wire to_wire(E value) {
  return static_cast<Wire>(static_cast<int>(value) + 1);
}

/// Nothing for UNSPECIFIED and for values of a later version.
template <class E, class Wire>
constexpr std::optional<E> from_wire(Wire value) {
  const int number = static_cast<int>(value);
  if (number < 1 || number > kWireValues<E>) return std::nullopt;
  return static_cast<E>(number - 1);
}

}  // namespace kapok::protocol
