#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/key_ring.h"
#include "storage/transaction.h"

namespace kapok::storage {

class AuditChain;
class Connection;
class Database;

/// What goes first when several wait (decision 19).
enum class WriteClass { kCallEvent, kCaseWork, kReadAudit };

/// Where an acknowledged change lies; part of the reply (decision 18).
enum class SavedIn { kNowhere, kStore, kSpool };

enum class StoreState { kHealthy, kUnavailable };

struct WriteOutcome {
  Result<> result;
  SavedIn saved = SavedIn::kNowhere;
};

/// One change. `apply` runs at most once, on the writer thread, inside a savepoint; it returns an Error
/// to refuse and takes with it whatever it wrote. `done` runs exactly once, on the writer thread, after
/// the COMMIT that carries the batch has returned: post to your own strand, do nothing long here.
struct WriteRequest {
  WriteClass cls = WriteClass::kCaseWork;
  CityId city;
  Instant at;  ///< product time, Transaction::now()
  std::function<Result<>(Transaction&)> apply;
  std::function<void(WriteOutcome)> done;
};

/// Counts since start, for metrics.
struct WriterFigures {
  std::uint64_t commits = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t largest_batch = 0;
  Duration last_commit{};  ///< how long the last COMMIT took
};

/// The one thread that writes. When a commit returns it takes all that waits, at most 128 requests of one
/// city, call events first, each in its own SAVEPOINT, and commits again: no timer.
///
/// What `done` may hear besides apply's own refusal: kStoreUnavailable — the commit failed or the store is
/// gone; nothing of the batch was saved, not even what had been refused by then. kInternal — `apply` threw
/// or the database refused its statement; it alone was rolled back.
/// After a failed commit the connection is reopened once; while that fails requests hear
/// kStoreUnavailable and a new attempt is made at most once a second.
class Writer {
 public:
  /// Opens the writing connection and starts the thread. `on_state` is called on the writer thread.
  static Result<std::unique_ptr<Writer>> start(Database& database, const KeyRing& keys,
                                               std::function<void(StoreState)> on_state = {});
  ~Writer();

  /// Any thread. kRetryAfter: the queue is full for this class. kShuttingDown: after stop(). In both
  /// cases `done` is not called.
  Result<> submit(WriteRequest request);

  /// Refuses new requests, commits all that wait, calls their `done`, closes the connection. Idempotent.
  void stop();

  [[nodiscard]] WriterFigures figures() const;

 private:
  static constexpr std::size_t kClasses = 3;

  Writer(Database& database, const KeyRing& keys, std::unique_ptr<Connection> connection,
         std::function<void(StoreState)> on_state);

  void run();
  bool wait_for_work();
  std::vector<WriteRequest> take_batch();
  std::size_t waiting() const;
  void commit_batch(std::vector<WriteRequest> batch);
  std::vector<Result<>> apply_all(std::vector<WriteRequest>& batch);
  Result<> apply_one(WriteRequest& request, std::int64_t& highest_id);
  void fail_batch(std::vector<WriteRequest>& batch);
  bool ensure_open();
  void reopen();
  void checkpoint();

  Database& database_;
  const KeyRing& keys_;
  std::function<void(StoreState)> on_state_;

  // Writer thread only.
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<AuditChain> audit_;
  int commits_since_checkpoint_ = 0;
  std::int64_t next_reopen_us_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::array<std::deque<WriteRequest>, kClasses> queues_;
  WriterFigures figures_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace kapok::storage
