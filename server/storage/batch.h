#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/change_record.h"
#include "storage/key_ring.h"
#include "storage/write_request.h"

namespace kapok::storage {

class AuditChain;
class Connection;

/// Requests of one city that are saved together, and what became of them. Writer thread.
struct Batch {
  std::vector<WriteRequest> requests;
  std::vector<Result<>> results;  ///< of each request
  bool applied = false;           ///< results and record are complete
  std::int64_t seq = 0;           ///< once it changed something
  std::string record;             ///< its encoded ChangeRecord, once complete; empty while it changed nothing

  /// Tells every request; `saved` is where those lie that were not refused.
  void tell(SavedIn saved);
  /// Tells every request that nothing was saved.
  void tell_not_saved();
};

/// Where a batch is applied and what it needs there.
struct BatchPlace {
  Connection& connection;
  const KeyRing& keys;
  AuditChain& audit;
  ChangeRecorder& recorder;
  bool degraded = false;  ///< the working set: only requests that allow it are applied, others refused
};

/// Applies every request of the batch inside the transaction that the caller has begun, each in its own savepoint,
/// raises the high-water mark of ids, and makes the record when anything changed. Throws StoreFailure only when
/// the batch as a whole cannot go on; then `results` and `record` are incomplete, and the audit chain is the
/// caller's to rewind.
void apply_batch(Batch& batch, const BatchPlace& place, std::int64_t seq);

}  // namespace kapok::storage
