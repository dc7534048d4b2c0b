#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "casework/missed_caller.h"
#include "core/id.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"
#include "storage/unit_set.h"

namespace kapok::storage {

/// `missed.id` and `.version` are not used: the row's stand for them.
struct MissedCallerRow : RecordRow<MissedCallerId> {
  static constexpr const char* kTable = "missed_caller";

  casework::MissedCaller missed;
};

template <class V>
void columns(V& v, MissedCallerRow& r) {
  casework::MissedCaller& m = r.missed;
  v.plain("call_id", m.call);
  v.plain("unit_id", m.unit);
  v.plain("line_id", m.line);
  v.plain("at", m.at);
  v.plain("outcome", m.outcome);
  v.plain("reason", m.reason);
  v.plain("state", m.state);
  v.plain("acknowledged_by", m.acknowledged_by);
  v.plain("acknowledged_at", m.acknowledged_at);
  v.sealed("note", m.note);
}

/// A page of entries, newest first: keyset (at, id), strictly before `before`; unset = from the newest.
struct MissedAsked {
  UnitSet units;
  bool open_only = true;
  Instant before_at;
  MissedCallerId before_id;
  std::int64_t limit = 50;
};

/// Missed-caller entries. Errors as in table.h.
struct MissedCallerTable {
  /// Writes the entry; its `version` is the new one, as in ContactTable::save.
  static Result<> save(Transaction& tx, const casework::MissedCaller& missed);
  static Result<casework::MissedCaller> get(ReadTransaction& tx, MissedCallerId id);  ///< UNKNOWN_CALLBACK
  /// The open entry that this call left; nothing when there is none.
  static std::optional<casework::MissedCaller> open_of_call(ReadTransaction& tx, CallId call);
  static Selection<MissedCallerRow> page(ReadTransaction& tx, const MissedAsked& asked);
  static casework::MissedCaller missed_of(const MissedCallerRow& row);
};

}  // namespace kapok::storage
