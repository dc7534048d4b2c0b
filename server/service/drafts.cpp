#include "service/drafts.h"

#include "core/display_number.h"
#include "core/local_time.h"
#include "service/unanswered.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"
#include "storage/state_table.h"

namespace kapok::service {

std::string take_display_number(storage::Transaction& tx, const CityConfig& config) {
  const CivilDay day = day_of(tx.now(), config.utc_offset);
  const auto yymmdd = static_cast<std::int64_t>(int{day.year()} % 100) * 10'000 +
                      static_cast<std::int64_t>(unsigned{day.month()}) * 100 +
                      static_cast<std::int64_t>(unsigned{day.day()});
  const auto number = static_cast<int>(storage::next_number_of_day(tx, yymmdd));
  return format_display_number({config.code, day, number});
}

Result<casework::Contact> open_draft(storage::Transaction& tx, const CityConfig& config, const NewDraft& draft) {
  const auto offset = config.utc_offset;
  casework::Contact contact = casework::open_draft({.id = draft.contact,
                                                    .display_number = take_display_number(tx, config),
                                                    .call = draft.call,
                                                    .unit = draft.unit,
                                                    .line = draft.line,
                                                    .channel = draft.channel,
                                                    .caller_number = draft.caller_number,
                                                    .started_at = draft.arrived_at,
                                                    .answered_at = draft.answered_at,
                                                    .ended_at = draft.ended_at,
                                                    .answered_by = draft.answered_by},
                                                   offset);
  if (auto saved = storage::ContactTable::save(tx, contact); !saved) return saved.error();
  if (auto done = record_got_through(tx, {draft.unit, draft.caller_number}); !done) return done.error();
  tx.audit().append(tx, {.actor = draft.answered_by,
                         .session = {},
                         .action = storage::AuditAction::kContactWritten,
                         .object = storage::AuditObject::kContact,
                         .object_id = contact.id.value,
                         .scope = Scope::kOwn});
  return contact;
}

}  // namespace kapok::service
