#include "storage/writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/check.h"
#include "core/planted_fault.h"
#include "storage/batch.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/policy.h"
#include "storage/saver.h"

namespace kapok::storage {
namespace {

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
    std::unique_ptr<Writer> writer(
        new Writer(std::make_unique<Saver>(database, keys, std::move(connection).value(), std::move(parts))));
    writer->thread_ = std::thread([raw = writer.get()] { raw->run(); });
    return writer;
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable, "the store cannot be read: " + std::string(failure.what())};
  }
}

Writer::Writer(std::unique_ptr<Saver> saver) : saver_(std::move(saver)) {}

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

StoreState Writer::state() const { return saver_->state(); }

WriterActivity::Look Writer::activity() const { return saver_->activity().look(); }

WriterFigures Writer::figures() const { return saver_->figures(); }

std::size_t Writer::waiting() const {
  std::size_t count = 0;
  for (const auto& queue : queues_) count += queue.size();
  return count;
}

void Writer::run() {
  while (wait_for_work()) {
    for (ReadRequest& look : take_looks()) saver_->look(look);
    Batch batch;
    batch.requests = take_batch();
    const WriterActivity::Mark working(saver_->activity(), WriterActivity::Doing::kWorking);
    KAPOK_HANG_IF_PLANTED(hang_writer);
    if (!batch.requests.empty()) saver_->save(std::move(batch));
    if (saver_->ailing()) saver_->mend();
  }
  saver_->close();
}

/// True when something waits or the store wants mending; false when there is nothing left and we are stopping.
bool Writer::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto busy = [&] { return waiting() > 0 || !looks_.empty(); };
  const auto ready = [&] { return stopping_ || busy(); };
  while (!ready()) {
    if (saver_->ailing()) {
      arrived_.wait_for(lock, std::chrono::microseconds(saver_->pause_us()), ready);
      return busy() || !stopping_;
    }
    if (!saver_->wants_checkpoint()) {
      arrived_.wait(lock, ready);
    } else if (!arrived_.wait_for(lock, kIdleBeforeCheckpoint, ready)) {
      lock.unlock();
      saver_->checkpoint();
      lock.lock();
    }
  }
  return busy();
}

std::deque<ReadRequest> Writer::take_looks() {
  const std::lock_guard lock(mutex_);
  return std::exchange(looks_, {});
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

}  // namespace kapok::storage
