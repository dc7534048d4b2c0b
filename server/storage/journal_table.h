#pragma once

#include <cstdint>
#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

using JournalId = Id<struct JournalTag>;

/// One routing event, as routing was told it, in the order routing was told (decision 20).
struct JournalRow : RecordRow<JournalId> {
  static constexpr const char* kTable = "journal";

  std::int64_t seq = 0;  ///< rises by one in a city
  Instant at;
  std::string event;  ///< routing/event_text.h; sealed: keys and worker ids stand in it
};

template <class V>
void columns(V& v, JournalRow& r) {
  v.plain("seq", r.seq);
  v.plain("at", r.at);
  v.sealed("event", r.event);
}

/// The journal as stored. Errors as in table.h.
struct JournalTable {
  static Result<> append(Transaction& tx, JournalRow& row);
  /// Rows from `seq` on, at most `limit`.
  static Selection<JournalRow> from(ReadTransaction& tx, CityId city, std::int64_t seq, std::int64_t limit);
  static std::int64_t last_seq(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
