#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "casework/shift.h"
#include "core/instant.h"
#include "core/result.h"
#include "routing/events.h"
#include "service/caller_index.h"
#include "service/directory.h"
#include "service/live_calls.h"
#include "storage/gap_table.h"
#include "storage/transaction.h"
#include "storage/worker_state_table.h"

namespace kapok::service {

/// So long a gateway may repeat the arrival of a call that has ended and hear so without a look at the store, which
/// may be away. Reports are repeated within seconds; a gateway that was cut off comes back within the hour.
inline constexpr Duration kEndedRefsKept = hours{2};

/// Everything of the store that is not finished: what a restart goes on with (reliability.md R3).
struct OpenState {
  std::vector<LiveCall> calls;  ///< with their latest leg
  std::vector<storage::CallLegRow> legs;
  std::vector<storage::WorkerStateRow> workers;
  std::set<WorkerId> written_up;  ///< of those in after-call: the record is finalised, only its news was lost
  std::vector<storage::GapRow> gaps;
  std::vector<casework::Shift> shifts;  ///< touching now, not closed or cancelled
  CallerIndex::Loaded callers;
  std::vector<storage::CallCount> today;  ///< of the local day
  std::vector<storage::AnswerCount> answers_today;
  std::map<WorkerId, ContactId> drafts;       ///< the unfinished contact of each answerer's latest call
  std::vector<storage::EndedRef> ended_refs;  ///< of the last kEndedRefsKept
  OfferId last_offer;
  std::int64_t last_arrival_seq = 0;
  std::int64_t last_journal_seq = 0;
  std::int64_t last_epoch = 0;  ///< number of the latest start
  std::size_t damaged = 0;      ///< rows left out because they are not what was written
};

/// Reader thread; one snapshot.
Result<OpenState> load_open_state(storage::ReadTransaction& tx, CityId city, Duration offset, Instant now);

/// What routing is told: offered calls wait again in their old place, talking ones go on talking, and who was
/// excluded from a call stays so. Calls of lines that are gone from the directory are left out.
routing::Restarted restarted_event(const OpenState& state, const Directory& directory, std::int64_t epoch, Instant now);

/// Writes down the number of this start; with the first transaction of the start.
void save_epoch(storage::Transaction& tx, std::int64_t epoch);

/// Facts of an arrival as bits of storage/call_table.h, and back.
std::int64_t fact_bits(const routing::CallerFacts& facts);
routing::CallerFacts facts_from(const storage::CallRow& row);

}  // namespace kapok::service
