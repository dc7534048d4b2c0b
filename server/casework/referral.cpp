#include "casework/referral.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace kapok::casework {
namespace {

Error version_conflict(const Referral& referral) {
  return {ErrorCode::kVersionConflict, "current version is " + std::to_string(referral.version)};
}

Error wrong_state(const Referral& referral) {
  return {ErrorCode::kWrongState, "the referral is " + std::string{name_of(referral.state)}};
}

bool is_taken(const Referral& referral) {
  return referral.state == ReferralState::kAccepted || referral.state == ReferralState::kCompleted;
}

Result<> check_reason(std::string_view reason) {
  if (is_blank(reason)) return Error{ErrorCode::kInvalidArgument, "reason is required"};
  return check_line(reason, "reason", kReasonCharsMax);
}

Duration accept_time(Urgency urgency) { return urgency == Urgency::kUrgent ? kAcceptTimeUrgent : kAcceptTimeNormal; }

void start_window(Referral& referral, Instant now) {
  referral.dispatched_at = now;
  referral.accept_by = now + accept_time(referral.urgency);
}

/// Raises the version and writes the event that belongs to it.
ReferralMoved moved(Referral next, Instant now, WorkerId by, std::optional<ReturnReason> reason, std::string note) {
  ++next.version;
  ReferralEvent event{next.version, next.state, now, by, next.to_unit, reason, std::move(note)};
  return {std::move(next), std::move(event)};
}

}  // namespace

Result<ReferralMoved> dispatch(NewReferral asked, Instant now) {
  if (asked.needs.empty() || asked.needs.size() > kNeedsPerContactMax)
    return Error{ErrorCode::kInvalidArgument, "a referral carries 1 to 32 needs"};
  auto needs = asked.needs;
  std::sort(needs.begin(), needs.end());
  if (std::adjacent_find(needs.begin(), needs.end()) != needs.end())
    return Error{ErrorCode::kInvalidArgument, "needs names one twice"};
  if (!asked.to_unit.is_set()) return Error{ErrorCode::kUnknownUnit, "to_unit is required"};
  if (auto checked = check_note(asked.note, "note"); !checked) return checked.error();

  Referral referral;
  referral.id = asked.id;
  referral.display_number = std::move(asked.display_number);
  referral.contact = asked.contact;
  referral.needs = std::move(asked.needs);
  referral.from_unit = asked.from_unit;
  referral.to_unit = asked.to_unit;
  referral.urgency = asked.urgency;
  referral.note = std::move(asked.note);
  referral.written_by = asked.written_by;
  referral.created_at = now;
  start_window(referral, now);
  ReferralEvent event{referral.version, referral.state, now, asked.written_by, asked.to_unit, std::nullopt, {}};
  return ReferralMoved{std::move(referral), std::move(event)};
}

Result<ReferralMoved> accept(const Referral& referral, std::uint64_t version, WorkerId by, Instant now) {
  if (is_taken(referral)) return Error{ErrorCode::kAlreadyTaken, "a colleague was first"};
  if (referral.state != ReferralState::kDispatched) return wrong_state(referral);
  if (version != referral.version) return version_conflict(referral);
  Referral next = referral;
  next.state = ReferralState::kAccepted;
  next.owner = by;
  next.accepted_at = now;
  return moved(std::move(next), now, by, std::nullopt, {});
}

Result<ReferralMoved> give_back(const Referral& referral, std::uint64_t version, WorkerId by, ReturnReason reason,
                                std::string note, Instant now) {
  if (is_taken(referral)) return Error{ErrorCode::kAlreadyTaken, "accepted orders are not returned"};
  if (referral.state != ReferralState::kDispatched) return wrong_state(referral);
  if (version != referral.version) return version_conflict(referral);
  if (now > referral.accept_by)
    return Error{ErrorCode::kWrongState, "the time to return it has passed; the unit keeps it"};
  if (reason == ReturnReason::kMissingInformation && is_blank(note))
    return Error{ErrorCode::kInvalidArgument, "note: say which information is missing"};
  if (auto checked = check_note(note, "note"); !checked) return checked.error();
  Referral next = referral;
  next.state = ReferralState::kReturned;
  ++next.return_count;
  return moved(std::move(next), now, by, reason, std::move(note));
}

Result<ReferralMoved> redispatch(const Referral& referral, std::uint64_t version, WorkerId by, UnitId to_unit,
                                 std::string note, Instant now) {
  if (referral.state != ReferralState::kReturned) return wrong_state(referral);
  if (version != referral.version) return version_conflict(referral);
  if (!to_unit.is_set()) return Error{ErrorCode::kUnknownUnit, "to_unit is required"};
  if (auto checked = check_note(note, "note"); !checked) return checked.error();
  Referral next = referral;
  next.state = ReferralState::kDispatched;
  next.to_unit = to_unit;
  start_window(next, now);
  return moved(std::move(next), now, by, std::nullopt, std::move(note));
}

Result<ReferralMoved> complete(const Referral& referral, std::uint64_t version, WorkerId by, ClosureResult result,
                               std::string outcome, Instant now) {
  if (referral.state != ReferralState::kAccepted) return wrong_state(referral);
  if (version != referral.version) return version_conflict(referral);
  if (is_blank(outcome)) return Error{ErrorCode::kInvalidArgument, "outcome is required"};
  if (auto checked = check_note(outcome, "outcome"); !checked) return checked.error();
  Referral next = referral;
  next.state = ReferralState::kCompleted;
  next.closed_at = now;
  next.result = result;
  next.outcome = std::move(outcome);
  return moved(std::move(next), now, by, std::nullopt, {});
}

Result<ReferralMoved> withdraw(const Referral& referral, std::uint64_t version, WorkerId by, std::string reason,
                               Instant now) {
  if (is_taken(referral)) return Error{ErrorCode::kAlreadyTaken, "accepted before it was withdrawn"};
  if (!is_open(referral)) return wrong_state(referral);
  if (by != referral.written_by) return Error{ErrorCode::kNotYours, "only the writer withdraws"};
  if (version != referral.version) return version_conflict(referral);
  if (auto checked = check_reason(reason); !checked) return checked.error();
  Referral next = referral;
  next.state = ReferralState::kWithdrawn;
  next.closed_at = now;
  return moved(std::move(next), now, by, std::nullopt, std::move(reason));
}

bool overdue(const Referral& referral, Instant now) {
  return referral.state == ReferralState::kDispatched && now > referral.accept_by;
}

bool is_open(const Referral& referral) {
  return referral.state != ReferralState::kCompleted && referral.state != ReferralState::kWithdrawn;
}

std::optional<Winner> winner_of(const Referral& referral) {
  if (!referral.owner.is_set()) return std::nullopt;
  return Winner{referral.owner, referral.accepted_at};
}

NeedState need_state_of(const Referral& referral) {
  if (referral.state == ReferralState::kWithdrawn) return NeedState::kOpen;
  if (referral.state != ReferralState::kCompleted || !referral.result) return NeedState::kReferred;
  switch (*referral.result) {
    case ClosureResult::kSolved:
    case ClosureResult::kExplained:
    case ClosureResult::kLinkedOut:
      return NeedState::kMet;
    case ClosureResult::kPartlySolved:
    case ClosureResult::kNotSolvable:
    case ClosureResult::kLostContact:
      return NeedState::kNotMet;
    case ClosureResult::kDeclined:
      return NeedState::kWithdrawn;
  }
  check_failed("closure result is known", __FILE__, __LINE__);
}

}  // namespace kapok::casework
