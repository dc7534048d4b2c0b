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
  std::set<WorkerId> workers;
  std::set<UnitId> units;
  /// With the units they stood at, so that only those are told who saw them.
  std::map<CallId, UnitId> calls_gone;
  std::map<WorkerId, std::vector<UnitId>> workers_gone;
};

/// The live picture of the city as last saved: open calls, workers on duty, counters of each unit. Changed by
/// saved events only, so a snapshot and the changes after it fit together. Figures "today" are of the city's
/// local day and start again at its midnight. Strand only.
class Board {
 public:
  explicit Board(Duration utc_offset) : utc_offset_(utc_offset) {}

  BoardChange apply(const Directory& directory, const SavedEvent& saved);

  [[nodiscard]] const std::map<CallId, api::WaitingCall>& calls() const { return calls_; }
  [[nodiscard]] const std::map<WorkerId, api::WorkerLine>& workers() const { return workers_; }
  [[nodiscard]] api::UnitCounters unit(const Directory& directory, UnitId unit) const;
  /// Units a worker covers; empty when he is not on the board.
  [[nodiscard]] const std::vector<UnitId>& covers(WorkerId worker) const;

 private:
  struct DayCounts {
    std::uint32_t arrived = 0;
    std::uint32_t answered = 0;
    std::uint32_t unanswered = 0;
  };
  struct UnitFigures {
    routing::NodeCounters counters;
    DayCounts today;
    std::set<std::pair<Instant, CallId>> waiting;
    Instant as_of;
    bool gap = false;
  };
  struct Step;  ///< one apply() under way

  void begin_again(Step& step);
  void put_call(Step& step, const LiveCall& call);
  void remove_call(Step& step, CallId call);
  void put_worker(Step& step, const routing::WorkerView& worker);
  void count(Step& step, const routing::Command& command);
  void count(Step& step, const ToldLater& told);
  void count(Step& step, UnitId unit, std::uint32_t DayCounts::* figure, std::uint32_t by);
  void wait(Step& step, const api::WaitingCall& call, bool waits);
  void new_day(Step& step);

  Duration utc_offset_;
  std::int64_t day_ = 0;
  std::map<CallId, api::WaitingCall> calls_;
  std::map<WorkerId, api::WorkerLine> workers_;
  std::map<WorkerId, std::vector<UnitId>> covers_;
  std::map<WorkerId, std::uint32_t> answers_;
  std::map<UnitId, UnitFigures> units_;
};

}  // namespace kapok::service
