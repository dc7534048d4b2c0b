#include "casework/shift.h"

#include <algorithm>

namespace kapok::casework {
namespace {

Error wrong_state(const Shift& shift) {
  return {ErrorCode::kWrongState, "the shift is " + std::string{name_of(shift.state)}};
}

Shift moved(const Shift& shift, ShiftState state) {
  Shift next = shift;
  next.state = state;
  ++next.version;
  return next;
}

}  // namespace

Result<> check_shift(const Shift& shift, bool long_confirmed) {
  if (!shift.worker.is_set()) return Error{ErrorCode::kUnknownWorker, "a shift has a worker"};
  if (shift.backup == shift.worker) return Error{ErrorCode::kInvalidArgument, "backup is another worker"};
  if (shift.units.empty()) return Error{ErrorCode::kUnknownUnit, "a shift has a unit"};
  if (shift.units.size() > kJointUnitsMax)
    return Error{ErrorCode::kInvalidArgument,
                 "a joint shift covers at most " + std::to_string(kJointUnitsMax) + " units"};
  auto units = shift.units;
  std::sort(units.begin(), units.end());
  if (!units.front().is_set()) return Error{ErrorCode::kUnknownUnit, "a shift has a unit"};
  if (std::adjacent_find(units.begin(), units.end()) != units.end())
    return Error{ErrorCode::kInvalidArgument, "units names one twice"};
  if (shift.by != EndpointKind::kDesk && !shift.endpoint.is_set())
    return Error{ErrorCode::kUnknownEndpoint, "a phone shift names its phone"};
  if (shift.period.to <= shift.period.from) return Error{ErrorCode::kShiftEndsBeforeStart, "end lies after start"};
  if (shift.period.length() > kShiftLengthMax && !long_confirmed)
    return Error{ErrorCode::kShiftTooLong, "more than 24 hours has to be confirmed"};
  return Done{};
}

std::vector<std::size_t> overlapping(const Shift& shift, std::span<const Shift> others) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Shift& other = others[i];
    const bool over = other.state == ShiftState::kCancelled || other.state == ShiftState::kClosed;
    const bool same = shift.id.is_set() && other.id == shift.id;
    if (!over && !same && other.worker == shift.worker && other.period.overlaps(shift.period)) found.push_back(i);
  }
  return found;
}

Result<Shift> check_in(const Shift& shift, Instant now) {
  if (shift.state == ShiftState::kOnDuty) return Error{ErrorCode::kAlreadyOnDuty, "already checked in"};
  if (shift.state != ShiftState::kPlanned && shift.state != ShiftState::kAbsent) return wrong_state(shift);
  if (now < shift.period.from - kCheckInEarly) return Error{ErrorCode::kNotOnDuty, "the shift has not begun"};
  if (now >= shift.period.to) return Error{ErrorCode::kNotOnDuty, "the shift is over"};
  Shift next = moved(shift, ShiftState::kOnDuty);
  next.checked_in_at = now;
  return next;
}

Result<Shift> close(const Shift& shift, Instant now) {
  if (shift.state != ShiftState::kOnDuty) return wrong_state(shift);
  Shift next = moved(shift, ShiftState::kClosed);
  next.closed_at = now;
  return next;
}

Result<Shift> mark_absent(const Shift& shift, Instant now) {
  if (shift.state != ShiftState::kPlanned) return wrong_state(shift);
  if (now < shift.period.from + kCheckInGrace)
    return Error{ErrorCode::kWrongState, "the grace after the start has not passed"};
  return moved(shift, ShiftState::kAbsent);
}

Result<Shift> cancel(const Shift& shift, Instant now) {
  if (shift.state != ShiftState::kPlanned) return wrong_state(shift);
  if (now >= shift.period.from) return Error{ErrorCode::kWrongState, "the shift has begun"};
  return moved(shift, ShiftState::kCancelled);
}

}  // namespace kapok::casework
