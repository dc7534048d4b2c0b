#include "service/contact_access.h"

#include "core/masking.h"
#include "core/phone_number.h"
#include "core/text.h"
#include "storage/call_table.h"

namespace kapok::service {

Object object_of(const casework::Contact& contact, WorkerId asking, bool assigned) {
  const bool mine = asking.is_set() && (contact.written_by == asking || contact.fields.answered_by == asking);
  return {contact.unit, mine ? asking : contact.fields.answered_by, assigned};
}

bool took_over(storage::ReadTransaction& tx, const casework::Contact& contact, WorkerId worker, Instant now) {
  if (!contact.call.is_set() || !worker.is_set()) return false;
  const bool open =
      contact.state == casework::ContactState::kDraft || now - contact.finalised_at <= casework::kAssignedTime;
  if (!open) return false;
  const auto call = storage::CallTable::get(tx, contact.call);
  // Of a waiting or offered call the row names whom it rings at; he may read nothing yet.
  return call && call->worker == worker && (call->state == CallState::kTalking || call->state == CallState::kEnded);
}

Result<BreakGlassReason> parse_break_glass_reason(std::string_view reason) {
  if (auto checked = check_line(reason, "reason", kReasonCharsMax); !checked) return checked.error();
  std::size_t colon_bytes = 1;
  std::size_t colon = reason.find(':');
  if (const std::size_t wide = reason.find("："); wide < colon) {
    colon = wide;
    colon_bytes = std::string_view("：").size();
  }
  const auto code = from_name<storage::AuditReason>(trimmed(reason.substr(0, colon)));
  if (colon == std::string_view::npos || !code || *code == storage::AuditReason::kNone)
    return Error{ErrorCode::kInvalidArgument, "reason: begin with a code and a colon, such as emergency:"};
  const std::string_view text = trimmed(reason.substr(colon + colon_bytes));
  if (code_points(text) < kBreakGlassTextMin)
    return Error{ErrorCode::kInvalidArgument, "reason: at least 10 characters after the code"};
  return BreakGlassReason{*code, std::string(text)};
}

Result<Sight> sight_of(const Who& who, const casework::Contact& contact, bool assigned, bool glass_broken) {
  const Object object = object_of(contact, who.worker, assigned);
  const auto full = who.may(Action::kOpenContact, object);
  if (full) return Sight{false, false, full->scope, storage::AuditReason::kNone};
  if (glass_broken) {
    const auto broken = who.may(Action::kBreakGlass, object);
    if (!broken) return broken.error();
    return Sight{false, true, broken->scope, storage::AuditReason::kOther};
  }
  const auto masked = who.may(Action::kOpenContactMasked, object);
  if (!masked) return masked.error();
  return Sight{true, false, masked->scope, storage::AuditReason::kNone};
}

void mask(casework::Contact& contact) {
  contact.caller_number = masked_number(contact.caller_number);
  contact.review_note.clear();
  contact.fields.person_name = mask_name(contact.fields.person_name);
  contact.fields.person_number = masked_number(contact.fields.person_number);
  contact.fields.address.clear();
  contact.fields.summary.clear();
  for (casework::Need& need : contact.fields.needs) need.detail.clear();
}

std::string masked_number(std::string_view raw) { return masked(parse_phone_number(raw)); }

}  // namespace kapok::service
