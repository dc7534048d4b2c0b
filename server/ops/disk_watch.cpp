#include "ops/disk_watch.h"

#include <sys/statvfs.h>

#include <system_error>
#include <utility>

namespace kapok::ops {
namespace {

std::uint64_t mebibytes(std::uint64_t bytes) { return bytes >> 20; }

}  // namespace

int free_space_alarm(std::uint64_t free, std::uint64_t size) {
  int reached = 0;
  for (const int percent : kFreePercentAlarms)
    if (free < size / 100 * static_cast<std::uint64_t>(percent)) reached = percent;
  return reached;
}

bool AlarmLevel::is_worse(int reached) {
  const int before = std::exchange(told_, reached);
  return reached != 0 && (before == 0 || reached < before);
}

DiskWatch::DiskWatch(Log& log, Watched watched)
    : log_(log), watched_(std::move(watched)), levels_(watched_.folders.size()), thread_([this] { run(); }) {}

DiskWatch::~DiskWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DiskWatch::run() {
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    look();
    lock.lock();
  } while (!changed_.wait_for(lock, watched_.every, [this] { return stopping_; }));
}

void DiskWatch::look() {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    struct statvfs facts{};
    if (::statvfs(watched_.folders[i].c_str(), &facts) != 0) continue;
    const std::uint64_t free = facts.f_bavail * facts.f_frsize;
    const int reached = free_space_alarm(free, facts.f_blocks * facts.f_frsize);
    if (levels_[i].is_worse(reached))
      log_.write(LogId::kDiskSpaceLow, {{"below_percent", reached}, {"free_mib", mebibytes(free)}, {"folder", i}});
  }
  std::error_code none;
  const std::uintmax_t bytes = std::filesystem::file_size(watched_.write_ahead_log, none);
  const bool large = !none && bytes > kLogBytesAlarm;
  if (large && !std::exchange(log_is_large_, large)) log_.write(LogId::kWalLarge, {{"mib", mebibytes(bytes)}});
  log_is_large_ = large;
}

}  // namespace kapok::ops
