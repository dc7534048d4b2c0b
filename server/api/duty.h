#pragma once

#include <string>
#include <vector>

#include "casework/shift.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"

/// Being on duty: shifts, desks, readiness.
namespace kapok::api {

/// Checks in to the rostered shift of now or, when there is none, takes duty on the spot (临时顶班), which
/// writes the shift. `until` unset = 8 hours from now for an unrostered shift.
struct TakeDuty {
  UnitId unit;  ///< unset = the worker's own station
  Instant until;
};

struct LeaveDuty {};

/// Makes this connection the worker's desk: offers are pushed here. A second desk of the same worker is
/// allowed; the first accept wins and the other is told.
struct OpenDesk {};

struct SetReady {
  bool ready = false;
};

/// Ends after-call work early.
struct EndAfterCall {};

struct ListShifts {
  UnitId unit;
  Period period;
};

struct ShiftView {
  ShiftId shift;
  WorkerId worker;
  std::string worker_name;
  std::vector<UnitId> units;
  std::vector<std::string> units_zh;
  Period period;
  EndpointKind by = EndpointKind::kDesk;
  casework::ShiftState state = casework::ShiftState::kPlanned;
};

struct ShiftList {
  std::vector<ShiftView> shifts;
};

/// Where the worker stands now; the answer to every duty request and pushed on each change.
struct DeskState {
  WorkerState state = WorkerState::kOffDuty;
  ShiftId shift;
  Instant shift_ends_at;
  CallId call;        ///< live call or none
  ContactId contact;  ///< its draft, from the answer until finalised
  OfferId offer;      ///< live offer or none
  Instant state_since;
  Instant after_call_until;
  std::uint32_t callers_waiting = 0;  ///< at the worker's own unit, shown during after-call work
};

}  // namespace kapok::api
