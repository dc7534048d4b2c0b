#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/instant.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One record as the index knows it: which, when, and its keyed tokens. Never its text.
struct SearchDocument {
  std::int64_t object_id = 0;
  Instant at;                       ///< hits come newest first by this instant
  std::vector<std::string> tokens;  ///< from SearchTokens; order and repeats do not matter
};

/// A possible match: the caller opens the row and checks it with SearchQuery::matches.
struct SearchHit {
  std::int64_t object_id = 0;
  std::int64_t place = 0;  ///< where the hit stands in time; the next page starts before it
};

/// First place of an instant's millisecond: whatever is older stands before it.
std::int64_t first_place_at(Instant at);

struct SearchLookup {
  std::vector<std::string> tokens;           ///< all of them must be there
  std::optional<std::int64_t> before_place;  ///< last place of the page before
  std::int64_t limit = 50;
};

/// Full text behind a port: FTS5 with keyed tokens on SQLite; a GIN index over the same tokens can stand
/// here on PostgreSQL. An index is derived: it can be emptied and rebuilt from the rows at any time.
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;

  /// Writes or replaces a document, inside the transaction of the record it describes.
  virtual void put(Transaction& tx, const SearchDocument& document) = 0;
  virtual void remove(Transaction& tx, std::int64_t object_id) = 0;
  /// Newest first.
  virtual std::vector<SearchHit> find(ReadTransaction& tx, const SearchLookup& lookup) = 0;
};

std::unique_ptr<SearchIndex> make_fts5_index();

}  // namespace kapok::storage
