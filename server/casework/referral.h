#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casework/need.h"
#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"

/// An order to a station or point to meet needs (服务工单), in its minimal form:
/// dispatched → accepted → completed; dispatched → returned → dispatched elsewhere; withdrawn by its writer.
/// Each function is a compare-and-set on the version: of a thousand accepting at once one wins. `overdue` is
/// computed and never a state (domain.md §2.2).
namespace kapok::casework {

enum class ReferralState { kDispatched, kAccepted, kCompleted, kReturned, kWithdrawn };

enum class ReturnReason {
  kOutOfArea,
  kNotOurRemit,
  kDuplicate,
  kMissingInformation,
  kCallerWithdrew,
  kAlreadyServed,
  kNeedsHigherLevel,
};

enum class ClosureResult { kSolved, kPartlySolved, kExplained, kLinkedOut, kNotSolvable, kLostContact, kDeclined };

/// What happened to a referral; appended, never changed. `unit` is the unit that holds it afterwards.
struct ReferralEvent {
  std::uint64_t version = 0;  ///< version of the referral it produced
  ReferralState state = ReferralState::kDispatched;
  Instant at;
  WorkerId by;
  UnitId unit;
  std::optional<ReturnReason> reason;
  std::string note;

  friend bool operator==(const ReferralEvent&, const ReferralEvent&) = default;
};

struct Referral {
  ReferralId id;
  std::string display_number;
  ContactId contact;
  std::vector<NeedId> needs;
  UnitId from_unit;
  UnitId to_unit;  ///< who has it now; while returned, who returned it
  Urgency urgency = Urgency::kNormal;
  ReferralState state = ReferralState::kDispatched;
  std::uint64_t version = 1;
  std::string note;  ///< what to do, ≤ 8000
  WorkerId written_by;
  Instant created_at;     ///< first dispatch: the age of the order, never reset by a return
  Instant dispatched_at;  ///< last dispatch
  Instant accept_by;      ///< counts from the last dispatch: the new unit gets its own window
  WorkerId owner;         ///< who accepted
  Instant accepted_at;
  Instant closed_at;  ///< completed or withdrawn
  std::optional<ClosureResult> result;
  std::string outcome;  ///< what was done, ≤ 8000
  std::uint32_t return_count = 0;

  friend bool operator==(const Referral&, const Referral&) = default;
};

/// The new row and the event to append, written in one transaction.
struct ReferralMoved {
  Referral referral;
  ReferralEvent event;
};

struct NewReferral {
  ReferralId id;
  std::string display_number;
  ContactId contact;
  std::vector<NeedId> needs;
  UnitId from_unit;
  UnitId to_unit;
  Urgency urgency = Urgency::kNormal;
  std::string note;
  WorkerId written_by;
};

/// Time to accept, and to return (domain.md §2.4).
inline constexpr Duration kAcceptTimeUrgent = minutes{30};
inline constexpr Duration kAcceptTimeNormal = hours{4};

/// Who won the race for a referral (decision 29); the service turns it into a name.
struct Winner {
  WorkerId worker;
  Instant at;
};

/// Refuses a referral without needs, an empty destination, and unreadable notes.
Result<ReferralMoved> dispatch(NewReferral asked, Instant now);

/// First come, first served. The loser hears ALREADY_TAKEN whatever version he held; `winner_of` says to whom.
Result<ReferralMoved> accept(const Referral& referral, std::uint64_t version, WorkerId by, Instant now);

/// Gives it back with a reason, only while unaccepted and inside the accept window; after that the unit
/// keeps it (首接负责). Some reasons need words: INVALID_ARGUMENT without a note for missing information.
Result<ReferralMoved> give_back(const Referral& referral, std::uint64_t version, WorkerId by, ReturnReason reason,
                                std::string note, Instant now);

/// Sends a returned referral to a unit. The order's age goes on, the accept window starts anew.
Result<ReferralMoved> redispatch(const Referral& referral, std::uint64_t version, WorkerId by, UnitId to_unit,
                                 std::string note, Instant now);

/// Closes an accepted referral with its result; an outcome text is required.
Result<ReferralMoved> complete(const Referral& referral, std::uint64_t version, WorkerId by, ClosureResult result,
                               std::string outcome, Instant now);

/// Taken back by its writer with a reason, before anyone accepted it; afterwards ALREADY_TAKEN.
Result<ReferralMoved> withdraw(const Referral& referral, std::uint64_t version, WorkerId by, std::string reason,
                               Instant now);

/// Dispatched, and its accept window has passed.
bool overdue(const Referral& referral, Instant now);

/// Not completed and not withdrawn.
bool is_open(const Referral& referral);

/// Set from acceptance on.
std::optional<Winner> winner_of(const Referral& referral);

/// What the needs of a referral become in its present state.
NeedState need_state_of(const Referral& referral);

}  // namespace kapok::casework

namespace kapok {

template <>
inline constexpr EnumName<casework::ReferralState> kEnumNames<casework::ReferralState>[] = {
    {casework::ReferralState::kDispatched, "dispatched", "已派单"},
    {casework::ReferralState::kAccepted, "accepted", "已接单"},
    {casework::ReferralState::kCompleted, "completed", "已办结"},
    {casework::ReferralState::kReturned, "returned", "已退单"},
    {casework::ReferralState::kWithdrawn, "withdrawn", "已撤单"},
};

template <>
inline constexpr EnumName<casework::ReturnReason> kEnumNames<casework::ReturnReason>[] = {
    {casework::ReturnReason::kOutOfArea, "out_of_area", "非本辖区"},
    {casework::ReturnReason::kNotOurRemit, "not_our_remit", "不属本站职责"},
    {casework::ReturnReason::kDuplicate, "duplicate", "重复工单"},
    {casework::ReturnReason::kMissingInformation, "missing_information", "信息不全"},
    {casework::ReturnReason::kCallerWithdrew, "caller_withdrew", "求助人撤回"},
    {casework::ReturnReason::kAlreadyServed, "already_served", "已在服务"},
    {casework::ReturnReason::kNeedsHigherLevel, "needs_higher_level", "需上级协调"},
};

template <>
inline constexpr EnumName<casework::ClosureResult> kEnumNames<casework::ClosureResult>[] = {
    {casework::ClosureResult::kSolved, "solved", "已解决"},
    {casework::ClosureResult::kPartlySolved, "partly_solved", "部分解决"},
    {casework::ClosureResult::kExplained, "explained", "解释说明"},
    {casework::ClosureResult::kLinkedOut, "linked_out", "已转介/已链接资源"},
    {casework::ClosureResult::kNotSolvable, "not_solvable", "暂无法解决"},
    {casework::ClosureResult::kLostContact, "lost_contact", "无法联系"},
    {casework::ClosureResult::kDeclined, "declined", "拒绝服务"},
};

}  // namespace kapok
