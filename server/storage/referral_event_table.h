#pragma once

#include <cstdint>
#include <string>

#include "casework/referral.h"
#include "core/id.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

using ReferralEventId = Id<struct ReferralEventTag>;

/// What happened to an order; written once, never changed.
struct ReferralEventRow : RecordRow<ReferralEventId> {
  static constexpr const char* kTable = "referral_event";

  ReferralId referral;
  casework::ReferralEvent event;
};

template <class V>
void columns(V& v, ReferralEventRow& r) {
  casework::ReferralEvent& e = r.event;
  v.plain("referral_id", r.referral);
  v.plain("referral_version", e.version);
  v.plain("state", e.state);
  v.plain("at", e.at);
  v.plain("by_worker", e.by);
  v.plain("unit_id", e.unit);
  v.plain("reason", e.reason);
  v.sealed("note", e.note);
}

struct ReferralEventTable {
  static Result<> append(Transaction& tx, ReferralEventId id, ReferralId referral,
                         const casework::ReferralEvent& event);
  /// Oldest first.
  static Selection<ReferralEventRow> of_referral(ReadTransaction& tx, ReferralId referral);
};

}  // namespace kapok::storage
