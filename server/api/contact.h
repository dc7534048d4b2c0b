#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casework/contact.h"
#include "casework/referral.h"
#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/words.h"

/// Writing a contact and reading it again.
namespace kapok::api {

/// One referral to make from needs of the contact, in the transaction that finalises it.
struct Dispatch {
  std::vector<std::uint32_t> needs;  ///< positions in ContactFields::needs
  UnitId to_unit;
  casework::Urgency urgency = casework::Urgency::kNormal;
  std::string note;
};

struct SaveDraft {
  ContactId contact;
  std::uint64_t version = 0;
  casework::ContactFields fields;
};

struct FinaliseContact {
  ContactId contact;
  std::uint64_t version = 0;
  casework::ContactFields fields;
  std::vector<Dispatch> dispatches;
};

struct CorrectContact {
  ContactId contact;
  std::uint64_t version = 0;
  casework::ContactFields fields;
  std::string reason;
};

/// The answerer confirms what a colleague wrote for him (代录).
struct ConfirmContact {
  ContactId contact;
  std::uint64_t version = 0;
};

struct ReviewContact {
  ContactId contact;
  std::uint64_t version = 0;
  std::string note;
};

/// 电话补录: a contact without a call of ours, entered and finalised in one request.
struct RecordManual {
  UnitId unit;
  LineId line;  ///< may be none
  Channel channel = Channel::kPhone;
  std::string caller_number;  ///< as heard; may be empty
  Instant occurred_at;
  Instant ended_at;
  WorkerId answered_by;  ///< unset = the writer
  casework::ContactFields fields;
  std::vector<Dispatch> dispatches;
};

struct ContactSaved {
  ContactId contact;
  std::uint64_t version = 0;
  std::string display_number;
  std::vector<ReferralId> referrals;
};

/// Opens one record. `reason` is the reason for access (查阅事由); with `break_glass` it must hold a code and text.
struct ShowContact {
  ContactId contact;
  std::string display_number;  ///< instead of the id
  bool break_glass = false;
  std::string reason;
};

struct CorrectionView {
  Instant at;
  std::string by_name;
  std::string reason;
  std::vector<std::string> changed_fields;
};

/// One worker's part of the call.
struct Talk {
  std::string worker_name;
  routing::OfferReason reason = routing::OfferReason::kRing;
  Instant answered_at;
  Instant ended_at;                                ///< unset while it lasts
  std::optional<routing::TransferKind> passed_on;  ///< he passed the caller on (转接), or tried to
  std::string passed_to;                           ///< a colleague, else a unit
  std::optional<routing::TransferEnd> passed_how;  ///< of a warm one
};

struct ContactView {
  casework::Contact contact;
  std::string display_number;
  std::string unit_zh;
  std::string line_zh;
  std::string caller_number;  ///< full only when permitted, else masked
  bool masked = false;        ///< personal text and name withheld
  std::string answered_by_name;
  std::string written_by_name;
  std::string reviewed_by_name;
  CallOutcome outcome = CallOutcome::kNone;
  std::vector<CorrectionView> corrections;
  std::vector<ReferralId> referrals;
  std::vector<Talk> talks;  ///< in the order of their answers; not while the store is away
};

/// Unfinished contacts: my own, or those of a unit for its lead.
struct ListDrafts {
  UnitId unit;  ///< unset = mine
};

// The call log.

struct SearchLog {
  Period period;
  UnitId unit;  ///< a subtree
  LineId line;
  WorkerId worker;
  std::optional<CallOutcome> outcome;
  std::optional<KpiBucket> bucket;
  std::optional<casework::ContactType> type;
  std::optional<casework::NeedKind> need;
  std::optional<casework::NeedGroup> need_group;
  std::optional<casework::RiskLevel> risk;
  std::string number;     ///< a whole number, any usual way of writing it
  std::string last_four;  ///< four digits
  std::string text;       ///< two or more characters
  std::string reason;
  bool oldest_first = false;
  std::string cursor;  ///< empty = first page
  std::uint32_t limit = 50;
};

/// One line of the call log, masked: a contact, or a call that nobody answered.
struct LogRow {
  CallId call;
  ContactId contact;
  std::string display_number;
  Instant at;
  Channel channel = Channel::kPhone;
  std::string unit_zh;
  std::string line_zh;
  CallOutcome outcome = CallOutcome::kNone;
  Duration waited{};
  Duration talked{};
  std::string worker_name;
  std::string caller_masked;
  std::string person_masked;
  std::optional<casework::ContactState> state;
  std::optional<casework::ContactType> type;
  std::optional<casework::RiskLevel> risk;
  std::vector<casework::NeedKind> needs;
};

struct LogPage {
  std::vector<LogRow> rows;
  std::string next_cursor;  ///< empty = no more
};

/// The same search as CSV text, escaped, row-capped and audited; pages until next_cursor is empty.
struct ExportLog {
  SearchLog search;
};

struct CsvPage {
  std::string csv;
  std::string next_cursor;
};

}  // namespace kapok::api
