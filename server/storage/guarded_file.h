#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace kapok::storage {

/// Files that only their owner may read, such as keys. Errors are kStoreUnavailable with one sentence for the operator
/// that begins with `what` and the path.

/// A new file, 0400, durable when this returns together with its name. Refuses one that exists.
Result<> create_guarded_file(std::string_view what, const std::filesystem::path& file, std::string_view text);

/// Its text. Refuses a missing file, one that others may read or write, one that is not regular, and one longer than
/// `bytes_max`.
Result<std::string> read_guarded_file(std::string_view what, const std::filesystem::path& file, std::size_t bytes_max);

}  // namespace kapok::storage
