#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/audit_head.h"

namespace kapok::storage {

/// Signed heads as they lie in a directory: `heads-2026-11.txt`, one line per head, only ever appended to. Lines that
/// begin with `#` are for people.

/// A line as found, with what it says when it can be read.
struct FoundHead {
  std::string file;
  std::size_t line = 0;
  std::optional<AuditHead> head;  ///< nothing: torn by a crash, or never a head
};

/// Below `second_path`, or beside the data when there is none.
std::filesystem::path audit_heads_directory(const std::filesystem::path& second_path);

/// Every line in order, of one file or of all `heads-*.txt` of a directory. An empty list where there is none yet.
/// kStoreUnavailable when something cannot be read.
Result<std::vector<FoundHead>> read_audit_heads(const std::filesystem::path& file_or_directory);

/// Appends one line and makes it durable before it returns; makes the directory (0700) and the month's file when
/// missing, but not the directory above: a disk that is not mounted must not be mistaken for an empty one. A line that
/// a crash tore is ended first and stays.
Result<> append_audit_head(const std::filesystem::path& directory, const AuditHead& head);

}  // namespace kapok::storage
