#include "storage/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace kapok::storage {

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::take(const std::filesystem::path& directory) {
  const std::string file = (directory / "lock").string();
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return Error{ErrorCode::kStoreUnavailable, "cannot open " + file + ": " + std::strerror(errno)};
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> holder{};
    const ssize_t n = ::read(fd, holder.data(), holder.size() - 1);
    ::close(fd);
    const std::string who =
        n > 0 ? "process " + std::string(holder.data(), static_cast<std::size_t>(n)) : "another process";
    return Error{ErrorCode::kStoreUnavailable, directory.string() + " is in use by " + who + ": stop it first"};
  }
  const std::string pid = std::to_string(::getpid());
  // The number only serves the message above; the lock itself is the kernel's.
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    ::close(fd);
    return Error{ErrorCode::kStoreUnavailable, "cannot write " + file + ": " + std::strerror(errno)};
  }
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(fd));
}

DirectoryLock::~DirectoryLock() { ::close(fd_); }

}  // namespace kapok::storage
