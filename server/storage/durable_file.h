#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace kapok::storage {

/// A file that is there whole or not at all: written beside its name as `NAME.part` (0600), brought to the disk, and
/// only then given its name, which is brought to the disk too. Destroyed without finish() it leaves nothing.
///
/// kStoreUnavailable names the file and what the system said; after it only destruction is left. One thread.
class DurableFile {
 public:
  static Result<DurableFile> create(std::filesystem::path file, unsigned mode = 0600);

  DurableFile(DurableFile&& other) noexcept;
  DurableFile& operator=(DurableFile&&) = delete;
  ~DurableFile();

  Result<> write(std::string_view bytes);
  Result<> finish();

 private:
  DurableFile(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  [[nodiscard]] std::filesystem::path part() const;
  [[nodiscard]] Error failure(const char* what) const;

  std::filesystem::path file_;
  int fd_;
};

/// What unfinished files are called.
inline constexpr const char* kPartSuffix = ".part";

/// Makes the names in a directory durable. File systems that cannot (some network shares, FAT) are taken as they are.
Result<> sync_directory(const std::filesystem::path& directory);

/// The whole of a small file; refuses one with more than `bytes_max` bytes.
Result<std::string> read_small_file(const std::filesystem::path& file, std::size_t bytes_max);

}  // namespace kapok::storage
