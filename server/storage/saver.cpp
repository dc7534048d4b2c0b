#include "storage/saver.h"

#include <algorithm>

#include "storage/change_table.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/policy.h"
#include "storage/spool.h"
#include "storage/steady_time.h"

namespace kapok::storage {
Saver::Saver(Database& database, const KeyRing& keys, std::unique_ptr<Connection> store, WriterParts parts)
    : database_(database),
      keys_(keys),
      parts_(std::move(parts)),
      store_(std::move(store)),
      audit_(std::make_unique<AuditChain>(*store_)) {
  ReadTransaction tx(*store_, keys_);
  last_seq_ = ChangeTable::last_seq(tx);
  load_working_set();
}

Saver::~Saver() = default;

void Saver::load_working_set() {
  if (parts_.spool != nullptr) working_set_ = WorkingSet::load(*store_);
}

void Saver::save(Batch batch) {
  if (state() == StoreState::kHealthy) {
    save_in_store(batch);
  } else {
    save_in_spool(batch);
  }
}

void Saver::look(ReadRequest& request) {
  if (!working_set_) return request.failed({ErrorCode::kStoreUnavailable, "there is no working set without a spool"});
  try {
    ReadTransaction tx(working_set_->connection(), keys_);
    request.read(tx);
  } catch (const std::exception&) {
    request.failed({ErrorCode::kInternal, "the request failed inside the working set"});
  }
}

void Saver::save_in_store(Batch& batch) {
  const AuditChain::Mark audit_before = audit_->mark();
  std::int64_t commit_from = 0;
  try {
    store_->begin_batch();
    apply_batch(batch, {*store_, keys_, *audit_, recorder_}, last_seq_ + 1);
    if (!batch.record.empty()) {
      ReadTransaction tx(*store_, keys_);
      ChangeTable::append(tx, batch.seq, batch.requests.front().at, batch.record);
    }
    commit_from = steady_us();
    const WriterActivity::Mark syncing(activity_, WriterActivity::Doing::kSyncing);
    store_->commit_batch();
  } catch (const StoreFailure&) {
    return store_failed(batch, audit_before, commit_from > 0);
  }
  const std::int64_t took_us = steady_us() - commit_from;
  last_seq_ = std::max(last_seq_, batch.seq);
  ++commits_since_checkpoint_;
  count([&](WriterFigures& figures) {
    ++figures.commits;
    figures.requests += batch.requests.size();
    figures.largest_batch = std::max<std::uint64_t>(figures.largest_batch, batch.requests.size());
    figures.last_commit = Duration{took_us};
    for (const auto& result : batch.results) figures.refused += result.ok() ? 0 : 1;
  });
  batch.tell(SavedIn::kStore);
  follow(batch);
  if (commits_since_checkpoint_ >= kCommitsBeforeCheckpoint) checkpoint();
}

/// After the batch was told: nobody waits for it. A working set that fits no more is loaded anew; while the store is
/// gone there is none then, and nothing is recorded until it is back.
void Saver::follow(const Batch& batch) {
  if (!working_set_ || batch.record.empty()) return;
  try {
    const auto record = decode_change_record(batch.record);
    if (record && working_set_->follow(*record)) {
      if (store_) working_set_->tidy_now_and_then();
      return;
    }
    working_set_.reset();
    if (store_) load_working_set();
  } catch (const StoreFailure&) {
    working_set_.reset();
  }
}

void Saver::drop_store() {
  store_.reset();  // a connection that failed is not trusted again: its state in the library is unknown
  next_reopen_us_ = 0;
}

void Saver::become(StoreState state) {
  if (state_.exchange(state) != state && parts_.on_state) parts_.on_state(state);
}

/// PASSIVE: takes what no reader needs and waits for nobody.
void Saver::checkpoint() {
  commits_since_checkpoint_ = 0;
  const WriterActivity::Mark syncing(activity_, WriterActivity::Doing::kSyncing);
  try {
    store_->text_of("PRAGMA wal_checkpoint(PASSIVE)");
  } catch (const StoreFailure&) {
    return;  // the log only stays longer; a sick store shows at the next commit
  }
  count([](WriterFigures& figures) { ++figures.checkpoints; });
}

void Saver::close() {
  if (store_) checkpoint();
  store_.reset();
  working_set_.reset();
}

void Saver::note_levels() {
  figures_.last_seq = last_seq_;
  if (parts_.spool == nullptr) return;
  figures_.spool_waiting = parts_.spool->waiting().size();
  figures_.spool_bytes_used = parts_.spool->bytes_used();
}

WriterFigures Saver::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

}  // namespace kapok::storage
