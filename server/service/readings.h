#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/audit.h"
#include "core/result.h"
#include "service/who.h"
#include "storage/audit_query.h"
#include "storage/transaction.h"

namespace kapok::service {

/// The records a question about readings is about.
struct RecordsAsked {
  struct Of {
    storage::AuditObject object = storage::AuditObject::kContact;
    std::int64_t id = 0;
  };
  std::vector<Of> records;

  /// As searches name what they showed.
  [[nodiscard]] std::vector<std::int64_t> ids() const;
};

/// Finds them and judges the asker's right to each; those beyond his reach are left out. Refuses as AuditDesk says.
/// Reader thread.
Result<RecordsAsked> records_asked(storage::ReadTransaction& tx, const Who& who, CityId city,
                                   const api::ListReadings& asked);

/// Whether somebody may be told about rows of this unit's records and people.
bool may_hear_of(const Who& who, UnitId unit);

/// An audit row as it is shown.
api::Reading reading_of(storage::ReadTransaction& tx, const Who& who, const storage::AuditRow& row);

}  // namespace kapok::service
