#pragma once

#include "service/changes.h"
#include "storage/audit_chain.h"
#include "storage/connection.h"

namespace kapok::service {

/// From now on every `apply` runs twice, the first time in vain, as when the store breaks off and the working set goes
/// on (storage/write_request.h).
inline void apply_twice(Changes& changes) {
  changes.around_apply([](storage::Transaction& tx, const Changes::Apply& apply) {
    const auto before = tx.audit().mark();
    tx.connection().run_text("SAVEPOINT in_vain");
    (void)apply(tx);
    tx.connection().run_text("ROLLBACK TO in_vain");
    tx.connection().run_text("RELEASE in_vain");
    tx.audit().rewind(before);
    return apply(tx);
  });
}

}  // namespace kapok::service
