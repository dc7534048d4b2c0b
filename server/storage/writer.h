#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/result.h"
#include "storage/key_ring.h"
#include "storage/readers.h"
#include "storage/write_request.h"
#include "storage/writer_activity.h"
#include "storage/writer_parts.h"

namespace kapok::storage {

class Database;
class Saver;

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

  [[nodiscard]] StoreState state() const;
  [[nodiscard]] WriterFigures figures() const;
  /// What the thread is doing now. Never blocks.
  [[nodiscard]] WriterActivity::Look activity() const;

 private:
  static constexpr std::size_t kClasses = 3;

  explicit Writer(std::unique_ptr<Saver> saver);

  void run();
  bool wait_for_work();
  std::vector<WriteRequest> take_batch();
  std::deque<ReadRequest> take_looks();
  std::size_t waiting() const;

  const std::unique_ptr<Saver> saver_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::array<std::deque<WriteRequest>, kClasses> queues_;
  std::deque<ReadRequest> looks_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace kapok::storage
