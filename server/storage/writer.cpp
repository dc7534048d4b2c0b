#include "storage/writer.h"

#include <algorithm>
#include <chrono>

#include "core/check.h"
#include "core/planted_fault.h"
#include "storage/audit_chain.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/policy.h"
#include "storage/state_table.h"

namespace kapok::storage {
namespace {

using SteadyClock = std::chrono::steady_clock;  // for the store's own waits, never for product time

std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now().time_since_epoch()).count();
}

std::size_t queue_limit(WriteClass cls) {
  switch (cls) {
    case WriteClass::kCallEvent:
      return kWriteQueueMax;
    case WriteClass::kCaseWork:
      return kCaseWorkQueueMax;
    case WriteClass::kReadAudit:
      return kReadAuditQueueMax;
  }
  return 0;
}

Error not_saved() { return {ErrorCode::kStoreUnavailable, "the change was not saved"}; }

}  // namespace

Result<std::unique_ptr<Writer>> Writer::start(Database& database, const KeyRing& keys,
                                              std::function<void(StoreState)> on_state) {
  auto connection = database.connect_writer();
  if (!connection) return connection.error();
  try {
    std::unique_ptr<Writer> writer(new Writer(database, keys, std::move(connection).value(), std::move(on_state)));
    writer->thread_ = std::thread([raw = writer.get()] { raw->run(); });
    return writer;
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable, "the audit log cannot be read: " + std::string(failure.what())};
  }
}

Writer::Writer(Database& database, const KeyRing& keys, std::unique_ptr<Connection> connection,
               std::function<void(StoreState)> on_state)
    : database_(database),
      keys_(keys),
      on_state_(std::move(on_state)),
      connection_(std::move(connection)),
      audit_(std::make_unique<AuditChain>(*connection_)) {}

Writer::~Writer() { stop(); }

Result<> Writer::submit(WriteRequest request) {
  KAPOK_CHECK(request.apply && request.done && request.city.is_set());
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{ErrorCode::kShuttingDown, {}};
    if (waiting() >= queue_limit(request.cls)) return Error{ErrorCode::kRetryAfter, "the store is busy"};
    queues_[static_cast<std::size_t>(request.cls)].push_back(std::move(request));
  }
  arrived_.notify_one();
  return Done{};
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

WriterFigures Writer::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

std::size_t Writer::waiting() const {
  std::size_t count = 0;
  for (const auto& queue : queues_) count += queue.size();
  return count;
}

void Writer::run() {
  while (wait_for_work()) {
    std::vector<WriteRequest> batch = take_batch();
    if (ensure_open()) {
      commit_batch(std::move(batch));
    } else {
      for (WriteRequest& request : batch) request.done({not_saved(), SavedIn::kNowhere});
    }
  }
  if (connection_) checkpoint();
  audit_.reset();
  connection_.reset();
}

/// True when something waits; false when there is nothing left and we are stopping.
bool Writer::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return stopping_ || waiting() > 0; };
  while (!ready()) {
    if (commits_since_checkpoint_ == 0 || !connection_) {
      arrived_.wait(lock, ready);
    } else if (!arrived_.wait_for(lock, kIdleBeforeCheckpoint, ready)) {
      lock.unlock();
      checkpoint();
      lock.lock();
    }
  }
  return waiting() > 0;
}

/// Call events before case work before read audits, in order of arrival within each, of one city only.
std::vector<WriteRequest> Writer::take_batch() {
  const std::lock_guard lock(mutex_);
  std::vector<WriteRequest> batch;
  for (auto& queue : queues_) {
    std::deque<WriteRequest> others;
    while (!queue.empty() && batch.size() < kWriteBatchMax) {
      WriteRequest request = std::move(queue.front());
      queue.pop_front();
      const bool same_city = batch.empty() || batch.front().city == request.city;
      (same_city ? static_cast<void>(batch.push_back(std::move(request))) : others.push_back(std::move(request)));
    }
    queue.insert(queue.begin(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  }
  return batch;
}

void Writer::commit_batch(std::vector<WriteRequest> batch) {
  KAPOK_HANG_IF_PLANTED(hang_writer);
  std::vector<Result<>> results;
  std::int64_t took_us = 0;
  try {
    connection_->run_text("BEGIN IMMEDIATE");
    results = apply_all(batch);
    const std::int64_t before = steady_us();
    connection_->run_text("COMMIT");
    took_us = steady_us() - before;
  } catch (const StoreFailure&) {
    return fail_batch(batch);
  }
  ++commits_since_checkpoint_;
  {
    const std::lock_guard lock(mutex_);
    ++figures_.commits;
    figures_.requests += batch.size();
    figures_.largest_batch = std::max<std::uint64_t>(figures_.largest_batch, batch.size());
    figures_.last_commit = Duration{took_us};
    for (const auto& result : results) figures_.refused += result.ok() ? 0 : 1;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const SavedIn saved = results[i].ok() ? SavedIn::kStore : SavedIn::kNowhere;
    batch[i].done({std::move(results[i]), saved});
  }
  if (commits_since_checkpoint_ >= kCommitsBeforeCheckpoint) checkpoint();
}

/// Throws StoreFailure only when the batch as a whole cannot go on.
std::vector<Result<>> Writer::apply_all(std::vector<WriteRequest>& batch) {
  std::vector<Result<>> results;
  results.reserve(batch.size());
  std::int64_t highest_id = 0;
  for (WriteRequest& request : batch) results.push_back(apply_one(request, highest_id));
  if (highest_id > 0) {
    Transaction tx(*connection_, keys_, *audit_, batch.front().city, batch.front().at);
    raise_id_high_water(tx, highest_id);
  }
  return results;
}

Result<> Writer::apply_one(WriteRequest& request, std::int64_t& highest_id) {
  Transaction tx(*connection_, keys_, *audit_, request.city, request.at);
  const AuditChain::Mark before = audit_->mark();
  connection_->run_text("SAVEPOINT request");
  Result<> result = Error{ErrorCode::kInternal, "the request failed inside the store"};
  try {
    result = request.apply(tx);
  } catch (const StoreFailure& failure) {
    if (failure.store_is_sick) throw;
  } catch (const std::exception&) {
    // A mistake in one request must not take the batch with it; its answer says kInternal.
  }
  if (!result.ok()) {
    connection_->run_text("ROLLBACK TO request");
    audit_->rewind(before);
  }
  connection_->run_text("RELEASE request");
  if (result.ok()) highest_id = std::max(highest_id, tx.highest_id());
  return result;
}

/// Nothing of the batch is in the store and nobody is told otherwise. A later version hands the batch to
/// the spool here (decision 18) before `done` is called.
void Writer::fail_batch(std::vector<WriteRequest>& batch) {
  {
    const std::lock_guard lock(mutex_);
    ++figures_.failed_commits;
  }
  for (WriteRequest& request : batch) request.done({not_saved(), SavedIn::kNowhere});
  reopen();
}

bool Writer::ensure_open() {
  if (!connection_ && steady_us() >= next_reopen_us_) reopen();
  return connection_ != nullptr;
}

/// A connection that failed a commit is not trusted again: its state in the library is unknown.
void Writer::reopen() {
  const bool was_open = connection_ != nullptr;
  audit_.reset();
  connection_.reset();
  try {
    auto connection = database_.connect_writer();
    if (connection) {
      auto audit = std::make_unique<AuditChain>(**connection);
      connection_ = std::move(connection).value();
      audit_ = std::move(audit);
    }
  } catch (const StoreFailure&) {
    connection_.reset();
  }
  next_reopen_us_ = steady_us() + std::chrono::microseconds(kReopenPause).count();
  if (on_state_ && (connection_ != nullptr) != was_open)
    on_state_(connection_ ? StoreState::kHealthy : StoreState::kUnavailable);
}

/// PASSIVE: takes what no reader needs and waits for nobody.
void Writer::checkpoint() {
  commits_since_checkpoint_ = 0;
  try {
    connection_->text_of("PRAGMA wal_checkpoint(PASSIVE)");
  } catch (const StoreFailure&) {
    return;  // the log only stays longer; a sick store shows at the next commit
  }
  const std::lock_guard lock(mutex_);
  ++figures_.checkpoints;
}

}  // namespace kapok::storage
