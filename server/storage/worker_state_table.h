#pragma once

#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/words.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// What routing last said of a worker: a restart rebuilds readiness and fairness from it (decision 20).
struct WorkerStateRow : RecordRow<WorkerId> {
  static constexpr const char* kTable = "worker_state";

  WorkerState state = WorkerState::kOffDuty;
  routing::AwayReason reason = routing::AwayReason::kNone;
  bool draining = false;
  Instant since;
  Instant until;
  Instant idle_since;
  bool desk_ready = false;
  bool desk_missed = false;
  bool phone_away = false;
};

template <class V>
void columns(V& v, WorkerStateRow& r) {
  v.plain("state", r.state);
  v.plain("reason", r.reason);
  v.plain("draining", r.draining);
  v.plain("since", r.since);
  v.plain("until_at", r.until);
  v.plain("idle_since", r.idle_since);
  v.plain("desk_ready", r.desk_ready);
  v.plain("desk_missed", r.desk_missed);
  v.plain("phone_away", r.phone_away);
}

/// Worker states as stored, at most one a worker. Errors as in table.h.
struct WorkerStateTable {
  /// A damaged row gives way: what it said is over, and nobody could come on duty while it stood.
  static Result<> save(Transaction& tx, WorkerStateRow& row);
  static Selection<WorkerStateRow> all(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
