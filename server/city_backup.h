#pragma once

#include <memory>

#include "config.h"
#include "ops/log.h"
#include "service/clock.h"
#include "storage/backup_keeper.h"

namespace kapok {

/// Starts the keeping of backups as the configuration asks, and tells the log what comes of it. Without a second path
/// or a public key it only sees to it that unwanted changes do not pile up; NO_BACKUP_KEY says so, NO_SECOND_PATH is
/// said where the audit's heads are opened.
///
/// An error, one sentence for the operator: the public key cannot be read. Stop the keeper before the writer.
Result<std::unique_ptr<storage::BackupKeeper>> start_backup(const Config& config, storage::BackupPorts ports,
                                                            std::uint32_t practice_factor, ops::Log& log);

}  // namespace kapok
