#pragma once

#include <string>

#include "casework/unanswered.h"
#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "service/office.h"
#include "storage/call_table.h"
#include "storage/transaction.h"

namespace kapok::service {

/// A call that ended. `spare_*` are ids allocated on the strand; at most one of them is used.
struct EndedCall {
  CallId call;
  UnitId unit;  ///< the unit *dialled*: it owns what is left to be done
  LineId line;
  std::string caller_number;  ///< as shown; empty = withheld
  Instant ended_at;
  CallOutcome outcome = CallOutcome::kNone;
  bool high_risk = false;  ///< the caller waited in class 0 or 1 for risk
  FollowUpId spare_callback;
  MissedCallerId spare_missed;
  Instant
      promised_at{};  ///< he chose to be rung back then, hung up, and has not been reached since; unset = he did not

  [[nodiscard]] Instant hung_up_at() const { return promised_at.is_set() ? promised_at : ended_at; }
};

/// What became of it; the ids are set when there is one.
struct LeftToDo {
  casework::AfterUnanswered kind = casework::AfterUnanswered::kNothing;
  FollowUpId callback;
  bool joined = false;  ///< the number's open callback at this unit took it
  Instant due_at;
  MissedCallerId missed;
};

/// Decision 25, in the transaction that ends the call: with a usable number the arrival joins the number's
/// one open callback at the unit or opens it, due by the night rule (domain.md §0.10); withheld or unusable
/// → a missed-caller entry; short-abandoned → counted only; answered and tests → nothing. Who was promised to be rung
/// back and was not reached is so in any case, also when he had been answered before. Writer thread.
Result<LeftToDo> record_unanswered(storage::Transaction& tx, const CityConfig& config, const EndedCall& ended);

struct GotThrough {
  UnitId unit;
  std::string caller_number;
};

/// A call that had been saved as unanswered was answered after all (Backfill): the missed-caller entry it left, if
/// any, is acknowledged by who answered.
Result<> record_answered_after_all(storage::Transaction& tx, const storage::CallRow& call);

/// The caller was answered at this unit: his open callback there is superseded. Called by open_draft.
Result<> record_got_through(storage::Transaction& tx, const GotThrough& caller);

}  // namespace kapok::service
