#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "core/instant.h"

namespace kapok::service {

/// Where a page of a work list ended: a keyset of (instant, id), as text. A changed one only begins elsewhere in a
/// list the asker may see anyway.
struct PageCursor {
  Instant at;
  std::int64_t id = 0;
};

inline constexpr std::uint32_t kListPageMax = 50;

inline std::string write_page_cursor(const PageCursor& cursor) {
  return std::to_string(cursor.at.us) + "." + std::to_string(cursor.id);
}

/// Empty text is the beginning; nothing for text that write_page_cursor did not make.
inline std::optional<PageCursor> read_page_cursor(const std::string& text) {
  if (text.empty()) return PageCursor{};
  long long at = 0;
  long long id = 0;
  int used = 0;
  if (text.size() > 64 || std::sscanf(text.c_str(), "%lld.%lld%n", &at, &id, &used) != 2) return std::nullopt;
  if (static_cast<std::size_t>(used) != text.size() || id <= 0) return std::nullopt;
  return PageCursor{Instant{at}, id};
}

/// Rows of a page as asked for, 1 to kListPageMax.
inline std::uint32_t page_size(std::uint32_t asked) {
  return asked == 0 ? kListPageMax : std::min(asked, kListPageMax);
}

}  // namespace kapok::service
