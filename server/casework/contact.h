#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/contact_values.h"
#include "casework/need.h"
#include "casework/working_calendar.h"
#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/local_time.h"
#include "core/result.h"

/// The lasting record of a call or visit (decision 1): draft → finalised, then corrections and one review.
/// Nothing here allocates ids, asks the time or knows permissions: the service has asked `may()` before.
/// Every function returns the whole new row, its version one higher, or refuses and changes nothing.
namespace kapok::casework {

/// What a worker writes. Sealed in the store: names, number, address, summary.
struct ContactFields {
  ContactType type = ContactType::kNotRecorded;
  CallerRelation relation = CallerRelation::kNotRecorded;
  std::string person_name;    ///< whom the help is for, ≤ 64
  std::string person_number;  ///< as told; may differ from the caller's number, ≤ 20
  std::string address;        ///< ≤ 200
  UnitId point;               ///< point or station where the help is needed; unset = not known
  Language language = Language::kNotRecorded;
  std::string summary;  ///< ≤ 8000
  RiskLevel risk = RiskLevel::kNotAssessed;
  bool worried = false;  ///< the worker is worried: risk has to be asked (domain.md §0.13)
  std::vector<ServiceKind> services;
  Consent consent = Consent::kNotAsked;
  WorkerId answered_by;  ///< of a call: set by the answer, not changeable by a draft
  std::vector<Need> needs;
  bool same_worker = false;  ///< 续接: the caller is to have the same worker again, for 30 days (routing.md §1.2)

  friend bool operator==(const ContactFields&, const ContactFields&) = default;
};

struct Contact {
  ContactId id;
  std::string display_number;
  CallId call;  ///< unset for a manual contact
  UnitId unit;  ///< the unit *dialled* or visited, never where the answerer sits (decision 7)
  LineId line;  ///< unset when no line was dialled
  Channel channel = Channel::kPhone;
  std::string caller_number;  ///< as shown or heard, raw; empty = withheld
  Instant started_at;         ///< arrival, or when a visit began
  Instant answered_at;
  Instant ended_at;
  ContactState state = ContactState::kDraft;
  std::uint64_t version = 1;
  ContactFields fields;
  WorkerId written_by;  ///< who saved last; differs from fields.answered_by when a colleague writes (代录)
  Instant minimal_due;
  Instant full_due;
  Instant minimal_at;  ///< first save that held a minimal record
  Instant finalised_at;
  Instant confirmed_at;  ///< the answerer confirmed a colleague's text
  Instant corrected_at;  ///< latest correction
  WorkerId reviewed_by;
  Instant reviewed_at;
  std::string review_note;

  friend bool operator==(const Contact&, const Contact&) = default;
};

/// One correction (补正), appended and never changed. `before` is the whole text it replaced.
struct Correction {
  ContactId contact;
  std::uint64_t version = 0;  ///< version of the contact it produced
  Instant at;
  WorkerId by;
  std::string reason;
  ContactFields before;
};

struct Corrected {
  Contact contact;
  Correction correction;
};

struct RecordLimits {
  Instant minimal_due;
  Instant full_due;
};

/// What is known before anyone writes.
struct NewContact {
  ContactId id;
  std::string display_number;
  CallId call;  ///< none for a manual contact
  UnitId unit;
  LineId line;
  Channel channel = Channel::kPhone;
  std::string caller_number;
  Instant started_at;
  Instant answered_at;
  Instant ended_at;      ///< unset while the call lasts
  WorkerId answered_by;  ///< unset when a hunt list rang an unknown person's phone
};

/// A writer may correct his own text for this long after finalising (decision 7).
inline constexpr Duration kCorrectionTime = hours{7 * 24};
/// A finished record stays open to whoever answered or wrote it this long.
inline constexpr Duration kAssignedTime = minutes{30};
/// A manual contact may not lie further in the future than clocks differ (domain.md §5 row 11).
inline constexpr Duration kFutureMax = minutes{5};

/// Minimal record 30 minutes after the answer, or 10:00 when answered 22:00–07:30; full record by the end
/// (24:00) of the next working day (domain.md §0.3).
RecordLimits record_limits(Instant answered_at, UtcOffset offset, const WorkingCalendar& calendar = {});

/// Names of fields still missing; empty when complete. The names are those of ContactFields.
/// Minimal: type, one line, and risk where it must be asked. Full: for goods also where to bring them or whom to ask.
/// Few on purpose (§0.13): at most 4 for goods and 2 for contacts without data.
std::vector<std::string_view> missing_fields(const ContactFields& fields, RecordKind record);

/// Risk is asked in emotional contacts and when the worker is worried; not of everyone (§0.13).
bool risk_must_be_asked(const ContactFields& fields);

/// Limits, UTF-8 and lists of the fields, whatever is still missing. Drafts obey it too.
Result<> check_fields(const ContactFields& fields);

/// The empty draft of a call, made with its answer; also of a back-filled one.
Contact open_draft(NewContact asked, UtcOffset offset, const WorkingCalendar& calendar = {});

/// 电话补录, a visit, a walk-in: written and finalised in one act, at version 1. Refuses as finalise does, and a time
/// that lies in the future by more than kFutureMax, is missing, or ends before it began. Without answerer the writer
/// answered.
Result<Contact> record_manual(NewContact asked, ContactFields fields, WorkerId by, Instant now, UtcOffset offset,
                              const WorkingCalendar& calendar = {});

/// Autosave. Refuses WRONG_STATE after finalising, VERSION_CONFLICT with the current version, a changed answerer of a
/// call.
Result<Contact> save_draft(const Contact& contact, std::uint64_t version, ContactFields fields, WorkerId by,
                           Instant now);

/// Refuses as save_draft, and INVALID_ARGUMENT naming every missing field. Lateness does not refuse: it shows.
Result<Contact> finalise(const Contact& contact, std::uint64_t version, ContactFields fields, WorkerId by, Instant now);

/// Replaces the text of a finalised contact with a reason of 1–200 characters. `by_lead`: a lead corrects at any time,
/// the writer within kCorrectionTime; anyone else is FORBIDDEN. Needs that a referral carries may not vanish. Text that
/// changes after the answerer confirmed it needs his confirmation again.
Result<Corrected> correct(const Contact& contact, std::uint64_t version, ContactFields fields, WorkerId by,
                          bool by_lead, std::string reason, Instant now);

/// The answerer confirms in one step what a colleague wrote. NOT_YOURS for anyone else.
Result<Contact> confirm_by_answerer(const Contact& contact, std::uint64_t version, WorkerId by, Instant now);

/// A supervisor's note, once per text: again only after a correction. Nobody reviews his own record.
Result<Contact> review(const Contact& contact, std::uint64_t version, WorkerId by, std::string note, Instant now);

/// True while a colleague's text waits for the answerer.
bool awaits_confirmation(const Contact& contact);

/// The contact is *assigned* to `worker` (decision 7): he answered or wrote it and it is a draft, waits for his
/// confirmation, was finalised at most kAssignedTime ago, or may still be corrected by him. Another station's record
/// closes for him afterwards.
bool is_assigned(const Contact& contact, WorkerId worker, Instant now);

/// The limit that has passed while its record is still missing, the full one first; nothing otherwise.
std::optional<RecordKind> overdue_record(const Contact& contact, Instant now);

/// Names of the fields in which two texts differ, for the list of corrections.
std::vector<std::string_view> changed_fields(const ContactFields& before, const ContactFields& after);

}  // namespace kapok::casework
