#include "storage/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kapok::storage {

Result<DurableFile> DurableFile::create(std::filesystem::path file, unsigned mode) {
  const std::string part = file.string() + kPartSuffix;
  ::unlink(part.c_str());  // what a crash left
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return Error{ErrorCode::kStoreUnavailable, part + " cannot be created: " + std::strerror(errno)};
  return DurableFile(std::move(file), fd);
}

DurableFile::DurableFile(DurableFile&& other) noexcept : file_(std::move(other.file_)), fd_(other.fd_) {
  other.fd_ = -1;
}

DurableFile::~DurableFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(part().c_str());
}

std::filesystem::path DurableFile::part() const { return file_.string() + kPartSuffix; }

Error DurableFile::failure(const char* what) const {
  return {ErrorCode::kStoreUnavailable, file_.string() + " cannot be " + what + ": " + std::strerror(errno)};
}

Result<> DurableFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failure("written");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return Done{};
}

Result<> DurableFile::finish() {
  if (::fsync(fd_) != 0) return failure("brought to the disk");
  if (::rename(part().c_str(), file_.c_str()) != 0) return failure("given its name");
  ::close(std::exchange(fd_, -1));
  return sync_directory(file_.has_parent_path() ? file_.parent_path() : ".");
}

Result<> sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && (::fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP);
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return Done{};
  return {ErrorCode::kStoreUnavailable, "cannot make " + directory.string() + " durable: " + std::strerror(error)};
}

Result<std::string> read_small_file(const std::filesystem::path& file, std::size_t bytes_max) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {ErrorCode::kStoreUnavailable, file.string() + " cannot be opened: " + std::strerror(errno)};
  std::string text(bytes_max + 1, '\0');
  std::size_t held = 0;
  ssize_t n = 0;
  while (held < text.size() && (n = ::read(fd, text.data() + held, text.size() - held)) > 0)
    held += static_cast<std::size_t>(n);
  ::close(fd);
  if (n < 0) return {ErrorCode::kStoreUnavailable, file.string() + " cannot be read"};
  if (held > bytes_max) return {ErrorCode::kStoreUnavailable, file.string() + " is too long"};
  text.resize(held);
  return text;
}

}  // namespace kapok::storage
