#pragma once

#include <functional>
#include <string>

#include "service/office.h"
#include "service/record_openings.h"
#include "service/who.h"

namespace kapok::service {

/// Showing one record to one person: what decides whether, and what is kept of it.
struct OpeningAsked {
  RecordOpenings::Opening opening;
  Scope scope = Scope::kOther;
  storage::AuditReason reason = storage::AuditReason::kNone;
  std::string text;           ///< why, in words; sealed
  bool breaks_glass = false;  ///< now, not by an earlier one
  /// Whether it may be shown while the store is away, its row then going to the spool (decision 18).
  storage::Degraded degraded = storage::Degraded::kNotAllowed;
};

/// Answers with `body` once the reading is in the audit trail; at once when it is one of the last 15 minutes.
/// LOCKED_OUT beyond kOpeningsMax, which is audited too. `opened` runs after COMMIT, before the answer. Strand only.
void answer_opened(Office& office, const Asked& asked, const Who& who, OpeningAsked opening, api::ReplyBody body,
                   std::function<void()> opened = {});

}  // namespace kapok::service
