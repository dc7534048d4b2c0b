#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "storage/damage.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// A damaged row by its name; its content stays where it is, for whoever repairs it, and is never served.
struct QuarantinedRow {
  DamagedRow row;
  Instant found_at;
};

/// Rows that are known to be damaged, so that each is named once and a list of them can be asked for. A row leaves
/// when a scan finds it sound again or gone.
struct QuarantineTable {
  /// False when it is there already.
  static bool put(Transaction& tx, const DamagedRow& row);
  static void remove(Transaction& tx, std::string_view table, RowKey key);
  /// By table and row, at most `limit`.
  static std::vector<QuarantinedRow> list(ReadTransaction& tx, std::int64_t limit);
  static std::int64_t count(ReadTransaction& tx);
};

}  // namespace kapok::storage
