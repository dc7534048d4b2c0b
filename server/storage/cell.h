#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"

namespace kapok::storage {

/// The two column types of the portable schema: BIGINT (and SMALLINT) and TEXT.
enum class CellKind { kInteger, kText };

/// An enumeration with a table of stable names; stored as its name.
template <class E>
concept NamedEnum = std::is_enum_v<E> && std::is_array_v<std::remove_reference_t<decltype(kEnumNames<E>)>>;

/// One value on its way into or out of the database, with the static type its column has.
///
/// Unset ids and unset instants are NULL in the database, because zero means "none" in the core.
/// Booleans are 0 and 1, durations microseconds, enumerations their stable names.
struct Cell {
  CellKind kind = CellKind::kInteger;
  bool null = true;
  long long integer = 0;
  std::string text;

  Cell() = default;
  explicit Cell(CellKind k) : kind(k) {}

  template <std::integral T>
  Cell(T value) : null(false), integer(static_cast<long long>(value)) {}
  template <NamedEnum E>
  Cell(E value) : kind(CellKind::kText), null(false), text(name_of(value)) {}
  template <class Tag>
  Cell(Id<Tag> id) : null(!id.is_set()), integer(id.value) {}
  Cell(Instant at) : null(!at.is_set()), integer(at.us) {}
  Cell(Duration length) : null(false), integer(length.count()) {}
  Cell(std::string value) : kind(CellKind::kText), null(false), text(std::move(value)) {}
  Cell(std::string_view value) : Cell(std::string(value)) {}
  Cell(const char* value) : Cell(std::string(value)) {}
  template <class T>
  Cell(const std::optional<T>& value) : Cell(value ? Cell(*value) : Cell(kind_of<T>())) {}

  /// Column type in which a T is stored.
  template <class T>
  static constexpr CellKind kind_of() {
    if constexpr (NamedEnum<T> || std::is_same_v<T, std::string>) {
      return CellKind::kText;
    } else {
      return CellKind::kInteger;
    }
  }

  friend bool operator==(const Cell&, const Cell&) = default;
};

using Values = std::vector<Cell>;

namespace detail {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};
}  // namespace detail

template <class T>
constexpr CellKind column_kind() {
  if constexpr (detail::IsOptional<T>::value) {
    return Cell::kind_of<typename T::value_type>();
  } else {
    return Cell::kind_of<T>();
  }
}

/// Reads a cell into `out`. False when the cell cannot be such a value (NULL where one is required, a
/// name that no longer exists): the row is then damaged or newer than this program.
template <class T>
bool read_cell(const Cell& cell, T& out) {
  if constexpr (detail::IsOptional<T>::value) {
    if (cell.null) return out.reset(), true;
    return read_cell(cell, out.emplace());
  } else if constexpr (detail::IsId<T>::value) {
    out = T{cell.null ? 0 : cell.integer};
    return true;
  } else if constexpr (std::is_same_v<T, Instant>) {
    out = Instant{cell.null ? 0 : cell.integer};
    return true;
  } else {
    if (cell.null || cell.kind != Cell::kind_of<T>()) return false;
    if constexpr (std::is_same_v<T, std::string>) {
      out = cell.text;
    } else if constexpr (std::is_same_v<T, Duration>) {
      out = Duration{cell.integer};
    } else if constexpr (NamedEnum<T>) {
      const auto value = from_name<T>(cell.text);
      if (!value) return false;
      out = *value;
    } else {
      static_assert(std::integral<T>, "a column holds ids, instants, durations, enumerations, integers or text");
      if (!std::in_range<std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>>(cell.integer)) return false;
      out = static_cast<T>(cell.integer);
    }
    return true;
  }
}

}  // namespace kapok::storage
