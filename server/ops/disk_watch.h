#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include "ops/log.h"

namespace kapok::ops {

/// Free space below which somebody must hear of it, in percent (reliability.md §2.2, Disk full).
inline constexpr int kFreePercentAlarms[] = {20, 10, 5};

/// A write-ahead log of this size has not been checkpointed for long: somebody holds the database open.
inline constexpr std::uintmax_t kLogBytesAlarm = std::uintmax_t{256} << 20;

/// Which alarm the free space has reached: 0 none, else 20, 10 or 5.
int free_space_alarm(std::uint64_t free, std::uint64_t size);

/// One line per alarm reached, none while it lasts; an alarm that was left behind may come again.
class AlarmLevel {
 public:
  /// True when `reached` (0: none) is a lower figure than before, that is worse.
  bool is_worse(int reached);

 private:
  int told_ = 0;
};

/// Looks once a minute, from a thread of its own, how much room the file systems of the store and the spool have
/// (DISK_SPACE_LOW) and how long the write-ahead log has become (WAL_LARGE). A disk that hangs holds up nobody else.
class DiskWatch {
 public:
  struct Watched {
    std::vector<std::filesystem::path> folders;
    std::filesystem::path write_ahead_log;
    std::chrono::milliseconds every = std::chrono::minutes(1);
  };

  DiskWatch(Log& log, Watched watched);
  ~DiskWatch();

 private:
  void run();
  void look();

  Log& log_;
  Watched watched_;
  std::vector<AlarmLevel> levels_;  ///< one per folder
  bool log_is_large_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kapok::ops
