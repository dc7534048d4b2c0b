#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "api/watch.h"
#include "core/instant.h"
#include "service/directory.h"
#include "service/saved_event.h"

namespace kapok::service {

/// What moved on the board by one event.
struct BoardChange {
  std::set<CallId> calls;
  std::set<CallId> calls_gone;
  std::set<WorkerId> workers;
  std::set<WorkerId> workers_gone;
  std::set<UnitId> units;
};

/// Figures of the current local day for one unit, its subtree included.
struct DayCounts {
  std::uint32_t arrived = 0;
  std::uint32_t answered = 0;
  std::uint32_t unanswered = 0;
};

/// The live picture of the city as last saved: open calls, workers on duty, counters of each unit. Changed by
/// saved events only, so a snapshot and the changes after it fit together. Strand only.
class Board {
 public:
  explicit Board(Duration utc_offset) : utc_offset_(utc_offset) {}

  /// `calls_today` as read from the store at start.
  void load(const Directory& directory, const std::map<UnitId, DayCounts>& own_today, Instant now);
  BoardChange apply(const Directory& directory, const SavedEvent& saved);

  [[nodiscard]] const std::map<CallId, api::WaitingCall>& calls() const { return calls_; }
  [[nodiscard]] const std::map<WorkerId, api::WorkerLine>& workers() const { return workers_; }
  [[nodiscard]] api::UnitCounters unit(const Directory& directory, UnitId unit, Instant now) const;
  /// Units a worker covers; empty when he is not on the board.
  [[nodiscard]] std::vector<UnitId> covers(WorkerId worker) const;

 private:
  struct UnitFigures {
    routing::NodeCounters counters;
    DayCounts today;
    std::set<std::pair<Instant, CallId>> waiting;
    bool gap = false;
  };

  void put_call(const Directory& directory, const SavedEvent& saved, const LiveCall& call, BoardChange& change);
  void put_place(const Directory& directory, const CallPlace& place, BoardChange& change);
  void remove_call(const Directory& directory, CallId call, BoardChange& change);
  void put_worker(const Directory& directory, const routing::WorkerView& worker, BoardChange& change);
  void count(const Directory& directory, const SavedEvent& saved, BoardChange& change);
  void new_day(Instant now);

  Duration utc_offset_;
  std::int64_t day_ = 0;
  std::map<CallId, api::WaitingCall> calls_;
  std::map<WorkerId, api::WorkerLine> workers_;
  std::map<WorkerId, std::vector<UnitId>> covers_;
  std::map<UnitId, UnitFigures> units_;
};

}  // namespace kapok::service
