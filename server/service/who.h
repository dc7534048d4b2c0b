#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/id.h"
#include "core/instant.h"
#include "core/permission.h"
#include "core/result.h"
#include "service/asked.h"
#include "service/directory.h"
#include "service/office.h"
#include "storage/audit_event.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Who asked, copied from the session so that the writer and reader threads may judge by it: a contact's
/// unit and owner are known only once its row is read, in the transaction that changes it.
struct Who {
  std::shared_ptr<const Directory> directory;
  Subject subject;
  WorkerId worker;
  SessionId session;
  Instant now;

  [[nodiscard]] Result<Permission> may(Action action, const Object& object) const {
    return kapok::may(directory->tree(), subject, action, object);
  }

  /// Appends the audit row of something this person did.
  void audit(storage::Transaction& tx, storage::AuditAction action, storage::AuditObject object, std::int64_t id,
             Scope scope, std::string_view detail = {}) const;
};

/// Nothing when nobody is signed in; the question is then refused NOT_SIGNED_IN. Strand only.
std::optional<Who> who_asks(const Office& office, const Asked& asked);

}  // namespace kapok::service
