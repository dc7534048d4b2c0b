#include "service/readings.h"

#include <algorithm>
#include <cctype>

#include "core/phone_number.h"
#include "core/text.h"
#include "service/audit_desk.h"
#include "storage/call_log_table.h"
#include "storage/call_table.h"
#include "storage/contact_table.h"
#include "storage/referral_table.h"

namespace kapok::service {
namespace {

using storage::AuditAction;
using storage::AuditObject;
using storage::AuditOutcome;

Error forbidden() { return {ErrorCode::kForbidden, std::string(name_of(Action::kReadAudit))}; }

/// A record whose row is damaged belongs to nobody's patch; whoever may read the whole trail is told of it.
UnitId unit_or_root(const Who& who, UnitId unit) { return unit.is_set() ? unit : who.directory->tree().root(); }

std::string upper(std::string_view text) {
  std::string out(trimmed(text));
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

Result<RecordsAsked> contact_asked(storage::ReadTransaction& tx, const Who& who, CityId city,
                                   const api::ListReadings& asked) {
  ContactId id{asked.record};
  if (!id.is_set()) {
    const auto found = storage::ContactTable::find_display_number(tx, city, upper(asked.number));
    if (!found) return found.error();
    id = *found;
  }
  const auto contact = storage::ContactTable::get(tx, id);
  if (!contact && contact.error().code == ErrorCode::kUnknownContact) return contact.error();
  if (!may_hear_of(who, unit_or_root(who, contact ? contact->unit : UnitId{}))) return forbidden();
  return RecordsAsked{{{AuditObject::kContact, id.value}}};
}

Result<RecordsAsked> call_asked(storage::ReadTransaction& tx, const Who& who, const api::ListReadings& asked) {
  const auto call = storage::CallTable::get(tx, CallId{asked.record});
  if (!call && call.error().code == ErrorCode::kUnknownCall) return call.error();
  if (!may_hear_of(who, unit_or_root(who, call ? call->unit : UnitId{}))) return forbidden();
  RecordsAsked found{{{AuditObject::kCall, asked.record}}};
  if (call && call->contact.is_set()) found.records.push_back({AuditObject::kContact, call->contact.value});
  return found;
}

Result<RecordsAsked> referral_asked(storage::ReadTransaction& tx, const Who& who, const api::ListReadings& asked) {
  const auto referral = storage::ReferralTable::get(tx, ReferralId{asked.record});
  if (!referral && referral.error().code == ErrorCode::kUnknownReferral) return referral.error();
  const bool may = referral ? may_hear_of(who, referral->to_unit) || may_hear_of(who, referral->from_unit)
                            : may_hear_of(who, who.directory->tree().root());
  if (!may) return forbidden();
  return RecordsAsked{{{AuditObject::kReferral, asked.record}}};
}

Result<RecordsAsked> person_asked(storage::ReadTransaction& tx, const Who& who, CityId city,
                                  const api::ListReadings& asked) {
  const PhoneNumber number = parse_phone_number(asked.number);
  if (!can_match(number)) return Error{ErrorCode::kNumberNotUsable, "number"};
  storage::CallLogAsked log;
  log.city = city;
  log.period = {Instant{1}, who.now + minutes{5}};
  log.units.subtrees = {who.directory->tree().root()};
  log.number = number.canonical;
  log.limit = kRecordsOfPersonMax + 1;
  const auto places = storage::call_log_places(tx, log);
  if (places.size() > static_cast<std::size_t>(kRecordsOfPersonMax))
    return Error{ErrorCode::kNarrowSearch, "this number has more than 200 records; ask for one of them"};
  RecordsAsked found;
  for (const storage::CallLogPlace& place : places) {
    UnitId unit;
    if (const auto call = storage::CallTable::get(tx, place.call); place.call.is_set() && call) unit = call->unit;
    if (const auto contact = storage::ContactTable::get(tx, place.contact); !unit.is_set() && contact)
      unit = contact->unit;
    if (!may_hear_of(who, unit_or_root(who, unit))) continue;
    if (place.call.is_set()) found.records.push_back({AuditObject::kCall, place.call.value});
    if (place.contact.is_set()) found.records.push_back({AuditObject::kContact, place.contact.value});
  }
  if (found.records.empty() && !places.empty()) return forbidden();
  return found;
}

api::ReadingHow how_of(const storage::AuditEvent& event) {
  if (event.action == AuditAction::kManyOpened)
    return event.outcome == AuditOutcome::kRefused ? api::ReadingHow::kStopped : api::ReadingHow::kManyOpened;
  if (event.outcome == AuditOutcome::kRefused) return api::ReadingHow::kRefused;
  switch (event.action) {
    case AuditAction::kSearched:
    case AuditAction::kListed:
      return api::ReadingHow::kSearchHit;
    case AuditAction::kExported:
      return api::ReadingHow::kExported;
    case AuditAction::kRecordOpened:
    case AuditAction::kUnmasked:
    case AuditAction::kAuditRead:
      return api::ReadingHow::kOpened;
    case AuditAction::kBreakGlass:
      return api::ReadingHow::kBrokeGlass;
    default:
      return api::ReadingHow::kChanged;
  }
}

api::RecordKind kind_of(AuditObject object) {
  if (object == AuditObject::kCall) return api::RecordKind::kCall;
  if (object == AuditObject::kReferral) return api::RecordKind::kReferral;
  return api::RecordKind::kContact;
}

}  // namespace

std::vector<std::int64_t> RecordsAsked::ids() const {
  std::vector<std::int64_t> ids;
  for (const Of& of : records) ids.push_back(of.id);
  return ids;
}

bool may_hear_of(const Who& who, UnitId unit) { return who.may(Action::kReadAudit, {unit, WorkerId{}, false}).ok(); }

Result<RecordsAsked> records_asked(storage::ReadTransaction& tx, const Who& who, CityId city,
                                   const api::ListReadings& asked) {
  switch (asked.kind) {
    case api::RecordKind::kCall:
      return call_asked(tx, who, asked);
    case api::RecordKind::kContact:
      return contact_asked(tx, who, city, asked);
    case api::RecordKind::kReferral:
      return referral_asked(tx, who, asked);
    case api::RecordKind::kPerson:
      return person_asked(tx, who, city, asked);
  }
  return Error{ErrorCode::kInvalidArgument, "kind"};
}

api::Reading reading_of(storage::ReadTransaction& tx, const Who& who, const storage::AuditRow& row) {
  api::Reading shown;
  shown.seq = row.seq;
  shown.at = row.at;
  shown.worker = row.event.actor;
  shown.session = row.event.session;
  shown.how = how_of(row.event);
  shown.scope = row.event.scope;
  shown.action = std::string(name_of(row.event.action));
  if (row.event.reason != storage::AuditReason::kNone) shown.reason = std::string(name_of(row.event.reason));
  if (const DirectoryWorker* person = who.directory->worker(row.event.actor)) {
    shown.worker_name = person->name;
    shown.unit_zh = who.directory->unit_zh(person->unit);
    for (const RoleGrant& grant : person->roles) shown.roles.push_back(grant.role);
  }
  // What was searched for may name other people; what was said to open one record is about that record.
  if (row.event.object == AuditObject::kNone) return shown;
  shown.text = row.detail;
  if (row.event.object == AuditObject::kWorker) return shown;
  shown.kind = kind_of(row.event.object);
  shown.record = row.event.object_id;
  if (row.event.object != AuditObject::kContact) return shown;
  if (const auto contact = storage::ContactTable::get(tx, ContactId{row.event.object_id}))
    shown.record_number = contact->display_number;
  return shown;
}

}  // namespace kapok::service
