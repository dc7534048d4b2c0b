#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "storage/audit_chain.h"
#include "storage/batch.h"
#include "storage/change_record.h"
#include "storage/key_ring.h"
#include "storage/readers.h"
#include "storage/working_set.h"
#include "storage/writer_activity.h"
#include "storage/writer_parts.h"

namespace kapok::storage {

class Connection;
class Database;

/// Saves one batch after the other: in the store, else in the spool; brings the store back. Writer thread, except
/// state() and figures().
///
/// Sequence numbers are never used twice, also not by a batch that neither store nor spool took: its COMMIT may have
/// reached the disk. In that one case nothing is spooled until the store has said whether it has it, because what
/// would be spooled might not fit behind it.
class Saver {
 public:
  /// Throws StoreFailure when the store cannot be read.
  Saver(Database& database, const KeyRing& keys, std::unique_ptr<Connection> store, WriterParts parts);
  ~Saver();

  /// Saves the batch and tells its requests.
  void save(Batch batch);

  /// Runs a look on the working set.
  void look(ReadRequest& request);

  /// The store is gone or the spool waits to be taken in: call mend() now and then, at once or after pause_us().
  [[nodiscard]] bool ailing() const { return state_.load() != StoreState::kHealthy; }
  [[nodiscard]] std::int64_t pause_us() const;
  /// Opens the store anew when it is time to, and takes in a few spooled batches.
  void mend();

  [[nodiscard]] bool wants_checkpoint() const { return store_ != nullptr && commits_since_checkpoint_ > 0; }
  void checkpoint();
  /// Checkpoints and closes the store. What waits in the spool stays there.
  void close();

  [[nodiscard]] StoreState state() const { return state_.load(); }
  [[nodiscard]] WriterFigures figures() const;
  [[nodiscard]] WriterActivity& activity() { return activity_; }

 private:
  void save_in_store(Batch& batch);
  void store_failed(Batch& batch, const AuditChain::Mark& audit_before, bool committing);
  void save_in_spool(Batch& batch);
  bool spool_usable();
  void try_spool_again();
  bool spool(Batch& batch);
  void not_recorded(Batch& batch);
  void follow(const Batch& batch);
  void load_working_set();
  void reopen_store();
  void probe() const;
  void take_in_some();
  bool put_aside_first();
  void recovered();
  void drop_store();
  void become(StoreState state);
  void note_levels();
  template <class Change>
  void count(Change change) {
    const std::lock_guard lock(mutex_);
    change(figures_);
    note_levels();
  }

  Database& database_;
  const KeyRing& keys_;
  const WriterParts parts_;
  std::unique_ptr<Connection> store_;
  std::unique_ptr<AuditChain> audit_;
  std::unique_ptr<WorkingSet> working_set_;
  ChangeRecorder recorder_;
  std::int64_t last_seq_ = 0;
  bool in_doubt_ = false;  ///< an unacknowledged batch may be in the store
  int commits_since_checkpoint_ = 0;
  std::int64_t next_reopen_us_ = 0;
  std::int64_t next_spool_us_ = 0;

  WriterActivity activity_;
  std::atomic<StoreState> state_ = StoreState::kHealthy;
  mutable std::mutex mutex_;
  WriterFigures figures_;
};

}  // namespace kapok::storage
