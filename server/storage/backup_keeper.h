#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "storage/backup_work.h"

namespace kapok::storage {

/// What happened, for the log. Told on the keeper's thread.
struct BackupEvent {
  enum class What {
    kBaseMade,
    kBaseFailed,      ///< once, until one is made
    kShippingFailed,  ///< once, until it works again
    kShippingResumed,
    kChangesDropped,  ///< too many waited: they will be in the next base only
  };
  What what = What::kBaseMade;
  Duration took{};            ///< of a base
  std::uint64_t bytes = 0;    ///< of a base
  std::uint64_t changes = 0;  ///< shipped at last, or dropped
  std::string why{};          ///< one sentence for the operator; may name files
};

/// The thread that keeps the backup while the writer goes on. It reads through connections of its own and asks the
/// writer only to forget what is shipped; it never stands between a call and its COMMIT.
///
/// Each turn, every `ship_every`: ship what was committed; when one is due, a whole copy; then what is
/// too old goes. Whatever fails is told once and tried again in the next turn.
class BackupKeeper {
 public:
  BackupKeeper(BackupSettings settings, BackupPorts ports, std::function<void(const BackupEvent&)> on_event);
  ~BackupKeeper();

  /// Ships what is left, once, and ends the thread; a copy under way is given up. After the services have stopped and
  /// before the writer does. Idempotent.
  void stop();

 private:
  void run();
  bool wait_for_turn();
  void turn();
  void ship();
  void base();
  [[nodiscard]] bool stopping() const;

  BackupWork work_;
  const std::function<void(const BackupEvent&)> on_event_;

  // Keeper's thread only.
  bool base_failing_ = false;
  bool shipping_failing_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace kapok::storage
