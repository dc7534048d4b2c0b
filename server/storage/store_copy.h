#pragma once

#include <filesystem>
#include <functional>

#include "core/result.h"

namespace kapok::storage {

/// Copies a running store, as it stands at the start, into one plain file (0600) that needs no write-ahead log beside
/// it. Reads through a read-only connection of its own, which never checkpoints; the writer goes on. Goes gently:
/// a few MiB at a time, each brought to the disk before the next, so that no flood of dirty pages stands before a
/// COMMIT's own fsync.
///
/// Stops with kShuttingDown soon after `go_on` said false. After an error the file is gone.
Result<> copy_store(const std::filesystem::path& store_file, const std::filesystem::path& copy,
                    const std::function<bool()>& go_on);

}  // namespace kapok::storage
