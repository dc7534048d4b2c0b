#pragma once

#include <filesystem>
#include <memory>

#include "core/result.h"

namespace kapok::storage {

/// Exclusive hold on a data directory (flock on `lock`), for as long as the object lives. The operating
/// system lets go when the process ends, however it ends.
class DirectoryLock {
 public:
  /// kStoreUnavailable names the process that holds it.
  static Result<std::unique_ptr<DirectoryLock>> take(const std::filesystem::path& directory);

  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace kapok::storage
