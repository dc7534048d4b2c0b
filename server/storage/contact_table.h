#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/contact.h"
#include "core/id.h"
#include "core/phone_number.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"
#include "storage/unit_set.h"

namespace kapok::storage {

/// A contact without its needs, which have rows of their own. `contact.id` and `contact.version` are not
/// used: the row's stand for them.
struct ContactRow : RecordRow<ContactId> {
  static constexpr const char* kTable = "contact";

  casework::Contact contact;
  std::string services;             ///< names of ContactFields::services, comma between
  std::optional<bool> same_worker;  ///< NULL = no
};

/// Numbers can be looked up once the text is finalised; drafts are not indexed (decision 27).
inline std::string indexed_number(const ContactRow& row, std::string_view number) {
  if (row.contact.state == casework::ContactState::kDraft) return {};
  return parse_phone_number(number).canonical;
}

template <class V>
void columns(V& v, ContactRow& r) {
  casework::Contact& c = r.contact;
  casework::ContactFields& f = c.fields;
  std::string caller = indexed_number(r, c.caller_number);
  std::string person = indexed_number(r, f.person_number);
  v.plain("display_number", c.display_number);
  v.plain("call_id", c.call);
  v.plain("unit_id", c.unit);
  v.plain("line_id", c.line);
  v.plain("channel", c.channel);
  v.sealed("caller_number", c.caller_number);
  v.blind("caller_index", BlindKind::kNumber, caller);
  v.blind("caller_last_four", BlindKind::kLastFour, caller);
  v.plain("started_at", c.started_at);
  v.plain("answered_at", c.answered_at);
  v.plain("ended_at", c.ended_at);
  v.plain("state", c.state);
  v.plain("type", f.type);
  v.plain("relation", f.relation);
  v.sealed("person_name", f.person_name);
  v.sealed("person_number", f.person_number);
  v.blind("person_index", BlindKind::kNumber, person);
  v.blind("person_last_four", BlindKind::kLastFour, person);
  v.sealed("address", f.address);
  v.plain("point_id", f.point);
  v.plain("language", f.language);
  v.sealed("summary", f.summary);
  v.plain("risk", f.risk);
  v.plain("worried", f.worried);
  v.plain("services", r.services);
  v.plain("consent", f.consent);
  v.plain("answered_by", f.answered_by);
  v.plain("written_by", c.written_by);
  v.plain("minimal_due", c.minimal_due);
  v.plain("full_due", c.full_due);
  v.plain("minimal_at", c.minimal_at);
  v.plain("finalised_at", c.finalised_at);
  v.plain("confirmed_at", c.confirmed_at);
  v.plain("corrected_at", c.corrected_at);
  v.plain("reviewed_by", c.reviewed_by);
  v.plain("reviewed_at", c.reviewed_at);
  v.sealed("review_note", c.review_note);
  v.plain("same_worker", r.same_worker);
}

/// What a finalised contact teaches about the caller's number, by its blind index.
struct NumberWrittenUp {
  std::string caller_index;
  Instant finalised_at;
  WorkerId answered_by;
  bool same_worker = false;
  casework::Language language = casework::Language::kNotRecorded;
};

/// Contacts with their needs, as casework knows them. Errors as in table.h.
struct ContactTable {
  /// Writes contact and needs. `contact.version` is the new version: 1 makes the row, a higher one must follow
  /// the stored version or it is refused VERSION_CONFLICT. Needs must have ids; needs no longer named are erased.
  static Result<> save(Transaction& tx, const casework::Contact& contact);

  /// UNKNOWN_CONTACT, or ROW_DAMAGED when the contact or one of its needs is not what was written.
  static Result<casework::Contact> get(ReadTransaction& tx, ContactId id);

  /// UNKNOWN_CONTACT when there is none of that display number.
  static Result<ContactId> find_display_number(ReadTransaction& tx, CityId city, std::string_view display_number);

  /// The contact of a call; none when the call has none.
  static ContactId find_call(ReadTransaction& tx, CallId call);

  /// Unfinished contacts whose answerer or writer is `worker`, oldest first, at most `limit`.
  static Selection<ContactRow> drafts_of_worker(ReadTransaction& tx, WorkerId worker, std::int64_t limit);

  /// The unfinished contact of each answerer's latest call, by worker.
  static std::map<WorkerId, ContactId> latest_drafts(ReadTransaction& tx, CityId city);

  /// When the contact of the call that this worker talked in last was finalised; unset while it is a draft, or when
  /// there is none.
  static Instant latest_finalised(ReadTransaction& tx, WorkerId worker);

  /// Of every contact finalised since `from` whose caller's number can be looked up, in order.
  static std::vector<NumberWrittenUp> numbers_written_up(ReadTransaction& tx, CityId city, Instant from);

  /// Unfinished contacts of these units, oldest first, at most `limit`.
  static Selection<ContactRow> drafts_in(ReadTransaction& tx, const UnitSet& units, std::int64_t limit);

  /// The contact of a selected row, without its needs.
  static casework::Contact contact_of(const ContactRow& row);
};

}  // namespace kapok::storage
