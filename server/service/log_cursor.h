#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/contact.h"
#include "storage/key_ring.h"

namespace kapok::service {

/// Where a page of the log ended: (instant, id) of a list by time, (place, id) of a text search, and how many
/// rows came before.
struct LogCursor {
  std::int64_t at = 0;
  std::int64_t id = 0;
  std::int64_t rows = 0;
};

/// Opaque to the client and bound by a keyed digest to the search it came from: a changed cursor, or one of
/// another search, is refused.
std::string write_log_cursor(const storage::KeyRing& keys, const api::SearchLog& search, const LogCursor& cursor);
std::optional<LogCursor> read_log_cursor(const storage::KeyRing& keys, const api::SearchLog& search);

/// Everything of a search but its cursor and its page size, as one line.
std::string describe(const api::SearchLog& search);

}  // namespace kapok::service
