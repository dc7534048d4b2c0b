#include "service/referral_view.h"

#include <algorithm>

#include "core/masking.h"
#include "storage/contact_table.h"
#include "storage/referral_event_table.h"

namespace kapok::service {
namespace {

void put_needs(api::ReferralView& view, const casework::Contact& contact, bool full) {
  for (const casework::Need& need : contact.fields.needs) {
    const auto& ordered = view.referral.needs;
    if (std::find(ordered.begin(), ordered.end(), need.id) == ordered.end()) continue;
    view.needs.emplace_back(name_of(need.kind));
    view.needs_zh.emplace_back(zh_of(need.kind));
    view.need_details.push_back(full ? need.detail : std::string{});
  }
}

void put_person(api::ReferralView& view, const casework::Contact& contact, bool full) {
  view.person = full ? contact.fields.person_name : mask_name(contact.fields.person_name);
  if (full) view.address = contact.fields.address;
}

void put_events(api::ReferralView& view, storage::ReadTransaction& tx, const Directory& directory, bool full) {
  const auto found = storage::ReferralEventTable::of_referral(tx, view.referral.id);
  for (std::size_t i = 0; i < found.damaged_ids.size(); ++i)
    view.events.push_back({Instant{}, std::string(name_of(ErrorCode::kRowDamaged)), {}, {}, {}});
  for (const auto& row : found.rows)
    view.events.push_back({row.event.at, directory.worker_name(row.event.by), std::string(name_of(row.event.state)),
                           directory.unit_zh(row.event.unit), full ? row.event.note : std::string{}});
}

}  // namespace

Object receiving_side(const casework::Referral& referral, WorkerId asking) {
  return {referral.to_unit, referral.owner == asking ? asking : WorkerId{}, false};
}

Object sending_side(const casework::Referral& referral, WorkerId asking) {
  return {referral.from_unit, referral.written_by == asking ? asking : WorkerId{}, false};
}

bool sees_in_full(const Who& who, const casework::Referral& referral) {
  if (who.may(Action::kOpenReferral, sending_side(referral, who.worker))) return true;
  return referral.owner.is_set() && who.may(Action::kOpenReferral, receiving_side(referral, who.worker)).ok();
}

api::ReferralView referral_view(storage::ReadTransaction& tx, const Who& who, casework::Referral referral, Instant now,
                                bool with_events) {
  const bool full = with_events && sees_in_full(who, referral);  // lists are masked: they are not audited
  api::ReferralView view;
  view.overdue = casework::overdue(referral, now);
  view.display_number = referral.display_number;
  view.from_unit_zh = who.directory->unit_zh(referral.from_unit);
  view.to_unit_zh = who.directory->unit_zh(referral.to_unit);
  view.owner_name = who.directory->worker_name(referral.owner);
  view.referral = std::move(referral);
  if (const auto contact = storage::ContactTable::get(tx, view.referral.contact)) {
    put_needs(view, *contact, full);
    put_person(view, *contact, full);
  }
  if (with_events) put_events(view, tx, *who.directory, full);
  if (!full) {
    view.referral.note.clear();
    view.referral.outcome.clear();
  }
  return view;
}

}  // namespace kapok::service
