#include "storage/guarded_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/durable_file.h"

namespace kapok::storage {
namespace {

/// Closes on every way out.
struct FileHandle {
  int fd;
  ~FileHandle() {
    if (fd >= 0) ::close(fd);
  }
};

Error refusal(std::string_view what, const std::filesystem::path& file, const std::string& why) {
  return {ErrorCode::kStoreUnavailable, std::string(what) + " " + file.string() + " " + why};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<> create_guarded_file(std::string_view what, const std::filesystem::path& file, std::string_view text) {
  const FileHandle handle{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400)};
  if (handle.fd < 0) {
    if (errno == EEXIST) return refusal(what, file, "exists already and is never overwritten");
    return refusal(what, file, std::string("cannot be created: ") + std::strerror(errno));
  }
  if (!write_all(handle.fd, text) || ::fsync(handle.fd) != 0) return refusal(what, file, "could not be written");
  return sync_directory(file.has_parent_path() ? file.parent_path() : ".");
}

Result<std::string> read_guarded_file(std::string_view what, const std::filesystem::path& file, std::size_t bytes_max) {
  const FileHandle handle{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (handle.fd < 0 && errno == ENOENT) return refusal(what, file, "is missing");
  if (handle.fd < 0) return refusal(what, file, std::string("cannot be opened: ") + std::strerror(errno));
  struct stat facts{};
  if (::fstat(handle.fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return refusal(what, file, "is not a regular file");
  if ((facts.st_mode & 077) != 0) return refusal(what, file, "can be read by others: run chmod 400 on it");
  std::string text(bytes_max + 1, '\0');
  const ssize_t n = ::read(handle.fd, text.data(), text.size());
  if (n < 0) return refusal(what, file, "cannot be read");
  text.resize(static_cast<std::size_t>(n));
  if (text.size() > bytes_max) return refusal(what, file, "is longer than such a file can be");
  return text;
}

}  // namespace kapok::storage
