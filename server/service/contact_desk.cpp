#include "service/contact_desk.h"

#include "service/contact_index.h"
#include "service/contact_needs.h"
#include "storage/call_table.h"
#include "storage/contact_correction_table.h"
#include "storage/contact_table.h"

namespace kapok::service {
namespace {

using storage::AuditAction;
using storage::AuditObject;

api::ContactSaved saved_view(const casework::Contact& contact, std::vector<ReferralId> referrals = {}) {
  return {contact.id, contact.version, contact.display_number, std::move(referrals)};
}

/// What a client leaves unsaid of a call stays as the answer set it.
Result<> take_over(const casework::Contact& stored, casework::ContactFields& fields, IdStock& ids) {
  if (!fields.answered_by.is_set()) fields.answered_by = stored.fields.answered_by;
  return adopt_needs(stored.fields.needs, fields.needs, ids);
}

Result<> check_worker(const Directory& directory, WorkerId worker) {
  if (worker.is_set() && directory.worker(worker) == nullptr) return Error{ErrorCode::kUnknownWorker, "answered_by"};
  return Done{};
}

Result<> check_point(const Directory& directory, UnitId point) {
  if (point.is_set() && directory.tree().find(point) == nullptr) return Error{ErrorCode::kUnknownUnit, "point"};
  return Done{};
}

Result<> check_references(const Who& who, const casework::ContactFields& fields) {
  if (auto checked = check_worker(*who.directory, fields.answered_by); !checked) return checked;
  return check_point(*who.directory, fields.point);
}

/// One record for the whole call (decision 1): a caller who is given back finds somebody who can still write.
Result<> check_call_over(storage::Transaction& tx, const casework::Contact& contact) {
  if (!contact.call.is_set()) return Done{};
  const auto call = storage::CallTable::get(tx, contact.call);
  if (call && call->state != CallState::kEnded)
    return Error{ErrorCode::kWrongState, "the call still lasts: save the draft, finalise when it has ended"};
  return Done{};
}

/// The call's end is its own row's business until the text is finished; then the contact keeps it too.
void keep_end_of_call(storage::Transaction& tx, casework::Contact& contact) {
  if (!contact.call.is_set() || contact.ended_at.is_set()) return;
  if (const auto call = storage::CallTable::get(tx, contact.call)) contact.ended_at = call->ended_at;
}

}  // namespace

ContactDesk::ContactDesk(Office& office, storage::SearchIndex& index) : office_(office), index_(index) {}

/// Reads the contact, lets `write` judge and change it, and answers with what it made.
void ContactDesk::save(const Asked& asked, ContactId id, Write write, storage::Degraded degraded) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  auto after = std::make_shared<casework::Contact>();
  Changes::Change change;
  change.degraded = degraded;
  change.apply = [id, after, who = *who, write = std::move(write)](storage::Transaction& tx) -> Result<api::ReplyBody> {
    auto contact = storage::ContactTable::get(tx, id);
    if (!contact) return contact.error();
    auto saved = write(tx, who, *contact);
    if (!saved) return saved.error();
    *after = std::move(*contact);
    return api::ReplyBody{std::move(*saved)};
  };
  change.deliver = [this, after](const api::ReplyBody&) { tell(*after); };
  office_.changes.save(asked, std::move(change));
}

void ContactDesk::tell(const casework::Contact& contact) const {
  for (const Listener& listener : listeners_) listener(contact);
}

void ContactDesk::handle(const Asked& asked, const api::SaveDraft& save_draft) {
  if (auto checked = check_dispatches(*office_.directory, save_draft.fields.needs, {}); !checked)
    return asked->refuse(checked.error());
  const IdStock stock(office_, ids_needed(save_draft.fields.needs.size(), 0));
  save(
      asked, save_draft.contact,
      [stock, asking = save_draft](storage::Transaction& tx, const Who& who,
                                   casework::Contact& contact) -> Result<api::ContactSaved> {
        IdStock ids = stock;  // a second run takes the same ones
        const auto may =
            who.may(Action::kWriteContact, object_of(contact, who.worker, took_over(tx, contact, who.worker, who.now)));
        if (!may) return may.error();
        casework::ContactFields fields = asking.fields;
        if (auto checked = check_references(who, fields); !checked) return checked.error();
        if (auto taken = take_over(contact, fields, ids); !taken) return taken.error();
        auto next = casework::save_draft(contact, asking.version, std::move(fields), who.worker, tx.now());
        if (!next) return next.error();
        if (auto written = storage::ContactTable::save(tx, *next); !written) return written.error();
        who.audit(tx, AuditAction::kContactWritten, AuditObject::kContact, contact.id.value, may->scope);
        contact = std::move(*next);
        return saved_view(contact);
      },
      storage::Degraded::kAllowed);
}

void ContactDesk::handle(const Asked& asked, const api::FinaliseContact& finalise) {
  if (auto checked = check_dispatches(*office_.directory, finalise.fields.needs, finalise.dispatches); !checked)
    return asked->refuse(checked.error());
  auto ids = std::make_shared<IdStock>(office_, ids_needed(finalise.fields.needs.size(), finalise.dispatches.size()));
  save(asked, finalise.contact,
       [this, ids, asking = finalise, config = office_.config](
           storage::Transaction& tx, const Who& who, casework::Contact& contact) -> Result<api::ContactSaved> {
         const auto may = who.may(Action::kWriteContact,
                                  object_of(contact, who.worker, took_over(tx, contact, who.worker, who.now)));
         if (!may) return may.error();
         if (auto over = check_call_over(tx, contact); !over) return over.error();
         casework::ContactFields fields = asking.fields;
         if (auto checked = check_references(who, fields); !checked) return checked.error();
         if (auto taken = take_over(contact, fields, *ids); !taken) return taken.error();
         auto next = casework::finalise(contact, asking.version, std::move(fields), who.worker, tx.now());
         if (!next) return next.error();
         keep_end_of_call(tx, *next);
         auto finished = finish(tx, config, who, *next, asking.dispatches, *ids);
         if (!finished) return finished;
         who.audit(tx, AuditAction::kContactFinalised, AuditObject::kContact, contact.id.value, may->scope);
         contact = std::move(*next);
         return finished;
       });
}

Result<api::ContactSaved> ContactDesk::finish(storage::Transaction& tx, const CityConfig& config, const Who& who,
                                              casework::Contact& contact, const std::vector<api::Dispatch>& dispatches,
                                              IdStock& ids) const {
  auto made = dispatch_needs(tx, config, who, contact, dispatches, ids);
  if (!made) return made.error();
  if (auto written = storage::ContactTable::save(tx, contact); !written) return written.error();
  auto referrals = save_dispatched(tx, who, *made, ids);
  if (!referrals) return referrals.error();
  if (auto indexed = index_contact(tx, index_, *who.directory, contact); !indexed) return indexed.error();
  return saved_view(contact, std::move(*referrals));
}

void ContactDesk::handle(const Asked& asked, const api::CorrectContact& correct) {
  if (auto checked = check_dispatches(*office_.directory, correct.fields.needs, {}); !checked)
    return asked->refuse(checked.error());
  auto ids = std::make_shared<IdStock>(office_, ids_needed(correct.fields.needs.size(), 0) + 1);
  save(asked, correct.contact,
       [this, ids, asking = correct](storage::Transaction& tx, const Who& who,
                                     casework::Contact& contact) -> Result<api::ContactSaved> {
         const auto as_lead = who.may(Action::kCorrectContact, {contact.unit, WorkerId{}, false});
         const auto as_writer = who.may(Action::kCorrectContact, {contact.unit, contact.written_by, false});
         if (!as_lead && !as_writer) return as_writer.error();
         casework::ContactFields fields = asking.fields;
         if (auto checked = check_references(who, fields); !checked) return checked.error();
         if (auto taken = take_over(contact, fields, *ids); !taken) return taken.error();
         auto corrected = casework::correct(contact, asking.version, std::move(fields), who.worker, as_lead.ok(),
                                            asking.reason, tx.now());
         if (!corrected) return corrected.error();
         if (auto written = storage::ContactTable::save(tx, corrected->contact); !written) return written.error();
         auto kept = storage::ContactCorrectionTable::append(tx, ids->take<storage::ContactCorrectionId>(),
                                                             corrected->correction, corrected->contact.fields);
         if (!kept) return kept.error();
         if (auto indexed = index_contact(tx, index_, *who.directory, corrected->contact); !indexed)
           return indexed.error();
         who.audit(tx, AuditAction::kContactCorrected, AuditObject::kContact, contact.id.value,
                   as_lead ? as_lead->scope : as_writer->scope, asking.reason);
         contact = std::move(corrected->contact);
         return saved_view(contact);
       });
}

void ContactDesk::handle(const Asked& asked, const api::ConfirmContact& confirm) {
  save(asked, confirm.contact,
       [asking = confirm](storage::Transaction& tx, const Who& who,
                          casework::Contact& contact) -> Result<api::ContactSaved> {
         const auto may = who.may(Action::kConfirmContact, {contact.unit, contact.fields.answered_by, false});
         if (!may) return Error{ErrorCode::kNotYours, "only the answerer confirms"};
         auto next = casework::confirm_by_answerer(contact, asking.version, who.worker, tx.now());
         if (!next) return next.error();
         if (auto written = storage::ContactTable::save(tx, *next); !written) return written.error();
         who.audit(tx, AuditAction::kContactWritten, AuditObject::kContact, contact.id.value, may->scope);
         contact = std::move(*next);
         return saved_view(contact);
       });
}

void ContactDesk::handle(const Asked& asked, const api::ReviewContact& review) {
  save(asked, review.contact,
       [asking = review](storage::Transaction& tx, const Who& who,
                         casework::Contact& contact) -> Result<api::ContactSaved> {
         const auto may = who.may(Action::kReviewContact, object_of(contact, who.worker));
         if (!may) return may.error();
         auto next = casework::review(contact, asking.version, who.worker, asking.note, tx.now());
         if (!next) return next.error();
         if (auto written = storage::ContactTable::save(tx, *next); !written) return written.error();
         who.audit(tx, AuditAction::kContactReviewed, AuditObject::kContact, contact.id.value, may->scope);
         contact = std::move(*next);
         return saved_view(contact);
       });
}

void ContactDesk::handle(const Asked& asked, const api::RecordManual& record) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  const Directory& directory = *office_.directory;
  if (directory.tree().find(record.unit) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit, "unit");
  if (!office_.require(asked, Action::kRecordManual, {record.unit, who->worker, false})) return;
  const DirectoryLine* line = record.line.is_set() ? directory.line(record.line) : nullptr;
  if (record.line.is_set() && (line == nullptr || line->unit != record.unit))
    return asked->refuse(ErrorCode::kUnknownLine, "line: not a line of that unit");
  if (auto checked = check_worker(directory, record.answered_by); !checked) return asked->refuse(checked.error());
  if (auto checked = check_references(*who, record.fields); !checked) return asked->refuse(checked.error());
  if (auto checked = check_dispatches(directory, record.fields.needs, record.dispatches); !checked)
    return asked->refuse(checked.error());

  auto ids = std::make_shared<IdStock>(office_, 1 + ids_needed(record.fields.needs.size(), record.dispatches.size()));
  auto after = std::make_shared<casework::Contact>();
  Changes::Change change;
  change.apply = [this, ids, after, who = *who, asking = record,
                  config = office_.config](storage::Transaction& tx) -> Result<api::ReplyBody> {
    return write_manual(tx, config, who, asking, *ids, *after);
  };
  change.deliver = [this, after](const api::ReplyBody&) { tell(*after); };
  office_.changes.save(asked, std::move(change));
}

Result<api::ReplyBody> ContactDesk::write_manual(storage::Transaction& tx, const CityConfig& config, const Who& who,
                                                 const api::RecordManual& asking, IdStock& ids,
                                                 casework::Contact& after) const {
  casework::NewContact contact;
  contact.id = ids.take<ContactId>();
  contact.display_number = take_display_number(tx, config);
  contact.unit = asking.unit;
  contact.line = asking.line;
  contact.channel = asking.channel;
  contact.caller_number = asking.caller_number;
  contact.started_at = asking.occurred_at;
  contact.ended_at = asking.ended_at;
  contact.answered_by = asking.answered_by;
  casework::ContactFields fields = asking.fields;
  if (auto adopted = adopt_needs({}, fields.needs, ids); !adopted) return adopted.error();
  auto made = casework::record_manual(std::move(contact), std::move(fields), who.worker, tx.now(), config.utc_offset);
  if (!made) return made.error();
  auto finished = finish(tx, config, who, *made, asking.dispatches, ids);
  if (!finished) return finished.error();
  who.audit(tx, AuditAction::kContactFinalised, AuditObject::kContact, made->id.value, Scope::kOwn);
  after = std::move(*made);
  return api::ReplyBody{std::move(*finished)};
}

}  // namespace kapok::service
