#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/audit_event.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// An audit row as it was written. Reading here verifies nothing: that is verify_audit's business.
struct AuditRow {
  std::int64_t seq = 0;
  Instant at;
  AuditEvent event;
  std::string detail;  ///< opened; empty when there is none, when it was shredded and when it does not open
};

/// Rows about one object, newest first, with seq < `before`. Searches and exports stand under (kNone, 0): what they
/// showed is in their details.
std::vector<AuditRow> audit_rows_of(ReadTransaction& tx, AuditObject object, std::int64_t id, std::int64_t before,
                                    std::int64_t limit);

/// Rows of the two actions that are looked for across all objects, newest first, with seq < `before`.
std::vector<AuditRow> broken_glasses(ReadTransaction& tx, std::int64_t before, std::int64_t limit);
std::vector<AuditRow> opening_alerts(ReadTransaction& tx, std::int64_t before, std::int64_t limit);

/// One more than the newest row written before `at`; rows stand in the order of their commits, so their times rise but
/// for the length of a batch.
std::int64_t audit_seq_at(ReadTransaction& tx, Instant at);

}  // namespace kapok::storage
