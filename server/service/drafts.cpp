#include "service/drafts.h"

#include "core/display_number.h"
#include "core/local_time.h"
#include "service/unanswered.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"
#include "storage/state_table.h"

namespace kapok::service {

std::string take_display_number(storage::Transaction& tx, const CityConfig& config) {
  const CivilDay day = day_of(tx.now(), std::chrono::duration_cast<UtcOffset>(config.utc_offset));
  const auto yymmdd = static_cast<std::int64_t>(int{day.year()} % 100) * 10'000 +
                      static_cast<std::int64_t>(unsigned{day.month()}) * 100 +
                      static_cast<std::int64_t>(unsigned{day.day()});
  const auto number = static_cast<int>(storage::next_number_of_day(tx, yymmdd));
  return format_display_number({config.code, day, number});
}

Result<casework::Contact> open_draft(storage::Transaction& tx, const CityConfig& config, const NewDraft& draft) {
  const auto offset = std::chrono::duration_cast<UtcOffset>(config.utc_offset);
  const casework::RecordLimits limits = casework::record_limits(draft.answered_at, offset);
  casework::Contact contact;
  contact.id = draft.contact;
  contact.display_number = take_display_number(tx, config);
  contact.call = draft.call;
  contact.unit = draft.unit;
  contact.line = draft.line;
  contact.channel = draft.channel;
  contact.caller_number = draft.caller_number;
  contact.started_at = draft.arrived_at;
  contact.answered_at = draft.answered_at;
  contact.fields.answered_by = draft.answered_by;
  contact.written_by = draft.answered_by;
  contact.minimal_due = limits.minimal_due;
  contact.full_due = limits.full_due;
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
