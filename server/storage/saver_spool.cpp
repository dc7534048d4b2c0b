#include <algorithm>
#include <chrono>

#include "storage/change_table.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/policy.h"
#include "storage/saver.h"
#include "storage/spool.h"
#include "storage/steady_time.h"
#include "storage/take_in.h"

/// What happens when the store fails, until it is back.
namespace kapok::storage {
/// A batch whose requests were all applied is spooled as it was taken down; one that broke off is applied anew on the
/// working set, where those hear kStoreUnavailable that may not run there.
void Saver::store_failed(Batch& batch, const AuditChain::Mark& audit_before, bool committing) {
  drop_store();
  count([](WriterFigures& figures) { ++figures.failed_commits; });
  if (!batch.applied) {
    audit_->rewind(audit_before);
    save_in_spool(batch);
  } else if (batch.record.empty()) {
    become(StoreState::kDegraded);
    batch.tell(SavedIn::kNowhere);  // it changed nothing
  } else if (spool(batch)) {
    become(StoreState::kDegraded);
    batch.tell(SavedIn::kSpool);
    follow(batch);
  } else {
    audit_->rewind(audit_before);
    in_doubt_ = in_doubt_ || committing;
    not_recorded(batch);
  }
  mend();
}

void Saver::save_in_spool(Batch& batch) {
  if (in_doubt_ || !working_set_) return not_recorded(batch);
  const AuditChain::Mark audit_before = audit_->mark();
  Connection& memory = working_set_->connection();
  bool begun = false;
  try {
    memory.run_text("BEGIN");
    begun = true;
    apply_batch(batch, {memory, keys_, *audit_, recorder_, true}, last_seq_ + 1);
    if (batch.record.empty() || spool(batch)) {
      memory.run_text("COMMIT");
      if (!batch.record.empty() || state() == StoreState::kHealthy) become(StoreState::kDegraded);
      return batch.tell(SavedIn::kSpool);
    }
    memory.run_text("ROLLBACK");
  } catch (const StoreFailure&) {
    memory.record_to(nullptr);
    if (begun) working_set_.reset();  // out of memory; what it held is in store and spool
  }
  audit_->rewind(audit_before);
  not_recorded(batch);
}

/// A spool that failed is given another chance once a second.
bool Saver::spool_usable() {
  Spool* const spool = parts_.spool;
  if (spool == nullptr) return false;
  if (!spool->usable() && steady_us() >= next_spool_us_) {
    next_spool_us_ = steady_us() + std::chrono::microseconds(parts_.reopen_pause).count();
    (void)spool->reopen();  // usable() tells
  }
  return spool->usable();
}

/// Nobody may be asking for anything in this state, so it has to be left without a batch too.
void Saver::try_spool_again() {
  if (!in_doubt_ && working_set_ && spool_usable() && parts_.spool->has_room()) become(StoreState::kDegraded);
}

/// Durable in the spool when true.
bool Saver::spool(Batch& batch) {
  last_seq_ = std::max(last_seq_, batch.seq);
  const WriterActivity::Mark syncing(activity_, WriterActivity::Doing::kSyncing);
  if (!spool_usable() || !parts_.spool->append(batch.seq, batch.record)) return false;
  count([](WriterFigures& figures) { ++figures.spooled; });
  return true;
}

void Saver::not_recorded(Batch& batch) {
  count([](WriterFigures& figures) { ++figures.not_recorded; });
  become(StoreState::kNotRecorded);
  batch.tell_not_saved();
}

std::int64_t Saver::pause_us() const { return store_ ? 0 : std::max<std::int64_t>(0, next_reopen_us_ - steady_us()); }

void Saver::mend() {
  const WriterActivity::Mark syncing(activity_, WriterActivity::Doing::kSyncing);
  if (state() == StoreState::kNotRecorded) try_spool_again();
  if (!store_ && steady_us() < next_reopen_us_) return;
  try {
    if (!store_) reopen_store();
    if (!store_) return;
    take_in_some();
    if (parts_.spool == nullptr || parts_.spool->waiting().empty()) recovered();
  } catch (const StoreFailure&) {
    store_.reset();
  }
}

void Saver::reopen_store() {
  next_reopen_us_ = steady_us() + std::chrono::microseconds(parts_.reopen_pause).count();
  auto opened = database_.reconnect_writer();
  if (!opened) return;
  store_ = std::move(opened).value();
  probe();
}

/// A store that only reads is not back. Nothing else shows it when no spooled batch waits to be written.
void Saver::probe() const {
  const int mark = std::stoi(store_->text_of("PRAGMA user_version"));
  store_->begin_batch();
  store_->run_text("PRAGMA user_version = " + std::to_string(mark == 0 ? 1 : 0));
  store_->commit_batch();
}

/// One transaction per batch, under its own number; on the disk they stay until all are taken in.
void Saver::take_in_some() {
  if (parts_.spool == nullptr) return;
  for (int i = 0; i < kTakenInAtOnce && !parts_.spool->waiting().empty(); ++i) {
    if (take_in(*store_, keys_, parts_.spool->waiting().front().record) == Taken::kDoesNotFit) {
      if (!put_aside_first()) throw StoreFailure("a batch that does not fit cannot be put aside", true);
    } else {
      count([](WriterFigures& figures) { ++figures.taken_in; });
    }
    parts_.spool->taken_in();
    ++commits_since_checkpoint_;
  }
}

/// It was acknowledged, so it must lie somewhere before it leaves the spool.
bool Saver::put_aside_first() {
  const SpooledBatch& batch = parts_.spool->waiting().front();
  const auto file = parts_.spool->put_aside(batch);
  if (!file) return false;
  count([](WriterFigures& figures) { ++figures.conflicts; });
  if (parts_.on_conflict) parts_.on_conflict(batch.seq, *file);
  return true;
}

/// Everything is in the store. Should the spool's file not take its new header, its batches are known by number.
void Saver::recovered() {
  auto audit = std::make_unique<AuditChain>(*store_);
  ReadTransaction tx(*store_, keys_);
  last_seq_ = std::max(last_seq_, ChangeTable::last_seq(tx));
  load_working_set();
  audit_ = std::move(audit);
  in_doubt_ = false;
  if (parts_.spool != nullptr && parts_.spool->usable()) (void)parts_.spool->empty();
  count([](WriterFigures&) {});
  become(StoreState::kHealthy);
}

}  // namespace kapok::storage
