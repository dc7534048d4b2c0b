#include "storage/batch.h"

#include <algorithm>

#include "storage/audit_chain.h"
#include "storage/connection.h"
#include "storage/policy.h"
#include "storage/state_table.h"

namespace kapok::storage {
namespace {

Error not_saved() { return {ErrorCode::kStoreUnavailable, "the change was not saved"}; }

Result<> run_apply(WriteRequest& request, Transaction& tx, const ChangeRecorder& recorder) {
  try {
    auto result = request.apply(tx);
    if (recorder.bytes() > kChangeRecordBytesMax - kChangeRecordHead)
      return Error{ErrorCode::kInvalidArgument, "too much for one change: divide it"};
    return result;
  } catch (const StoreFailure& failure) {
    if (failure.store_is_sick) throw;
  } catch (const std::exception&) {
    // A mistake in one request must not take the batch with it; its answer says kInternal.
  }
  return Error{ErrorCode::kInternal, "the request failed inside the store"};
}

Result<> apply_one(WriteRequest& request, const BatchPlace& place, std::int64_t& highest_id) {
  if (place.degraded && request.degraded == Degraded::kNotAllowed) return not_saved();
  Transaction tx(place.connection, place.keys, place.audit, request.city, request.at);
  const AuditChain::Mark audit_before = place.audit.mark();
  const ChangeRecorder::Mark changes_before = place.recorder.mark();
  place.connection.run_text("SAVEPOINT request");
  Result<> result = run_apply(request, tx, place.recorder);
  if (!result.ok()) {
    place.connection.run_text("ROLLBACK TO request");
    place.audit.rewind(audit_before);
    place.recorder.rewind(changes_before);
  }
  place.connection.run_text("RELEASE request");
  if (result.ok()) highest_id = std::max(highest_id, tx.highest_id());
  return result;
}

}  // namespace

void Batch::tell(SavedIn saved) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const SavedIn where = results[i].ok() ? saved : SavedIn::kNowhere;
    requests[i].done({std::move(results[i]), where});
  }
}

void Batch::tell_not_saved() {
  for (WriteRequest& request : requests) request.done({not_saved(), SavedIn::kNowhere});
}

void apply_batch(Batch& batch, const BatchPlace& place, std::int64_t seq) {
  batch.results.clear();
  batch.results.reserve(batch.requests.size());
  batch.record.clear();
  batch.applied = false;
  place.recorder.begin();
  place.connection.record_to(&place.recorder);
  const WriteRequest& first = batch.requests.front();
  std::int64_t highest_id = 0;
  for (WriteRequest& request : batch.requests) batch.results.push_back(apply_one(request, place, highest_id));
  if (highest_id > 0) {
    Transaction tx(place.connection, place.keys, place.audit, first.city, first.at);
    raise_id_high_water(tx, highest_id);
  }
  place.connection.record_to(nullptr);
  batch.applied = true;
  if (place.recorder.empty()) return;
  batch.seq = seq;
  batch.record = place.recorder.encoded(seq, first.city, first.at);
}

}  // namespace kapok::storage
