#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "routing/replay.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

using JournalId = Id<struct JournalTag>;

/// One routing event, as routing was told it, in the order routing was told, and what shows later whether a replay of
/// it gives the same (decision 20). The three last are unset in rows of before schema 3.
struct JournalRow : RecordRow<JournalId> {
  static constexpr const char* kTable = "journal";

  std::int64_t seq = 0;  ///< rises by one in a city
  Instant at;
  std::string event;                       ///< routing/event_text.h; sealed: keys and worker ids stand in it
  std::optional<std::string> core;         ///< on the first event of a start: routing/event_text.h
  std::optional<std::int64_t> commands;    ///< digest of the answer, its bits
  std::optional<std::int64_t> state_hash;  ///< after the event, its bits
};

template <class V>
void columns(V& v, JournalRow& r) {
  v.plain("seq", r.seq);
  v.plain("at", r.at);
  v.sealed("event", r.event);
  v.plain("core", r.core);
  v.plain("commands", r.commands);
  v.plain("state_hash", r.state_hash);
}

/// The journal as stored. Errors as in table.h.
struct JournalTable {
  static Result<> append(Transaction& tx, JournalRow& row);
  /// Rows from `seq` on, at most `limit`.
  static Selection<JournalRow> from(ReadTransaction& tx, CityId city, std::int64_t seq, std::int64_t limit);
  /// Lowest and highest seq there is; 0 when the journal is empty.
  static std::int64_t first_seq(ReadTransaction& tx, CityId city);
  static std::int64_t last_seq(ReadTransaction& tx, CityId city);
  /// First row of the last start at or before an instant; 0 when there is none.
  static std::int64_t last_start(ReadTransaction& tx, CityId city, Instant at);
  /// First row of the first start after an instant; 0 when there is none.
  static std::int64_t next_start(ReadTransaction& tx, CityId city, Instant after);

  /// Removes rows before `seq`, the oldest first, at most `limit`; how many those were.
  static std::int64_t erase_before(Transaction& tx, CityId city, std::int64_t seq, std::int64_t limit);

  static routing::JournalEntry entry_of(const JournalRow& row);
};

}  // namespace kapok::storage
