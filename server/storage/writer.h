#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "storage/batch.h"
#include "storage/key_ring.h"
#include "storage/readers.h"
#include "storage/write_request.h"
#include "storage/writer_activity.h"

namespace kapok::storage {

class AuditChain;
class Connection;
class Database;

/// Counts since start, for metrics; the last four say how things stand now.
struct WriterFigures {
  std::uint64_t commits = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t largest_batch = 0;
  std::uint64_t spooled = 0;           ///< batches that went to the spool
  std::uint64_t taken_in = 0;          ///< spooled batches that the store has taken since
  std::uint64_t conflicts = 0;         ///< spooled batches that did not fit and were put aside
  std::uint64_t not_recorded = 0;      ///< batches that neither took
  Duration last_commit{};              ///< how long the last COMMIT took
  std::int64_t last_seq = 0;           ///< number of the last batch
  std::uint64_t spool_waiting = 0;     ///< batches in the spool that the store does not have yet
  std::uint64_t spool_bytes_used = 0;  ///< of kSpoolBytes
};

/// What a writer is started with besides the store.
struct WriterParts {
  /// Writer thread; before the outcomes of the batch that caused the change are told.
  std::function<void(StoreState)> on_state;
  /// Writer thread; a spooled batch did not fit the store and lies in this file now (spool.h).
  std::function<void(std::int64_t seq, const std::filesystem::path& file)> on_conflict;
};

/// The one thread that writes. When a commit returns it takes all that waits, at most 128 requests of one
/// city, call events first, each in its own SAVEPOINT, and commits again: no timer.
///
/// Every batch that changed something gets the next sequence number, is taken down as a ChangeRecord and kept in
/// the table `change` in its own transaction.
///
/// When BEGIN, a statement or COMMIT fails because the store is sick, the batch goes to the spool: as it was taken
/// down when every `apply` was through, else applied anew on the working set. The connection is dropped and opened
/// anew at once, then at most once a second. A store that opens again takes in what was spooled, in order and
/// between batches, while new batches still go to the spool; when it is empty the state is healthy again.
///
/// What `done` may hear besides apply's own refusal: kStoreUnavailable — neither store nor spool took it, or the
/// state is not healthy and the request not allowed then. After a failed COMMIT whose spooling failed as well the
/// batch may still turn out to be in the store (an unacknowledged change that happened; repeats of its key find
/// it); until the store opens again nothing is spooled. kInternal — `apply` threw or the database refused its
/// statement; it alone was rolled back.
class Writer {
 public:
  /// Opens the writing connection and starts the thread.
  static Result<std::unique_ptr<Writer>> start(Database& database, const KeyRing& keys, WriterParts parts = {});
  ~Writer();

  /// Any thread. kRetryAfter: the queue is full for this class. kShuttingDown: after stop(). In both
  /// cases `done` is not called.
  Result<> submit(WriteRequest request);

  /// Any thread. One look at the working set, on the writer thread between two batches; in every state. For the
  /// records that stay readable in degraded mode (working_set.h says which). Refusals as submit(). `failed` hears
  /// kStoreUnavailable when there is no spool and so no working set.
  Result<> look(ReadRequest request);

  /// Refuses new requests, saves all that wait, calls their `done`, closes the connection. What the spool holds by
  /// then stays there for the next start. Idempotent.
  void stop();

  [[nodiscard]] StoreState state() const { return state_.load(); }
  [[nodiscard]] WriterFigures figures() const;
  /// What the thread is doing now. Never blocks.
  [[nodiscard]] WriterActivity::Look activity() const { return activity_.look(); }

 private:
  static constexpr std::size_t kClasses = 3;

  Writer(Database& database, const KeyRing& keys, std::unique_ptr<Connection> connection, WriterParts parts);

  void run();
  bool wait_for_work();
  std::vector<WriteRequest> take_batch();
  std::deque<ReadRequest> take_looks();
  std::size_t waiting() const;
  void commit_batch(Batch batch);
  void keep_change(const Batch& batch);
  void fail_batch(Batch& batch);
  void look_once(ReadRequest& request);
  bool ensure_open();
  void reopen();
  void become(StoreState state);
  void checkpoint();

  Database& database_;
  const KeyRing& keys_;
  const WriterParts parts_;

  // Writer thread only.
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<AuditChain> audit_;
  ChangeRecorder recorder_;
  std::int64_t last_seq_ = 0;
  int commits_since_checkpoint_ = 0;
  std::int64_t next_reopen_us_ = 0;

  WriterActivity activity_;
  std::atomic<StoreState> state_ = StoreState::kHealthy;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::array<std::deque<WriteRequest>, kClasses> queues_;
  std::deque<ReadRequest> looks_;
  WriterFigures figures_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace kapok::storage
