#include "service/who.h"

#include "storage/audit_chain.h"

namespace kapok::service {

void Who::audit(storage::Transaction& tx, storage::AuditAction action, storage::AuditObject object, std::int64_t id,
                Scope scope, std::string_view detail) const {
  tx.audit().append(tx,
                    {.actor = worker,
                     .session = session,
                     .action = action,
                     .object = object,
                     .object_id = id,
                     .scope = scope,
                     .reason = storage::AuditReason::kNone,
                     .outcome = storage::AuditOutcome::kDone},
                    detail);
}

std::optional<Who> who_asks(const Office& office, const Asked& asked) {
  if (!asked->session) {
    asked->refuse(ErrorCode::kNotSignedIn);
    return std::nullopt;
  }
  const Session& session = *asked->session;
  return Who{office.directory, session.subject, session.worker, session.id, asked->now};
}

}  // namespace kapok::service
