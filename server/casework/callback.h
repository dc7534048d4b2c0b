#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/local_time.h"
#include "core/result.h"

/// A dated promise to ring back a caller nobody answered: a follow-up of kind callback (回电). One open callback
/// per number and unit; further unanswered arrivals of that number join it (decision 25).
/// scheduled → claimed → done | attempted (scheduled again) | unreachable | declined; superseded when he got
/// through himself.
namespace kapok::casework {

enum class CallbackState { kScheduled, kClaimed, kDone, kUnreachable, kDeclined, kSuperseded };

/// How one attempt to ring back ended. Somebody else answering discloses nothing and is no success
/// (domain.md §5 row 31).
enum class AttemptResult { kReached, kNoAnswer, kBusy, kUnreachableNumber, kOtherPersonAnswered, kDeclined };

struct CallbackAttempt {
  std::uint32_t number = 0;  ///< 1 = first
  Instant at;
  WorkerId by;
  AttemptResult result = AttemptResult::kNoAnswer;

  friend bool operator==(const CallbackAttempt&, const CallbackAttempt&) = default;
};

struct Callback {
  FollowUpId id;
  UnitId unit;  ///< the unit dialled: it owns the promise
  LineId line;
  std::string number;  ///< canonical form of core/phone_number; sealed in the store
  CallId first_call;
  CallId last_call;
  Instant first_hung_up_at;
  Instant last_hung_up_at;
  std::uint32_t unanswered_arrivals = 1;  ///< how often the caller tried
  bool high_risk = false;                 ///< an open high risk on the number, or he was in class 0 or 1 for it
  Instant due_at;
  CallbackState state = CallbackState::kScheduled;
  WorkerId owner;  ///< who claimed it
  Instant claimed_at;
  std::vector<CallbackAttempt> attempts;
  Instant closed_at;
  std::string note;  ///< ≤ 8000
  std::uint64_t version = 1;

  friend bool operator==(const Callback&, const Callback&) = default;
};

struct NewCallback {
  FollowUpId id;
  UnitId unit;
  LineId line;
  std::string number;
  CallId call;
  Instant hung_up_at;
  bool high_risk = false;
};

inline constexpr Duration kCallbackTime = minutes{10};
inline constexpr Duration kCallbackTimeHighRisk = minutes{5};
inline constexpr Duration kCallbackTimeAtNight = minutes{15};
inline constexpr minutes kRingBackFrom{8 * 60};  ///< after a night, local time
inline constexpr Duration kRetryAfter = minutes{30};
inline constexpr std::uint32_t kAttemptsMax = 3;
/// A claim without an attempt goes back to the unit's list after this time.
inline constexpr Duration kClaimTime = minutes{30};

/// When a caller has to be rung back: 10 minutes, 5 for high risk; 15 when he hung up 22:00–07:30 and
/// neither risk nor a second attempt speaks for haste (domain.md §0.10, §2.4).
Instant callback_due(Instant hung_up_at, bool high_risk, std::uint32_t attempts, UtcOffset offset);

/// Whether his phone may ring at `now`: at night within 15 minutes of the hang-up or not before 08:00, unless
/// high risk or two attempts (§0.10).
bool may_ring_back(const Callback& callback, Instant now, UtcOffset offset);

/// The first instant from `now` on at which may_ring_back holds.
Instant ring_back_from(const Callback& callback, Instant now, UtcOffset offset);

Callback open_callback(NewCallback asked, UtcOffset offset);

/// A further unanswered arrival of the number. The due instant only moves earlier.
/// Legal while open; anything else is our mistake.
Callback join_attempt(const Callback& callback, CallId call, Instant hung_up_at, bool high_risk, UtcOffset offset);

/// Takes the callback. ALREADY_TAKEN while another worker's claim holds; a claim older than kClaimTime may be taken
/// over.
Result<Callback> claim(const Callback& callback, std::uint64_t version, WorkerId by, Instant now);

/// Refuses WRONG_STATE outside the hours of may_ring_back, NOT_YOURS unless claimed by `by`. Changes nothing.
Result<> may_dial(const Callback& callback, std::uint64_t version, WorkerId by, Instant now, UtcOffset offset);

/// Records one attempt by the owner. Reached closes as done, declined as declined; otherwise scheduled again
/// after kRetryAfter (08:00 when that falls into the night), unreachable after kAttemptsMax.
Result<Callback> record_attempt(const Callback& callback, std::uint64_t version, WorkerId by, AttemptResult result,
                                std::string note, Instant now, UtcOffset offset);

/// The caller got through by himself at this unit: nothing is left to do. Legal while open.
Callback supersede(const Callback& callback, Instant now);

bool is_open(const Callback& callback);

/// Open, past its due instant, and allowed to be rung now: what sleep forbids is not late.
bool overdue(const Callback& callback, Instant now, UtcOffset offset);

}  // namespace kapok::casework

namespace kapok {

template <>
inline constexpr EnumName<casework::CallbackState> kEnumNames<casework::CallbackState>[] = {
    {casework::CallbackState::kScheduled, "scheduled", "待回电"},
    {casework::CallbackState::kClaimed, "claimed", "已认领"},
    {casework::CallbackState::kDone, "done", "已完成"},
    {casework::CallbackState::kUnreachable, "unreachable", "无法联系"},
    {casework::CallbackState::kDeclined, "declined", "拒绝"},
    {casework::CallbackState::kSuperseded, "superseded", "已自行接通"},
};

template <>
inline constexpr EnumName<casework::AttemptResult> kEnumNames<casework::AttemptResult>[] = {
    {casework::AttemptResult::kReached, "reached", "已接通"},
    {casework::AttemptResult::kNoAnswer, "no_answer", "无人接听"},
    {casework::AttemptResult::kBusy, "busy", "忙"},
    {casework::AttemptResult::kUnreachableNumber, "unreachable_number", "无法接通"},
    {casework::AttemptResult::kOtherPersonAnswered, "other_person_answered", "他人接听"},
    {casework::AttemptResult::kDeclined, "declined", "拒绝"},
};

}  // namespace kapok
