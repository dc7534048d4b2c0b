#include "service/unanswered.h"

#include "core/phone_number.h"
#include "storage/audit_chain.h"
#include "storage/follow_up_table.h"
#include "storage/missed_caller_table.h"

namespace kapok::service {
namespace {

void audit(storage::Transaction& tx, storage::AuditAction action, storage::AuditObject object, std::int64_t id) {
  tx.audit().append(
      tx, {.actor = {}, .session = {}, .action = action, .object = object, .object_id = id, .scope = Scope::kOther});
}

Result<LeftToDo> promise_callback(storage::Transaction& tx, const CityConfig& config, const EndedCall& ended,
                                  const std::string& number) {
  const auto offset = config.utc_offset;
  const auto open = storage::FollowUpTable::open_one(tx, ended.unit, number);
  const bool joined = open.has_value();
  const casework::Callback callback =
      joined ? casework::join_attempt(*open, ended.call, ended.hung_up_at(), ended.high_risk, offset)
             : casework::open_callback({ended.spare_callback, ended.unit, ended.line, number, ended.call,
                                        ended.hung_up_at(), ended.high_risk},
                                       offset);
  if (auto saved = storage::FollowUpTable::save(tx, callback); !saved) return saved.error();
  audit(tx, storage::AuditAction::kFollowUpChanged, storage::AuditObject::kFollowUp, callback.id.value);
  LeftToDo left;
  left.kind = casework::AfterUnanswered::kCallback;
  left.callback = callback.id;
  left.joined = joined;
  left.due_at = callback.due_at;
  return left;
}

Result<LeftToDo> note_missed(storage::Transaction& tx, const EndedCall& ended, bool withheld) {
  casework::MissedCaller missed;
  missed.id = ended.spare_missed;
  missed.call = ended.call;
  missed.unit = ended.unit;
  missed.line = ended.line;
  missed.at = ended.ended_at;
  missed.outcome = ended.outcome;
  missed.reason = withheld ? casework::NoCallbackReason::kWithheld : casework::NoCallbackReason::kUnusable;
  if (auto saved = storage::MissedCallerTable::save(tx, missed); !saved) return saved.error();
  audit(tx, storage::AuditAction::kFollowUpChanged, storage::AuditObject::kMissedCaller, missed.id.value);
  LeftToDo left;
  left.kind = casework::AfterUnanswered::kMissedEntry;
  left.missed = missed.id;
  return left;
}

}  // namespace

Result<LeftToDo> record_unanswered(storage::Transaction& tx, const CityConfig& config, const EndedCall& ended) {
  const PhoneNumber number = parse_phone_number(ended.caller_number);
  const bool owed = ended.promised_at.is_set() && bucket_of(ended.outcome) == KpiBucket::kAnswered;
  const auto kind = casework::after_unanswered(owed ? CallOutcome::kMissed : ended.outcome, can_ring(number));
  switch (kind) {
    case casework::AfterUnanswered::kCallback:
      return promise_callback(tx, config, ended, number.canonical);
    case casework::AfterUnanswered::kMissedEntry:
      return note_missed(tx, ended, number.kind == NumberKind::kWithheld);
    case casework::AfterUnanswered::kNothing:
    case casework::AfterUnanswered::kCountedOnly:
      break;
  }
  LeftToDo left;
  left.kind = kind;
  return left;
}

Result<> record_answered_after_all(storage::Transaction& tx, const storage::CallRow& call) {
  const auto open = storage::MissedCallerTable::open_of_call(tx, call.id);
  if (!open) return Done{};
  const auto noted = casework::acknowledge(*open, open->version, call.worker, {}, tx.now());
  if (!noted) return noted.error();
  if (auto saved = storage::MissedCallerTable::save(tx, *noted); !saved) return saved;
  audit(tx, storage::AuditAction::kFollowUpChanged, storage::AuditObject::kMissedCaller, noted->id.value);
  return Done{};
}

Result<> record_got_through(storage::Transaction& tx, const GotThrough& caller) {
  const PhoneNumber number = parse_phone_number(caller.caller_number);
  if (!can_match(number)) return Done{};
  const auto open = storage::FollowUpTable::open_one(tx, caller.unit, number.canonical);
  if (!open) return Done{};
  const casework::Callback superseded = casework::supersede(*open, tx.now());
  if (auto saved = storage::FollowUpTable::save(tx, superseded); !saved) return saved;
  audit(tx, storage::AuditAction::kFollowUpChanged, storage::AuditObject::kFollowUp, superseded.id.value);
  return Done{};
}

}  // namespace kapok::service
