#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/instant.h"
#include "core/result.h"

namespace kapok::storage {

class Connection;

/// What a store says of itself in a few lines. Noted when a backup is made, compared when it is tried or restored.
struct StoreFacts {
  int schema = 0;
  std::int64_t seq = 0;  ///< last committed batch
  Instant at;            ///< its product time
  std::int64_t audit_seq = 0;
  std::string audit_hash;
  /// Rows by table; empty where they were not counted. Without the search text, which only SQLite has, and without
  /// `change`, which holds what happened to wait for shipping.
  std::map<std::string, std::int64_t> rows;

  friend bool operator==(const StoreFacts&, const StoreFacts&) = default;
};

/// Reads them within the connection's present snapshot. Throws StoreFailure. Counting reads every table's shortest
/// index: about 5 ms for 200,000 contacts.
StoreFacts read_store_facts(Connection& connection, bool count_rows);

/// Lines "name value"; refuses with kRowDamaged what does not read so.
std::string facts_text(const StoreFacts& facts);
Result<StoreFacts> facts_from(std::string_view text);

/// One English sentence naming the first difference; empty when there is none. Rows are compared when both counted.
std::string difference(const StoreFacts& noted, const StoreFacts& found);

}  // namespace kapok::storage
