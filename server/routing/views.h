#pragma once

#include <cstdint>
#include <vector>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/events.h"
#include "routing/words.h"

/// What others may see of routing's state: copies, valid as of the last apply().
namespace kapok::routing {

struct CallView {
  CallId call;
  LineId line;
  UnitId unit;
  Channel channel = Channel::kPhone;
  CallState state = CallState::kWaiting;
  CallerClass base = CallerClass::kNormal;
  CallerClass effective = CallerClass::kNormal;
  Ring widest_ring = Ring::kStation;
  Instant arrived_at;
  Instant joined_at;
  std::int64_t arrival_seq = 0;
  OfferId offer;    ///< when offered
  WorkerId worker;  ///< when offered or talking
  Instant answered_at;
  CallerFacts facts;
  bool kept = false;     ///< a callback was accepted: the caller is not on the line; while talking: is being dialled
  OfferId second_offer;  ///< of a warm transfer under way, beside the talk
  WorkerId second;       ///< to whom
};

struct WorkerView {
  WorkerId worker;
  WorkerState state = WorkerState::kOffDuty;
  AwayReason reason = AwayReason::kNone;
  bool draining = false;
  bool desk_live = false;
  Instant since;  ///< of this state
  Instant until;  ///< of after-call or pause, else unset
  Instant idle_since;
  std::vector<UnitId> covers;
  std::vector<CallId> calls;  ///< offered or talking
};

struct GapView {
  UnitId unit;
  Instant from;
  GapKind kind = GapKind::kNobodyOnShift;
};

/// Of a unit and all below it. A worker of a joint shift counts once in each unit he covers and once above.
struct NodeCounters {
  std::int32_t on_shift = 0;  ///< holds a shift, draining ones not counted
  std::int32_t on_duty = 0;   ///< of those, with a reachable endpoint (a paused phone is reachable)
  std::int32_t ready = 0;     ///< could be offered a call now
  std::int32_t offered = 0;
  std::int32_t talking = 0;
  std::int32_t after_call = 0;
  std::int32_t away = 0;
  std::int32_t calls_waiting = 0;
  std::int32_t calls_offered = 0;
  std::int32_t calls_talking = 0;
  friend bool operator==(const NodeCounters&, const NodeCounters&) = default;
  NodeCounters& operator+=(const NodeCounters& more) {
    on_shift += more.on_shift;
    on_duty += more.on_duty;
    ready += more.ready;
    offered += more.offered;
    talking += more.talking;
    after_call += more.after_call;
    away += more.away;
    calls_waiting += more.calls_waiting;
    calls_offered += more.calls_offered;
    calls_talking += more.calls_talking;
    return *this;
  }
};

/// How much work decisions have cost since the start; for tests and for printing (decision 13).
struct WorkCounters {
  std::int64_t events = 0;
  std::int64_t decisions = 0;        ///< choices of a worker for a call or a call for a worker
  std::int64_t candidates_read = 0;  ///< heads looked at in them, the skipped ones included
  std::int64_t calls_replaced = 0;   ///< calls touched by work that concerns many at once
};

}  // namespace kapok::routing
