#include "storage/backup_keeper.h"

#include <utility>

namespace kapok::storage {

using What = BackupEvent::What;

BackupKeeper::BackupKeeper(BackupSettings settings, BackupPorts ports, std::function<void(const BackupEvent&)> on_event)
    : work_(std::move(settings), std::move(ports)), on_event_(std::move(on_event)), thread_([this] { run(); }) {}

BackupKeeper::~BackupKeeper() { stop(); }

void BackupKeeper::make_base(std::function<void(Result<BaseMade>)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      requests_.push_back(std::move(done));
      wake_.notify_one();
      return;
    }
  }
  done(Error{ErrorCode::kShuttingDown, {}});
}

void BackupKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool BackupKeeper::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void BackupKeeper::run() {
  work_.clean();
  do {
    turn();
  } while (wait_for_turn());
  if (work_.settings().complete()) ship();
  for (const auto& done : take_requests()) done(Error{ErrorCode::kShuttingDown, {}});
}

/// False when it is time to end.
bool BackupKeeper::wait_for_turn() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, work_.settings().ship_every, [&] { return stopping_ || !requests_.empty(); });
  return !stopping_;
}

BackupKeeper::Requests BackupKeeper::take_requests() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

void BackupKeeper::turn() {
  Requests requests = take_requests();
  if (!work_.settings().complete()) {
    for (const auto& done : requests)
      done(Error{ErrorCode::kWrongState, "set second_path and backup.public_key first: no backups are made"});
    static_cast<void>(work_.bound_what_waits());  // tried again in the next turn
    return;
  }
  ship();
  const auto wanted = work_.base_wanted();
  if (!requests.empty() || (wanted && *wanted)) base(std::move(requests));
}

void BackupKeeper::ship() {
  const auto shipped = work_.ship();
  if (shipped) {
    if (std::exchange(shipping_failing_, false)) on_event_({.what = What::kShippingResumed, .changes = *shipped});
    return;
  }
  if (!std::exchange(shipping_failing_, true))
    on_event_({.what = What::kShippingFailed, .why = shipped.error().detail});
  const auto dropped = work_.bound_what_waits();
  if (dropped && *dropped > 0) on_event_({.what = What::kChangesDropped, .changes = *dropped});
}

void BackupKeeper::base(Requests requests) {
  const auto made = work_.make_base([this] { return !stopping(); });
  if (made) {
    base_failing_ = false;
    on_event_({.what = What::kBaseMade, .took = made->took, .bytes = made->bytes});
    work_.expire();
  } else if (made.error().code != ErrorCode::kShuttingDown && !std::exchange(base_failing_, true)) {
    on_event_({.what = What::kBaseFailed, .why = made.error().detail});
  }
  for (const auto& done : requests) done(made);
}

}  // namespace kapok::storage
