#include "storage/backup_keeper.h"

#include <utility>

namespace kapok::storage {

using What = BackupEvent::What;

BackupKeeper::BackupKeeper(BackupSettings settings, BackupPorts ports, std::function<void(const BackupEvent&)> on_event)
    : work_(std::move(settings), std::move(ports)), on_event_(std::move(on_event)), thread_([this] { run(); }) {}

BackupKeeper::~BackupKeeper() { stop(); }

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
}

/// False when it is time to end.
bool BackupKeeper::wait_for_turn() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, work_.settings().ship_every, [&] { return stopping_; });
  return !stopping_;
}

void BackupKeeper::turn() {
  if (!work_.settings().complete()) {
    static_cast<void>(work_.bound_what_waits());  // tried again in the next turn
    return;
  }
  ship();
  const auto wanted = work_.base_wanted();
  if (wanted && *wanted) base();
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

void BackupKeeper::base() {
  const auto made = work_.make_base([this] { return !stopping(); });
  if (made) {
    base_failing_ = false;
    on_event_({.what = What::kBaseMade, .took = made->took, .bytes = made->bytes});
    work_.expire();
  } else if (made.error().code != ErrorCode::kShuttingDown && !std::exchange(base_failing_, true)) {
    on_event_({.what = What::kBaseFailed, .why = made.error().detail});
  }
}

}  // namespace kapok::storage
