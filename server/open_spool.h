#pragma once

#include <memory>

#include "config.h"
#include "ops/log.h"
#include "storage/database.h"
#include "storage/key_ring.h"
#include "storage/spool.h"

namespace kapok {

/// In the order in which they are made; the spool outlives the writer.
struct OpenStore {
  std::unique_ptr<storage::Spool> spool;
  std::unique_ptr<storage::Database> database;
};

/// Opens the store under its lock and the spool (`spool_dir`, else `spool` below data_dir), and takes in what the
/// spool holds before the schema is brought up to date and before anything is read. Warns when both lie on one disk;
/// names in the log what did not fit.
///
/// Errors are one sentence for the operator; a spool that cannot be taken in stays as it is.
Result<OpenStore> open_store_with_spool(const Config& config, const storage::KeyRing& keys, Instant now, ops::Log& log);

}  // namespace kapok
