#include "service/log_rows.h"

#include <string>

#include "core/check.h"
#include "core/masking.h"
#include "service/contact_access.h"

namespace kapok::service {
namespace {

void put_call(api::LogRow& row, const Directory& directory, const storage::CallRow& call) {
  row.call = call.id;
  row.at = call.arrived_at;
  row.channel = call.channel;
  row.unit_zh = directory.unit_zh(call.unit);
  row.line_zh = directory.line_zh(call.line);
  row.outcome = call.outcome;
  row.waited = call.waited;
  if (call.answered_at.is_set() && call.ended_at.is_set()) row.talked = call.ended_at - call.answered_at;
  if (call.answered_at.is_set()) row.worker_name = directory.worker_name(call.worker);
  row.caller_masked = masked_number(call.caller);
}

void put_contact(api::LogRow& row, const Directory& directory, const casework::Contact& contact, bool has_call) {
  row.contact = contact.id;
  row.display_number = contact.display_number;
  row.person_masked = mask_name(contact.fields.person_name);
  row.state = contact.state;
  row.type = contact.fields.type;
  row.risk = contact.fields.risk;
  for (const casework::Need& need : contact.fields.needs) row.needs.push_back(need.kind);
  row.worker_name = directory.worker_name(contact.fields.answered_by);
  if (has_call) return;
  row.at = contact.started_at;
  row.channel = contact.channel;
  row.unit_zh = directory.unit_zh(contact.unit);
  row.line_zh = directory.line_zh(contact.line);
  row.caller_masked = masked_number(contact.caller_number);
  if (contact.answered_at.is_set() && contact.ended_at.is_set()) row.talked = contact.ended_at - contact.answered_at;
}

}  // namespace

api::LogRow log_row(const Directory& directory, const LogFacts& facts) {
  KAPOK_CHECK(facts.call || facts.contact);
  api::LogRow row;
  if (facts.call) put_call(row, directory, *facts.call);
  if (facts.contact) put_contact(row, directory, *facts.contact, facts.call.has_value());
  return row;
}

api::LogRow damaged_log_row(CallId call, ContactId contact, Instant at) {
  api::LogRow row;
  row.call = call;
  row.contact = contact;
  row.at = at;
  row.display_number = std::string(name_of(ErrorCode::kRowDamaged));
  return row;
}

}  // namespace kapok::service
