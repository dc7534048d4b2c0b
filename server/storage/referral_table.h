#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "casework/referral.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"
#include "storage/unit_set.h"

namespace kapok::storage {

/// `referral.id`, `.version` and `.needs` are not used: the row's id and version and `need_ids` stand for them.
struct ReferralRow : RecordRow<ReferralId> {
  static constexpr const char* kTable = "referral";

  casework::Referral referral;
  std::string need_ids;  ///< comma between; what was ordered stays readable when a need moves to another order
};

template <class V>
void columns(V& v, ReferralRow& r) {
  casework::Referral& f = r.referral;
  v.plain("display_number", f.display_number);
  v.plain("contact_id", f.contact);
  v.plain("need_ids", r.need_ids);
  v.plain("from_unit", f.from_unit);
  v.plain("to_unit", f.to_unit);
  v.plain("urgency", f.urgency);
  v.plain("state", f.state);
  v.sealed("note", f.note);
  v.plain("written_by", f.written_by);
  v.plain("created_at", f.created_at);
  v.plain("dispatched_at", f.dispatched_at);
  v.plain("accept_by", f.accept_by);
  v.plain("owner", f.owner);
  v.plain("accepted_at", f.accepted_at);
  v.plain("closed_at", f.closed_at);
  v.plain("result", f.result);
  v.sealed("outcome", f.outcome);
  v.plain("return_count", f.return_count);
}

/// A page of orders, oldest first: keyset (created_at, id), strictly after `after`. A returned order is open for the
/// unit that sent it, no longer for the one that returned it.
struct ReferralsAsked {
  UnitSet units;
  WorkerId own;           ///< besides, what this worker accepted (incoming) or wrote (outgoing)
  bool outgoing = false;  ///< sent by the units instead of sent to them
  bool open_only = true;
  Instant overdue_at;  ///< set = only those dispatched whose accept window has passed at this instant
  Instant after_created_at;
  ReferralId after_id;
  std::int64_t limit = 50;
};

/// Orders. Errors as in table.h.
struct ReferralTable {
  /// Writes the order; its `version` is the new one, as in ContactTable::save.
  static Result<> save(Transaction& tx, const casework::Referral& referral);
  static Result<casework::Referral> get(ReadTransaction& tx, ReferralId id);  ///< UNKNOWN_REFERRAL
  static Selection<ReferralRow> page(ReadTransaction& tx, const ReferralsAsked& asked);
  static std::vector<ReferralId> of_contact(ReadTransaction& tx, ContactId contact);
  static casework::Referral referral_of(const ReferralRow& row);
};

}  // namespace kapok::storage
