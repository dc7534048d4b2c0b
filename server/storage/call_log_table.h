#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casework/contact_values.h"
#include "casework/need.h"
#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "storage/transaction.h"
#include "storage/unit_set.h"

namespace kapok::storage {

/// What narrows the call log, as far as columns and blind indices can tell. Empty and unset = not asked for.
struct CallLogAsked {
  CityId city;
  Period period;  ///< half-open; of arrivals, and of the beginnings of contacts without a call
  UnitSet units;
  WorkerId own;  ///< besides `units`: whatever this worker answered or wrote, wherever it was dialled
  LineId line;
  WorkerId worker;
  std::optional<std::vector<CallOutcome>> outcomes;
  std::optional<casework::ContactType> type;
  std::vector<casework::NeedKind> needs;
  std::optional<casework::RiskLevel> risk;
  std::string number;     ///< canonical
  std::string last_four;  ///< not used when `number` is set
  bool oldest_first = false;
  Instant after_at;  ///< keyset: strictly beyond (after_at, after_id) in the order asked for; unset = from the start
  std::int64_t after_id = 0;
  std::int64_t limit = 50;
};

/// One place in the log: a call with or without contact, or a contact without a call. Rows are not opened here.
struct CallLogPlace {
  Instant at;
  std::int64_t id = 0;  ///< of the call, else of the contact
  CallId call;
  ContactId contact;
};

/// Places in the order asked for, at most `limit`. Rows that come in meanwhile never shift a later page.
std::vector<CallLogPlace> call_log_places(ReadTransaction& tx, const CallLogAsked& asked);

}  // namespace kapok::storage
