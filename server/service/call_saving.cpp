#include "service/call_saving.h"

#include "service/unanswered.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"

namespace kapok::service {

void CallSaving::take_ids(const std::function<std::int64_t()>& next_id) {
  for (std::size_t i = 0; i < rows.ended.size(); ++i)
    spare_.emplace_back(FollowUpId{next_id()}, MissedCallerId{next_id()});
}

Result<> CallSaving::apply(storage::Transaction& tx, const CityConfig& config, const Changes& changes) {
  if (also)
    if (auto done = also(tx); !done) return done;
  if (auto done = RoutingRows::save(tx, rows); !done) return done;
  if (auto done = open_drafts(tx, config); !done) return done;
  if (auto done = hand_over_drafts(tx); !done) return done;
  if (auto done = leave_to_do(tx, config); !done) return done;
  for (storage::JournalRow row : journal)
    if (auto done = storage::JournalTable::append(tx, row); !done) return done;
  if (audit) tx.audit().append(tx, *audit, audit_detail);
  if (!asked) return Done{};
  if (auto* view = std::get_if<api::CallView>(&reply)) {
    if (const auto draft = drafts.find(view->call); draft != drafts.end()) {
      view->display_number = draft->second.display_number;
      view->contact_version = draft->second.version;
    }
  }
  return changes.keep_reply(tx, *asked, reply);
}

Result<> CallSaving::open_drafts(storage::Transaction& tx, const CityConfig& config) {
  for (const storage::CallRow& row : rows.answered) {
    const auto contact = open_draft(tx, config,
                                    {.contact = row.contact,
                                     .call = row.id,
                                     .unit = row.unit,
                                     .line = row.line,
                                     .channel = row.channel,
                                     .caller_number = row.caller,
                                     .arrived_at = row.arrived_at,
                                     .answered_at = row.answered_at,
                                     .ended_at = row.ended_at,
                                     .answered_by = row.worker});
    if (!contact) return contact.error();
    drafts[row.id] = {contact->display_number, contact->version};
  }
  return Done{};
}

/// The caller was given back and somebody else answers: the draft goes on with him, what was written stays. Passed on
/// by transfer the draft keeps its answerer (contact_access.h says who else may write then).
Result<> CallSaving::hand_over_drafts(storage::Transaction& tx) {
  for (const storage::CallRow& row : rows.taken_over) {
    const auto contact = storage::ContactTable::get(tx, row.contact);
    if (!contact) return contact.error();
    drafts[row.id] = {contact->display_number, contact->version};
  }
  for (const storage::CallRow& row : rows.answered_again) {
    auto contact = storage::ContactTable::get(tx, row.contact);
    if (!contact) return contact.error();
    casework::Contact draft = std::move(contact).value();
    if (draft.state == casework::ContactState::kDraft && draft.fields.answered_by != row.worker) {
      draft.fields.answered_by = row.worker;
      ++draft.version;
      if (auto saved_draft = storage::ContactTable::save(tx, draft); !saved_draft) return saved_draft;
    }
    drafts[row.id] = {draft.display_number, draft.version};
  }
  return Done{};
}

Result<> CallSaving::leave_to_do(storage::Transaction& tx, const CityConfig& config) {
  for (std::size_t i = 0; i < rows.ended.size(); ++i) {
    const storage::CallRow& row = rows.ended[i].row;
    const bool risk = (row.facts & (storage::kFactImminent | storage::kFactHighRisk | storage::kFactFlagged)) != 0;
    const auto left = record_unanswered(tx, config,
                                        {.call = row.id,
                                         .unit = row.unit,
                                         .line = row.line,
                                         .caller_number = row.caller,
                                         .ended_at = row.ended_at,
                                         .outcome = row.outcome,
                                         .high_risk = risk,
                                         .spare_callback = spare_[i].first,
                                         .spare_missed = spare_[i].second,
                                         .promised_at = row.is_kept() ? row.kept_at : Instant{}});
    if (!left) return left.error();
  }
  return Done{};
}

}  // namespace kapok::service
