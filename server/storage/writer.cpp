#include "storage/writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/check.h"
#include "core/planted_fault.h"
#include "storage/audit_chain.h"
#include "storage/change_table.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/policy.h"

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

}  // namespace

Result<std::unique_ptr<Writer>> Writer::start(Database& database, const KeyRing& keys, WriterParts parts) {
  auto connection = database.connect_writer();
  if (!connection) return connection.error();
  try {
    std::unique_ptr<Writer> writer(new Writer(database, keys, std::move(connection).value(), std::move(parts)));
    writer->thread_ = std::thread([raw = writer.get()] { raw->run(); });
    return writer;
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable, "the store cannot be read: " + std::string(failure.what())};
  }
}

Writer::Writer(Database& database, const KeyRing& keys, std::unique_ptr<Connection> connection, WriterParts parts)
    : database_(database),
      keys_(keys),
      parts_(std::move(parts)),
      connection_(std::move(connection)),
      audit_(std::make_unique<AuditChain>(*connection_)) {
  ReadTransaction tx(*connection_, keys_);
  last_seq_ = ChangeTable::last_seq(tx);
}

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

Result<> Writer::look(ReadRequest request) {
  KAPOK_CHECK(request.read && request.failed);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{ErrorCode::kShuttingDown, {}};
    if (looks_.size() >= kReadQueueMax) return Error{ErrorCode::kRetryAfter, "too many searches wait"};
    looks_.push_back(std::move(request));
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
    for (ReadRequest& look : take_looks()) look_once(look);
    Batch batch{take_batch(), {}, 0, {}};
    if (batch.requests.empty()) continue;
    const WriterActivity::Mark working(activity_, WriterActivity::Doing::kWorking);
    if (ensure_open()) {
      commit_batch(std::move(batch));
    } else {
      batch.tell_not_saved();
    }
  }
  if (connection_) checkpoint();
  audit_.reset();
  connection_.reset();
}

/// True when something waits; false when there is nothing left and we are stopping.
bool Writer::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto busy = [&] { return waiting() > 0 || !looks_.empty(); };
  const auto ready = [&] { return stopping_ || busy(); };
  while (!ready()) {
    if (commits_since_checkpoint_ == 0 || !connection_) {
      arrived_.wait(lock, ready);
    } else if (!arrived_.wait_for(lock, kIdleBeforeCheckpoint, ready)) {
      lock.unlock();
      checkpoint();
      lock.lock();
    }
  }
  return busy();
}

std::deque<ReadRequest> Writer::take_looks() {
  const std::lock_guard lock(mutex_);
  return std::exchange(looks_, {});
}

void Writer::look_once(ReadRequest& request) {
  request.failed({ErrorCode::kStoreUnavailable, "there is no working set without a spool"});
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

void Writer::commit_batch(Batch batch) {
  KAPOK_HANG_IF_PLANTED(hang_writer);
  std::int64_t took_us = 0;
  try {
    connection_->run_text("BEGIN IMMEDIATE");
    apply_batch(batch, {*connection_, keys_, *audit_, recorder_}, last_seq_ + 1);
    keep_change(batch);
    const std::int64_t before = steady_us();
    const WriterActivity::Mark syncing(activity_, WriterActivity::Doing::kSyncing);
    connection_->run_text("COMMIT");
    took_us = steady_us() - before;
  } catch (const StoreFailure&) {
    return fail_batch(batch);
  }
  last_seq_ = std::max(last_seq_, batch.seq);
  ++commits_since_checkpoint_;
  {
    const std::lock_guard lock(mutex_);
    ++figures_.commits;
    figures_.requests += batch.requests.size();
    figures_.largest_batch = std::max<std::uint64_t>(figures_.largest_batch, batch.requests.size());
    figures_.last_commit = Duration{took_us};
    figures_.last_seq = last_seq_;
    for (const auto& result : batch.results) figures_.refused += result.ok() ? 0 : 1;
  }
  batch.tell(SavedIn::kStore);
  if (commits_since_checkpoint_ >= kCommitsBeforeCheckpoint) checkpoint();
}

void Writer::keep_change(const Batch& batch) {
  if (batch.record.empty()) return;
  Transaction tx(*connection_, keys_, *audit_, batch.requests.front().city, batch.requests.front().at);
  ChangeTable::append(tx, batch.seq, batch.record);
}

/// Nothing of the batch counts as saved and nobody is told otherwise.
void Writer::fail_batch(Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    ++figures_.failed_commits;
    ++figures_.not_recorded;
  }
  become(StoreState::kNotRecorded);
  batch.tell_not_saved();
  reopen();
}

bool Writer::ensure_open() {
  if (!connection_ && steady_us() >= next_reopen_us_) reopen();
  return connection_ != nullptr;
}

/// A connection that failed a commit is not trusted again: its state in the library is unknown.
void Writer::reopen() {
  audit_.reset();
  connection_.reset();
  try {
    auto connection = database_.connect_writer();
    if (connection) {
      auto audit = std::make_unique<AuditChain>(**connection);
      ReadTransaction tx(**connection, keys_);
      last_seq_ = std::max(last_seq_, ChangeTable::last_seq(tx));
      connection_ = std::move(connection).value();
      audit_ = std::move(audit);
    }
  } catch (const StoreFailure&) {
    connection_.reset();
  }
  next_reopen_us_ = steady_us() + std::chrono::microseconds(kReopenPause).count();
  become(connection_ ? StoreState::kHealthy : StoreState::kNotRecorded);
}

void Writer::become(StoreState state) {
  if (state_.exchange(state) != state && parts_.on_state) parts_.on_state(state);
}

/// PASSIVE: takes what no reader needs and waits for nobody.
void Writer::checkpoint() {
  commits_since_checkpoint_ = 0;
  const WriterActivity::Mark syncing(activity_, WriterActivity::Doing::kSyncing);
  try {
    connection_->text_of("PRAGMA wal_checkpoint(PASSIVE)");
  } catch (const StoreFailure&) {
    return;  // the log only stays longer; a sick store shows at the next commit
  }
  const std::lock_guard lock(mutex_);
  ++figures_.checkpoints;
}

}  // namespace kapok::storage
