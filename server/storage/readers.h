#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/result.h"
#include "storage/key_ring.h"
#include "storage/policy.h"
#include "storage/transaction.h"

namespace kapok::storage {

class Connection;
class Database;

/// One look at the store. `read` runs on a reader thread over one snapshot. Exactly one of the two is
/// called to its end: `failed` when the store could not be read (kStoreUnavailable) or `read` threw
/// (kInternal); then `read` may have run in part. Post results to your own strand.
struct ReadRequest {
  std::function<void(ReadTransaction&)> read;
  std::function<void(Error)> failed;
};

/// A few threads, each with its own read-only connection, for searches, lists and reports.
class ReaderPool {
 public:
  static Result<std::unique_ptr<ReaderPool>> start(Database& database, const KeyRing& keys,
                                                   std::size_t threads = kReaderThreads);
  ~ReaderPool();

  /// Any thread. kRetryAfter: too many wait. kShuttingDown: after stop(). Then neither function is called.
  Result<> submit(ReadRequest request);

  /// Finishes what waits and closes the connections; before the Writer stops. Idempotent.
  void stop();

 private:
  ReaderPool(Database& database, const KeyRing& keys);
  void run(std::unique_ptr<Connection> connection);
  void read_one(std::unique_ptr<Connection>& connection, ReadRequest& request);

  Database& database_;
  const KeyRing& keys_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<ReadRequest> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kapok::storage
