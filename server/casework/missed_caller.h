#pragma once

#include <cstdint>
#include <string>

#include "core/call.h"
#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"

namespace kapok::casework {

enum class MissedCallerState { kOpen, kAcknowledged };

/// Why nobody can ring back.
enum class NoCallbackReason { kWithheld, kUnusable };

/// An unanswered caller who cannot be rung back: the unit dialled takes note of him (decision 25).
struct MissedCaller {
  MissedCallerId id;
  CallId call;
  UnitId unit;
  LineId line;
  Instant at;
  CallOutcome outcome = CallOutcome::kMissed;
  NoCallbackReason reason = NoCallbackReason::kWithheld;
  MissedCallerState state = MissedCallerState::kOpen;
  WorkerId acknowledged_by;
  Instant acknowledged_at;
  std::string note;  ///< ≤ 8000
  std::uint64_t version = 1;

  friend bool operator==(const MissedCaller&, const MissedCaller&) = default;
};

/// Once. ALREADY_TAKEN when a colleague was first, VERSION_CONFLICT for an old version.
Result<MissedCaller> acknowledge(const MissedCaller& entry, std::uint64_t version, WorkerId by, std::string note,
                                 Instant now);

}  // namespace kapok::casework

namespace kapok {

template <>
inline constexpr EnumName<casework::MissedCallerState> kEnumNames<casework::MissedCallerState>[] = {
    {casework::MissedCallerState::kOpen, "open", "待知悉"},
    {casework::MissedCallerState::kAcknowledged, "acknowledged", "已知悉"},
};

template <>
inline constexpr EnumName<casework::NoCallbackReason> kEnumNames<casework::NoCallbackReason>[] = {
    {casework::NoCallbackReason::kWithheld, "withheld", "号码未显示"},
    {casework::NoCallbackReason::kUnusable, "unusable", "号码不可用"},
};

}  // namespace kapok
