#include "service/opening_audit.h"

#include "storage/audit_chain.h"

namespace kapok::service {
namespace {

using Verdict = RecordOpenings::Verdict;
using storage::AuditAction;
using storage::AuditObject;
using storage::AuditOutcome;

storage::AuditEvent event_of(const Who& who, const OpeningAsked& asked, AuditOutcome outcome) {
  return {.actor = who.worker,
          .session = who.session,
          .action = asked.breaks_glass ? AuditAction::kBreakGlass : AuditAction::kRecordOpened,
          .object = asked.opening.object,
          .object_id = asked.opening.id,
          .scope = asked.scope,
          .reason = asked.reason,
          .outcome = outcome};
}

/// What kapokctl audit alerts lists.
storage::AuditEvent alert_of(const Who& who, AuditOutcome outcome) {
  return {.actor = who.worker,
          .session = who.session,
          .action = AuditAction::kManyOpened,
          .object = AuditObject::kWorker,
          .object_id = who.worker.value,
          .scope = Scope::kOwn,
          .reason = storage::AuditReason::kNone,
          .outcome = outcome};
}

/// The refusal is committed before it is told, like every reading.
void refuse_opening(Office& office, const Asked& asked, const Who& who, const OpeningAsked& opening, bool first) {
  office.changes.save(
      storage::WriteClass::kReadAudit,
      [who, opening, first](storage::Transaction& tx) -> Result<> {
        tx.audit().append(tx, event_of(who, opening, AuditOutcome::kRefused), opening.text);
        if (first) tx.audit().append(tx, alert_of(who, AuditOutcome::kRefused));
        return Done{};
      },
      [asked](const storage::WriteOutcome&) {
        asked->refuse(ErrorCode::kLockedOut, "more than " + std::to_string(kOpeningsMax) +
                                                 " records opened within an hour; those assigned to you stay open");
      });
}

}  // namespace

void answer_opened(Office& office, const Asked& asked, const Who& who, OpeningAsked opening, api::ReplyBody body,
                   std::function<void()> opened) {
  RecordOpenings& openings = *office.openings;
  const Verdict verdict = openings.judge(opening.opening, asked->now);
  if (verdict == Verdict::kSeenBefore && !opening.breaks_glass) return asked->answer(std::move(body));
  if (verdict == Verdict::kStopped || verdict == Verdict::kStoppedAgain)
    return refuse_opening(office, asked, who, opening, verdict == Verdict::kStopped);

  Changes::Change change;
  change.write_class = storage::WriteClass::kReadAudit;
  change.degraded = opening.degraded;
  change.apply = [who, opening, body = std::move(body),
                  many = verdict == Verdict::kMany](storage::Transaction& tx) -> Result<api::ReplyBody> {
    tx.audit().append(tx, event_of(who, opening, AuditOutcome::kDone), opening.text);
    if (many) tx.audit().append(tx, alert_of(who, AuditOutcome::kDone));
    return body;
  };
  change.deliver = [kept = office.openings, of = opening.opening, now = asked->now,
                    opened = std::move(opened)](const api::ReplyBody&) {
    kept->audited(of, now);
    if (opened) opened();
  };
  office.changes.save(asked, std::move(change));
}

}  // namespace kapok::service
