#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/endpoint.h"
#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"

namespace kapok::casework {

/// planned → on_duty → closed; planned → absent when nobody checks in, and absent → on_duty when he comes late.
enum class ShiftState { kPlanned, kOnDuty, kClosed, kAbsent, kCancelled };

/// A planned period of duty as two instants; it may cross midnight, a month or a year and is never split
/// (domain.md §5 row 9). A joint shift covers several stations with one person.
struct Shift {
  ShiftId id;
  WorkerId worker;
  WorkerId backup;            ///< gets the second offer; may be none
  std::vector<UnitId> units;  ///< one, or the stations covered jointly; the first is the worker's own
  Period period;
  EndpointKind by = EndpointKind::kDesk;
  EndpointId endpoint;             ///< the phone when `by` is a phone
  bool taken_on_the_spot = false;  ///< 临时顶班
  ShiftState state = ShiftState::kPlanned;
  Instant checked_in_at;
  Instant closed_at;
  std::uint64_t version = 1;

  friend bool operator==(const Shift&, const Shift&) = default;
};

inline constexpr Duration kShiftLengthMax = hours{24};
inline constexpr std::size_t kJointUnitsMax = 32;
/// Check-in opens this long before the start.
inline constexpr Duration kCheckInEarly = minutes{30};
/// Planned and not checked in this long after the start = absent (domain.md §2.2).
inline constexpr Duration kCheckInGrace = minutes{15};

/// Refuses SHIFT_ENDS_BEFORE_START, SHIFT_TOO_LONG beyond 24 hours unless `long_confirmed`, a shift without worker or
/// unit, a unit named twice, a worker who is his own backup, and a phone shift without its phone.
Result<> check_shift(const Shift& shift, bool long_confirmed);

/// Positions in `others` of shifts of the same worker that overlap: allowed, warned about (§5 row 10).
/// Cancelled and closed shifts and `shift` itself are passed over.
std::vector<std::size_t> overlapping(const Shift& shift, std::span<const Shift> others);

/// Starts duty: WRONG_STATE unless planned or absent, NOT_ON_DUTY before kCheckInEarly or after the end. Answering an
/// offer is a check-in too (接听即签到).
Result<Shift> check_in(const Shift& shift, Instant now);

/// Ends duty, at the planned end or before.
Result<Shift> close(const Shift& shift, Instant now);

/// Nobody came: legal for a planned shift from start + kCheckInGrace on.
Result<Shift> mark_absent(const Shift& shift, Instant now);

/// Taken off the roster before it began.
Result<Shift> cancel(const Shift& shift, Instant now);

}  // namespace kapok::casework

namespace kapok {

template <>
inline constexpr EnumName<casework::ShiftState> kEnumNames<casework::ShiftState>[] = {
    {casework::ShiftState::kPlanned, "planned", "计划"},     {casework::ShiftState::kOnDuty, "on_duty", "在岗"},
    {casework::ShiftState::kClosed, "closed", "已结束"},     {casework::ShiftState::kAbsent, "absent", "缺岗"},
    {casework::ShiftState::kCancelled, "cancelled", "取消"},
};

}  // namespace kapok
