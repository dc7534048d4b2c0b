#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "casework/callback.h"
#include "core/id.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"
#include "storage/unit_set.h"

namespace kapok::storage {

/// A follow-up of kind callback. `callback.id`, `.version` and `.attempts` are not used: the row's id and version and
/// `attempts` stand for them.
struct FollowUpRow : RecordRow<FollowUpId> {
  static constexpr const char* kTable = "follow_up";

  std::string kind = "callback";
  casework::Callback callback;
  std::string attempts;  ///< `at/worker/result` of each, comma between
};

template <class V>
void columns(V& v, FollowUpRow& r) {
  casework::Callback& c = r.callback;
  v.plain("kind", r.kind);
  v.plain("unit_id", c.unit);
  v.plain("line_id", c.line);
  v.sealed("number", c.number);
  v.blind("number_index", BlindKind::kNumber, c.number);
  v.plain("first_call", c.first_call);
  v.plain("last_call", c.last_call);
  v.plain("first_hung_up_at", c.first_hung_up_at);
  v.plain("last_hung_up_at", c.last_hung_up_at);
  v.plain("unanswered_arrivals", c.unanswered_arrivals);
  v.plain("high_risk", c.high_risk);
  v.plain("due_at", c.due_at);
  v.plain("state", c.state);
  v.plain("owner", c.owner);
  v.plain("claimed_at", c.claimed_at);
  v.plain("attempts", r.attempts);
  v.plain("closed_at", c.closed_at);
  v.sealed("note", c.note);
}

/// A page of callbacks, the one due first at the top: keyset (due_at, id), strictly after `after`.
struct CallbacksAsked {
  UnitSet units;
  WorkerId own;  ///< besides, what this worker claimed
  bool open_only = true;
  Instant after_due_at;
  FollowUpId after_id;
  std::int64_t limit = 50;
};

/// Callbacks. Errors as in table.h.
struct FollowUpTable {
  /// Writes the callback; its `version` is the new one, as in ContactTable::save.
  static Result<> save(Transaction& tx, const casework::Callback& callback);
  static Result<casework::Callback> get(ReadTransaction& tx, FollowUpId id);  ///< UNKNOWN_CALLBACK
  /// The open callback of a number (canonical form) at a unit, or none. A damaged one is passed over: no call may
  /// fail to end because an older row is spoilt; the scan names it.
  static std::optional<casework::Callback> open_one(ReadTransaction& tx, UnitId unit, std::string_view number);
  static Selection<FollowUpRow> page(ReadTransaction& tx, const CallbacksAsked& asked);
  static casework::Callback callback_of(const FollowUpRow& row);
};

}  // namespace kapok::storage
