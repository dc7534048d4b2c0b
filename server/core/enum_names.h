#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

#include "core/check.h"

namespace kapok {

/// One value of an enumeration with its stable name (database, log, JSON, CSV) and its Chinese word.
template <class E>
struct EnumName {
  E value;
  std::string_view name;
  std::string_view zh;
};

/// Specialised beside each enumeration as `constexpr EnumName<E> kEnumNames<E>[] = {...}`; one row per value.
template <class E>
inline constexpr int kEnumNames = 0;

template <class E>
constexpr std::string_view name_of(E value) {
  for (const auto& row : kEnumNames<E>)
    if (row.value == value) return row.name;
  check_failed("enumeration value has a name", __FILE__, __LINE__);
}

template <class E>
constexpr std::string_view zh_of(E value) {
  for (const auto& row : kEnumNames<E>)
    if (row.value == value) return row.zh;
  check_failed("enumeration value has a Chinese word", __FILE__, __LINE__);
}

/// Nothing when `name` is not a value of E; foreign text is refused by the caller with its own code.
template <class E>
constexpr std::optional<E> from_name(std::string_view name) {
  for (const auto& row : kEnumNames<E>)
    if (row.name == name) return row.value;
  return std::nullopt;
}

template <class E>
constexpr std::size_t count_of() {
  return std::size(kEnumNames<E>);
}

}  // namespace kapok
