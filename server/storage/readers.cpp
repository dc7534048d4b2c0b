#include "storage/readers.h"

#include "core/check.h"
#include "storage/connection.h"
#include "storage/database.h"

namespace kapok::storage {

Result<std::unique_ptr<ReaderPool>> ReaderPool::start(Database& database, const KeyRing& keys, std::size_t threads) {
  KAPOK_CHECK(threads > 0);
  std::unique_ptr<ReaderPool> pool(new ReaderPool(database, keys));
  for (std::size_t i = 0; i < threads; ++i) {
    auto connection = database.connect_reader();
    if (!connection) return connection.error();
    pool->threads_.emplace_back(
        [raw = pool.get(), held = std::move(connection).value()]() mutable { raw->run(std::move(held)); });
  }
  return pool;
}

ReaderPool::ReaderPool(Database& database, const KeyRing& keys) : database_(database), keys_(keys) {}

ReaderPool::~ReaderPool() { stop(); }

Result<> ReaderPool::submit(ReadRequest request) {
  KAPOK_CHECK(request.read && request.failed);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error{ErrorCode::kShuttingDown, {}};
    if (queue_.size() >= kReadQueueMax) return Error{ErrorCode::kRetryAfter, "too many searches wait"};
    queue_.push_back(std::move(request));
  }
  arrived_.notify_one();
  return Done{};
}

void ReaderPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void ReaderPool::run(std::unique_ptr<Connection> connection) {
  for (;;) {
    ReadRequest request;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      request = std::move(queue_.front());
      queue_.pop_front();
    }
    read_one(connection, request);
  }
}

/// A connection that failed is closed and opened anew for the next request.
void ReaderPool::read_one(std::unique_ptr<Connection>& connection, ReadRequest& request) {
  try {
    if (!connection) {
      auto reopened = database_.connect_reader();
      if (!reopened) return request.failed(reopened.error());
      connection = std::move(reopened).value();
    }
    connection->run_text("BEGIN");
    ReadTransaction tx(*connection, keys_);
    request.read(tx);
    connection->run_text("COMMIT");
  } catch (const StoreFailure&) {
    connection.reset();
    request.failed({ErrorCode::kStoreUnavailable, "the store could not be read"});
  } catch (const std::exception&) {
    connection.reset();
    request.failed({ErrorCode::kInternal, "the request failed inside the store"});
  }
}

}  // namespace kapok::storage
