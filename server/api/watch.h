#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/unit.h"

/// The live picture of one subtree: a paged snapshot, then changes that coalesce by key.
namespace kapok::api {

struct Watch {
  UnitId unit;
  bool once = false;  ///< snapshot only
};

struct Unwatch {};

struct WaitingCall {
  CallId call;
  CallState state = CallState::kWaiting;
  UnitId unit;
  std::string unit_zh;
  std::string line_zh;
  CallerClass caller_class = CallerClass::kNormal;
  std::string caller_masked;
  Instant arrived_at;
  std::uint32_t open_ring = 0;  ///< 0 own station … 4 duty phone
  std::uint32_t position = 0;   ///< 1 = next; 0 when not waiting
  std::string worker_name;      ///< offered to or talking with
  Instant state_since;
  bool kept = false;        ///< nobody on the line: he is rung back when a worker takes the call (保位回拨)
  std::string second_name;  ///< whom the one who talks is passing him on to (陪同转接)
};

struct WorkerLine {
  WorkerId worker;
  std::string name;
  UnitId unit;
  std::string unit_zh;
  WorkerState state = WorkerState::kOffDuty;
  EndpointKind by = EndpointKind::kDesk;
  Instant state_since;
  std::uint32_t calls_today = 0;
};

struct UnitCounters {
  UnitId unit;
  std::string unit_zh;
  std::string unit_en;
  UnitKind kind = UnitKind::kStation;
  std::uint32_t waiting = 0;
  std::uint32_t talking = 0;
  std::uint32_t on_duty = 0;
  std::uint32_t ready = 0;
  std::uint32_t arrived_today = 0;
  std::uint32_t answered_today = 0;
  std::uint32_t unanswered_today = 0;
  Duration longest_wait{};
  bool gap = false;  ///< nobody on duty
};

struct WatchStarted {
  UnitId unit;
  std::uint32_t pages = 0;
};

/// Pushes.
struct SnapshotPage {
  std::uint32_t page = 0;
  bool last = false;
  std::vector<WaitingCall> calls;
  std::vector<WorkerLine> workers;
  std::vector<UnitCounters> units;
};

struct Change {
  std::vector<WaitingCall> calls;
  std::vector<CallId> calls_gone;
  std::vector<WorkerLine> workers;
  std::vector<WorkerId> workers_gone;
  std::vector<UnitCounters> units;
};

/// The client fell behind: forget what you have, a new snapshot follows.
struct Resync {};

/// State of the server that every client shows.
struct ServerNotice {
  std::string state;  ///< ok, degraded, not_recorded, shutting_down
  std::string text_zh;
  std::string text_en;
  /// With shutting_down: when this client should connect again, so that not all come at once.
  std::uint32_t reconnect_after_ms = 0;
};

}  // namespace kapok::api
