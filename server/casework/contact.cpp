#include "casework/contact.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace kapok::casework {
namespace {

constexpr Duration kMinimalTime = minutes{30};
constexpr Duration kMorningLimit = hours{10};

Error version_conflict(std::uint64_t current) {
  return {ErrorCode::kVersionConflict, "current version is " + std::to_string(current)};
}

bool has_need_in(const ContactFields& fields, NeedGroup group) {
  return std::any_of(fields.needs.begin(), fields.needs.end(),
                     [group](const Need& need) { return group_of(need.kind) == group; });
}

/// A complaint or a threat means nothing without its one line; a wrong number does.
bool needs_one_line(ContactType type) {
  return is_data(type) || type == ContactType::kComplaint || type == ContactType::kAbusive ||
         type == ContactType::kSexualNuisance;
}

Result<> check_answerer(const Contact& contact, const ContactFields& fields) {
  const bool of_a_call = contact.call.is_set() && contact.fields.answered_by.is_set();
  if (of_a_call && fields.answered_by != contact.fields.answered_by)
    return Error{ErrorCode::kInvalidArgument, "answered_by of a call cannot be changed"};
  return Done{};
}

/// What every rewriting of the text asks, whatever the state.
Result<> check_rewrite(const Contact& contact, std::uint64_t version, const ContactFields& fields) {
  if (version != contact.version) return version_conflict(contact.version);
  if (auto checked = check_fields(fields); !checked) return checked;
  return check_answerer(contact, fields);
}

Contact with_text(const Contact& contact, ContactFields fields, WorkerId by, Instant now) {
  Contact next = contact;
  next.fields = std::move(fields);
  next.written_by = by;
  ++next.version;
  if (!next.minimal_at.is_set() && missing_fields(next.fields, RecordKind::kMinimal).empty()) next.minimal_at = now;
  return next;
}

Result<> check_complete(const ContactFields& fields) {
  const auto missing = missing_fields(fields, RecordKind::kFull);
  if (missing.empty()) return Done{};
  std::string detail = "missing:";
  for (const auto field : missing) (detail += ' ') += field;
  return Error{ErrorCode::kInvalidArgument, detail};
}

/// A referral keeps pointing at its needs: a correction may not take one away or make it another.
Result<> check_referred_needs(const ContactFields& before, const ContactFields& after) {
  for (const Need& need : before.needs) {
    if (!need.referral.is_set()) continue;
    const auto kept = std::find_if(after.needs.begin(), after.needs.end(), [&need](const Need& other) {
      return other.id == need.id && other.kind == need.kind && other.referral == need.referral;
    });
    if (kept == after.needs.end())
      return Error{ErrorCode::kInvalidArgument, "needs: one that a referral carries cannot be removed or changed"};
  }
  return Done{};
}

Result<> check_writer(const Contact& contact, WorkerId by, bool by_lead, Instant now) {
  if (by_lead) return Done{};
  if (by != contact.written_by) return Error{ErrorCode::kForbidden, "only the writer or a lead corrects"};
  if (now - contact.finalised_at > kCorrectionTime)
    return Error{ErrorCode::kForbidden, "the writer corrects within 7 days; later a lead does"};
  return Done{};
}

bool passed_unmet(Instant due, Instant met, Instant now) { return due.is_set() && !met.is_set() && now > due; }

}  // namespace

RecordLimits record_limits(Instant answered_at, UtcOffset offset, const WorkingCalendar& calendar) {
  const LocalTime local = to_local(answered_at, offset);
  RecordLimits limits;
  limits.minimal_due = answered_at + kMinimalTime;
  if (is_night(answered_at, offset)) {
    const CivilDay morning = local.since_midnight >= kNightFrom ? add_days(local.day, 1) : local.day;
    limits.minimal_due = from_local(morning, kMorningLimit, offset);
  }
  limits.full_due = period_of_day(calendar.next_working_day(local.day), offset).to;
  return limits;
}

bool risk_must_be_asked(const ContactFields& fields) {
  if (fields.worried || has_need_in(fields, NeedGroup::kEmotionalSupport)) return true;
  return std::any_of(fields.services.begin(), fields.services.end(),
                     [](ServiceKind kind) { return kind != ServiceKind::kWelfareSupport; });
}

std::vector<std::string_view> missing_fields(const ContactFields& fields, RecordKind record) {
  std::vector<std::string_view> missing;
  if (fields.type == ContactType::kNotRecorded) missing.emplace_back("type");
  if (needs_one_line(fields.type) && is_blank(fields.summary)) missing.emplace_back("summary");
  if (!is_data(fields.type)) return missing;
  if (risk_must_be_asked(fields) && fields.risk == RiskLevel::kNotAssessed) missing.emplace_back("risk");
  const bool has_place = fields.point.is_set() || !is_blank(fields.address) || !is_blank(fields.person_number);
  if (record == RecordKind::kFull && has_need_in(fields, NeedGroup::kMaterialAid) && !has_place)
    missing.emplace_back("address");
  return missing;
}

Result<> check_fields(const ContactFields& fields) {
  if (auto checked = check_line(fields.person_name, "person_name", kNameCharsMax); !checked) return checked;
  if (auto checked = check_line(fields.person_number, "person_number", kNumberCharsMax); !checked) return checked;
  if (auto checked = check_line(fields.address, "address", kAddressCharsMax); !checked) return checked;
  if (auto checked = check_note(fields.summary, "summary"); !checked) return checked;
  auto services = fields.services;
  std::sort(services.begin(), services.end());
  if (std::adjacent_find(services.begin(), services.end()) != services.end())
    return Error{ErrorCode::kInvalidArgument, "services names one twice"};
  return check_needs(fields.needs);
}

Contact open_draft(NewContact asked, UtcOffset offset, const WorkingCalendar& calendar) {
  const RecordLimits limits = record_limits(asked.answered_at, offset, calendar);
  Contact contact;
  contact.id = asked.id;
  contact.display_number = std::move(asked.display_number);
  contact.call = asked.call;
  contact.unit = asked.unit;
  contact.line = asked.line;
  contact.channel = asked.channel;
  contact.caller_number = std::move(asked.caller_number);
  contact.started_at = asked.started_at;
  contact.answered_at = asked.answered_at;
  contact.ended_at = asked.ended_at;
  contact.fields.answered_by = asked.answered_by;
  contact.minimal_due = limits.minimal_due;
  contact.full_due = limits.full_due;
  return contact;
}

Result<Contact> record_manual(NewContact asked, ContactFields fields, WorkerId by, Instant now, UtcOffset offset,
                              const WorkingCalendar& calendar) {
  if (asked.call.is_set()) return Error{ErrorCode::kInvalidArgument, "a manual contact has no call"};
  if (!asked.started_at.is_set()) return Error{ErrorCode::kInvalidArgument, "occurred_at is required"};
  if (asked.started_at > now + kFutureMax || asked.ended_at > now + kFutureMax)
    return Error{ErrorCode::kInvalidArgument, "occurred_at lies in the future"};
  if (asked.ended_at.is_set() && asked.ended_at < asked.started_at)
    return Error{ErrorCode::kInvalidArgument, "ended_at lies before occurred_at"};
  if (auto checked = check_line(asked.caller_number, "caller_number", kNumberCharsMax); !checked)
    return checked.error();
  if (!asked.answered_by.is_set()) asked.answered_by = by;
  if (!asked.answered_at.is_set()) asked.answered_at = asked.started_at;
  fields.answered_by = asked.answered_by;
  const Contact draft = open_draft(std::move(asked), offset, calendar);
  auto finalised = finalise(draft, draft.version, std::move(fields), by, now);
  if (finalised) finalised->version = 1;  // one act, one version
  return finalised;
}

Result<Contact> save_draft(const Contact& contact, std::uint64_t version, ContactFields fields, WorkerId by,
                           Instant now) {
  if (contact.state != ContactState::kDraft) return Error{ErrorCode::kWrongState, "the contact is finalised"};
  if (auto checked = check_rewrite(contact, version, fields); !checked) return checked.error();
  return with_text(contact, std::move(fields), by, now);
}

Result<Contact> finalise(const Contact& contact, std::uint64_t version, ContactFields fields, WorkerId by,
                         Instant now) {
  auto saved = save_draft(contact, version, std::move(fields), by, now);
  if (!saved) return saved;
  if (auto complete = check_complete(saved->fields); !complete) return complete.error();
  saved->state = ContactState::kFinalised;
  saved->finalised_at = now;
  return saved;
}

Result<Corrected> correct(const Contact& contact, std::uint64_t version, ContactFields fields, WorkerId by,
                          bool by_lead, std::string reason, Instant now) {
  if (contact.state != ContactState::kFinalised) return Error{ErrorCode::kWrongState, "the contact is still a draft"};
  if (auto allowed = check_writer(contact, by, by_lead, now); !allowed) return allowed.error();
  if (is_blank(reason)) return Error{ErrorCode::kInvalidArgument, "reason is required"};
  if (auto checked = check_line(reason, "reason", kReasonCharsMax); !checked) return checked.error();
  if (auto checked = check_rewrite(contact, version, fields); !checked) return checked.error();
  if (auto complete = check_complete(fields); !complete) return complete.error();
  if (auto kept = check_referred_needs(contact.fields, fields); !kept) return kept.error();
  if (fields == contact.fields) return Error{ErrorCode::kInvalidArgument, "nothing changes"};

  Corrected corrected{with_text(contact, std::move(fields), contact.written_by, now), {}};
  corrected.contact.corrected_at = now;
  // A text that someone else has changed is no longer what the answerer confirmed.
  if (by != corrected.contact.fields.answered_by) corrected.contact.confirmed_at = {};
  corrected.correction = {contact.id, corrected.contact.version, now, by, std::move(reason), contact.fields};
  return corrected;
}

Result<Contact> confirm_by_answerer(const Contact& contact, std::uint64_t version, WorkerId by, Instant now) {
  if (by != contact.fields.answered_by) return Error{ErrorCode::kNotYours, "only the answerer confirms"};
  if (!awaits_confirmation(contact)) return Error{ErrorCode::kWrongState, "nothing waits for confirmation"};
  if (version != contact.version) return version_conflict(contact.version);
  Contact next = contact;
  next.confirmed_at = now;
  ++next.version;
  return next;
}

Result<Contact> review(const Contact& contact, std::uint64_t version, WorkerId by, std::string note, Instant now) {
  if (contact.state != ContactState::kFinalised) return Error{ErrorCode::kWrongState, "the contact is still a draft"};
  if (by == contact.written_by || by == contact.fields.answered_by)
    return Error{ErrorCode::kForbidden, "nobody reviews his own record"};
  if (version != contact.version) return version_conflict(contact.version);
  if (contact.reviewed_at.is_set() && contact.corrected_at <= contact.reviewed_at)
    return Error{ErrorCode::kAlreadyTaken, "reviewed, and not corrected since"};
  if (is_blank(note)) return Error{ErrorCode::kInvalidArgument, "note is required"};
  if (auto checked = check_note(note, "note"); !checked) return checked.error();
  Contact next = contact;
  next.reviewed_by = by;
  next.reviewed_at = now;
  next.review_note = std::move(note);
  ++next.version;
  return next;
}

bool awaits_confirmation(const Contact& contact) {
  const WorkerId answerer = contact.fields.answered_by;
  return contact.state == ContactState::kFinalised && !contact.confirmed_at.is_set() && answerer.is_set() &&
         contact.written_by != answerer;
}

bool is_assigned(const Contact& contact, WorkerId worker, Instant now) {
  const bool answered = worker.is_set() && contact.fields.answered_by == worker;
  const bool wrote = worker.is_set() && contact.written_by == worker;
  if (!answered && !wrote) return false;
  if (contact.state == ContactState::kDraft || (answered && awaits_confirmation(contact))) return true;
  return now - contact.finalised_at <= (wrote ? kCorrectionTime : kAssignedTime);
}

std::optional<RecordKind> overdue_record(const Contact& contact, Instant now) {
  if (passed_unmet(contact.full_due, contact.finalised_at, now)) return RecordKind::kFull;
  if (passed_unmet(contact.minimal_due, contact.minimal_at, now)) return RecordKind::kMinimal;
  return std::nullopt;
}

std::vector<std::string_view> changed_fields(const ContactFields& before, const ContactFields& after) {
  std::vector<std::string_view> changed;
  const auto note = [&changed](bool same, std::string_view name) {
    if (!same) changed.push_back(name);
  };
  note(before.type == after.type, "type");
  note(before.relation == after.relation, "relation");
  note(before.person_name == after.person_name, "person_name");
  note(before.person_number == after.person_number, "person_number");
  note(before.address == after.address, "address");
  note(before.point == after.point, "point");
  note(before.language == after.language, "language");
  note(before.summary == after.summary, "summary");
  note(before.risk == after.risk, "risk");
  note(before.worried == after.worried, "worried");
  note(before.services == after.services, "services");
  note(before.consent == after.consent, "consent");
  note(before.answered_by == after.answered_by, "answered_by");
  note(before.needs == after.needs, "needs");
  note(before.same_worker == after.same_worker, "same_worker");
  return changed;
}

}  // namespace kapok::casework
