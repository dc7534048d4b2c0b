#pragma once

#include <memory>

#include "config.h"
#include "core/result.h"
#include "ops/log.h"
#include "service/clock.h"
#include "storage/audit_head_writer.h"
#include "storage/database.h"

namespace kapok {

/// Begins to sign the audit log: heads go to `audit-heads` below second_path; without one beside the data, with a
/// warning, for then a cut tail cannot be seen. A store without a signing key gets one, with a warning that its public
/// key is to be noted. Refuses a key file that others may read. `log` and `clock` outlive what is returned.
Result<std::unique_ptr<storage::AuditHeadWriter>> open_audit_heads(const Config& config, storage::Database& database,
                                                                   const service::Clock& clock, ops::Log& log);

}  // namespace kapok
