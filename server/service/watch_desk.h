#pragma once

#include <map>
#include <memory>
#include <vector>

#include "api/watch.h"
#include "service/board.h"
#include "service/call_desk.h"
#include "service/office.h"

namespace kapok::service {

/// Rows of one snapshot page, calls, workers and units together; keeps a page far below the frame limit.
inline constexpr std::size_t kSnapshotRowsMax = 200;
/// Units shown below a watched one; the wallboard of the whole city shows stations, not points.
inline constexpr std::size_t kWatchedUnitsMax = 400;

/// The live picture of one subtree for those who may see it: snapshot in pages, then changes that coalesce by
/// `call:ID`, `worker:ID`, `unit:ID`. Numbers are masked always. Strand only.
class WatchDesk {
 public:
  WatchDesk(Office& office, CallDesk& calls);

  /// After CallDesk::start: reads today's counts.
  void start(std::function<void(Result<>)> then);
  void disconnected(ConnectionId connection) { watching_.erase(connection); }
  /// Resync, then a new snapshot of what was watched.
  void fell_behind(ConnectionId connection);

  void handle(const Asked& asked, const api::Watch& watch);
  void handle(const Asked& asked, const api::Unwatch& unwatch);

  [[nodiscard]] const Board& board() const { return board_; }

 private:
  void saved(const SavedEvent& saved);
  void rebuild();
  [[nodiscard]] std::vector<api::SnapshotPage> snapshot(UnitId unit) const;
  void tell(ConnectionId connection, UnitId unit, const BoardChange& change) const;

  Office& office_;
  CallDesk& calls_;
  Board board_;
  std::map<ConnectionId, UnitId> watching_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
