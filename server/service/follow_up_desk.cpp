#include "service/follow_up_desk.h"

#include <memory>
#include <utility>

#include "core/local_time.h"
#include "service/contact_access.h"
#include "storage/audit_chain.h"
#include "storage/follow_up_table.h"
#include "storage/reply_table.h"

namespace kapok::service {
namespace {

/// Dial numbers are kept beside the keys of sessions, under the callback's id.
constexpr std::string_view kDialReport = "dial result";

UtcOffset offset_of(const Office& office) { return office.config.utc_offset; }

Object object_of(const casework::Callback& callback) { return {callback.unit, callback.owner, false}; }

Result<Permission> may_work(const Who& who, const casework::Callback& callback) {
  auto may = who.may(Action::kWorkCallback, object_of(callback));
  if (!may && callback.owner != who.worker) return Error{ErrorCode::kNotYours, "claim the callback first"};
  return may;
}

}  // namespace

api::CallbackView callback_view(const Directory& directory, const casework::Callback& callback, Instant now,
                                Duration utc_offset) {
  api::CallbackView view;
  view.callback = callback.id;
  view.version = callback.version;
  view.state = callback.state;
  view.unit = callback.unit;
  view.unit_zh = directory.unit_zh(callback.unit);
  view.caller_masked = masked_number(callback.number);
  view.due_at = callback.due_at;
  view.overdue = casework::overdue(callback, now, std::chrono::duration_cast<UtcOffset>(utc_offset));
  view.unanswered_arrivals = callback.unanswered_arrivals;
  view.attempts = static_cast<std::uint32_t>(callback.attempts.size());
  view.owner_name = directory.worker_name(callback.owner);
  view.last_call = callback.last_call;
  return view;
}

FollowUpDesk::FollowUpDesk(Office& office, Dial dial) : office_(office), dial_(std::move(dial)) {}

/// Reads the callback, lets `change` judge and change it, and answers with how it now stands.
void FollowUpDesk::change(const Asked& asked, FollowUpId id, Change change) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  Changes::Change write;
  write.apply = [id, who = *who, change = std::move(change),
                 offset = office_.config.utc_offset](storage::Transaction& tx) -> Result<api::ReplyBody> {
    auto callback = storage::FollowUpTable::get(tx, id);
    if (!callback) return callback.error();
    Scope scope = Scope::kOwn;
    auto next = change(tx, who, *callback, scope);
    if (!next) return next.error();
    if (auto saved = storage::FollowUpTable::save(tx, *next); !saved) return saved.error();
    who.audit(tx, storage::AuditAction::kFollowUpChanged, storage::AuditObject::kFollowUp, id.value, scope);
    return api::ReplyBody{callback_view(*who.directory, *next, tx.now(), offset)};
  };
  office_.changes.save(asked, std::move(write));
}

void FollowUpDesk::handle(const Asked& asked, const api::ClaimCallback& claim) {
  change(asked, claim.callback,
         [claim](storage::Transaction& tx, const Who& who, const casework::Callback& callback,
                 Scope& scope) -> Result<casework::Callback> {
           const auto may = who.may(Action::kClaimCallback, object_of(callback));
           if (!may) return may.error();
           scope = may->scope;
           return casework::claim(callback, claim.version, who.worker, tx.now());
         });
}

void FollowUpDesk::handle(const Asked& asked, const api::CallbackDone& done) {
  attempt(asked, done.callback, done.version, casework::AttemptResult::kReached, done.note);
}

void FollowUpDesk::handle(const Asked& asked, const api::CallbackAttempted& attempted) {
  attempt(asked, attempted.callback, attempted.version, attempted.result, {});
}

void FollowUpDesk::attempt(const Asked& asked, FollowUpId id, std::uint64_t version, casework::AttemptResult result,
                           std::string note) {
  change(asked, id,
         [version, result, note = std::move(note), offset = offset_of(office_)](
             storage::Transaction& tx, const Who& who, const casework::Callback& callback,
             Scope&) -> Result<casework::Callback> {
           if (const auto may = may_work(who, callback); !may) return may.error();
           return casework::record_attempt(callback, version, who.worker, result, note, tx.now(), offset);
         });
}

void FollowUpDesk::handle(const Asked& asked, const api::DialCallback& dial) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  auto callback = std::make_shared<casework::Callback>();
  office_.changes.save(
      storage::WriteClass::kCaseWork,
      [dial, callback, who = *who, offset = offset_of(office_)](storage::Transaction& tx) -> Result<> {
        auto found = storage::FollowUpTable::get(tx, dial.callback);
        if (!found) return found.error();
        if (const auto may = may_work(who, *found); !may) return may.error();
        if (auto may = casework::may_dial(*found, dial.version, who.worker, tx.now(), offset); !may) return may;
        who.audit(tx, storage::AuditAction::kFollowUpChanged, storage::AuditObject::kFollowUp, found->id.value,
                  Scope::kOwn);
        *callback = std::move(*found);
        return Done{};
      },
      [this, asked, callback, who = *who](const storage::WriteOutcome& outcome) {
        if (outcome.result) return ring(asked, who, *callback);
        asked->refuse(outcome.result.error());
      });
}

void FollowUpDesk::ring(const Asked& asked, const Who& who, const casework::Callback& callback) {
  const auto under_way = dialling_.find(callback.id);
  if (under_way != dialling_.end() && asked->now - under_way->second < kDialTime)
    return asked->refuse(ErrorCode::kBusy, "this callback is being dialled");
  const auto dialled = dial_(callback.id, who.worker, callback.number);
  if (!dialled) return asked->refuse(dialled.error());
  dialling_[callback.id] = asked->now;
  // Phones ring already; the answer is kept so that a repeat of its key hears it and rings nobody again.
  Changes::Change keep;
  keep.apply = [view = callback_view(*office_.directory, callback, asked->now, office_.config.utc_offset)](
                   storage::Transaction&) -> Result<api::ReplyBody> { return api::ReplyBody{view}; };
  office_.changes.save(asked, std::move(keep));
}

void FollowUpDesk::dialled(const Asked& asked, const api::DialResult& result) {
  dialling_.erase(result.callback);
  if (!result.worker_answered) return asked->answer(Done{});
  const auto how = result.caller_answered ? casework::AttemptResult::kReached : casework::AttemptResult::kNoAnswer;
  Changes::Change write;
  write.apply = [id = result.callback, dial = result.dial, how,
                 offset = offset_of(office_)](storage::Transaction& tx) -> Result<api::ReplyBody> {
    // A gateway that was not answered reports again, also after a restart: one dial is one attempt.
    const storage::RequestKey once{id.value, static_cast<std::int64_t>(dial)};
    const auto reported = storage::ReplyTable::find(tx, once, kDialReport);
    if (!reported || *reported) return api::ReplyBody{Done{}};
    if (auto kept = storage::ReplyTable::keep(tx, once, kDialReport, {}); !kept) return kept.error();
    auto callback = storage::FollowUpTable::get(tx, id);
    if (!callback) return callback.error();
    auto next = casework::record_attempt(*callback, callback->version, callback->owner, how, {}, tx.now(), offset);
    // Closed or claimed by another meanwhile: the report says nothing new about the promise.
    if (!next) return api::ReplyBody{Done{}};
    if (auto saved = storage::FollowUpTable::save(tx, *next); !saved) return saved.error();
    tx.audit().append(tx, {.actor = callback->owner,
                           .session = {},
                           .action = storage::AuditAction::kFollowUpChanged,
                           .object = storage::AuditObject::kFollowUp,
                           .object_id = id.value,
                           .scope = Scope::kOwn});
    return api::ReplyBody{Done{}};
  };
  office_.changes.save(asked, std::move(write));
}

}  // namespace kapok::service
