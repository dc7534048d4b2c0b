#include "storage/audit_head_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/local_time.h"
#include "storage/durable_file.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& path, const std::string& what, int error) {
  return {ErrorCode::kStoreUnavailable, path.string() + " " + what + ": " + std::strerror(error)};
}

bool is_head_file(const fs::path& path) {
  return path.extension() == ".txt" && path.filename().string().starts_with("heads-");
}

Result<> read_file(const fs::path& file, std::vector<FoundHead>& found) {
  std::ifstream in(file);
  if (!in) return failed(file, "cannot be read", errno);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();  // typed from paper on another system
    if (line.empty() || line.front() == '#') continue;
    found.push_back({file.filename().string(), number, read_audit_head(line)});
  }
  if (in.bad()) return failed(file, "cannot be read", EIO);
  return Done{};
}

/// Whether the last byte of an open file is something else than a line's end.
bool is_torn(int fd) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

fs::path audit_heads_directory(const fs::path& second_path) { return second_path / "audit-heads"; }

Result<std::vector<FoundHead>> read_audit_heads(const fs::path& file_or_directory) {
  std::vector<FoundHead> found;
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(file_or_directory, error)) {
    for (const auto& entry : fs::directory_iterator(file_or_directory, error))
      if (is_head_file(entry.path())) files.push_back(entry.path());
    if (error) return failed(file_or_directory, "cannot be read", error.value());
    std::sort(files.begin(), files.end());
  } else if (fs::exists(file_or_directory, error)) {
    files.push_back(file_or_directory);
  } else if (error) {
    return failed(file_or_directory, "cannot be read", error.value());
  }
  for (const fs::path& file : files)
    if (auto read = read_file(file, found); !read) return read.error();
  return found;
}

Result<> append_audit_head(const fs::path& directory, const AuditHead& head) {
  const bool made = ::mkdir(directory.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return failed(directory, "cannot be made", errno);
  const fs::path file = directory / ("heads-" + format_local(head.at, UtcOffset{0}).substr(0, 7) + ".txt");
  const int fd = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return failed(file, "cannot be opened", errno);
  const std::string text = (is_torn(fd) ? "\n" : "") + to_line(head) + "\n";
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  ::close(fd);
  if (!written) return failed(file, "cannot be written", why);
  if (auto synced = sync_directory(directory); !synced) return synced;
  return made ? sync_directory(directory.parent_path()) : Result<>(Done{});
}

}  // namespace kapok::storage
