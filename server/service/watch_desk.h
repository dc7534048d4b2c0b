#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "api/watch.h"
#include "service/board.h"
#include "service/call_desk.h"
#include "service/office.h"

namespace kapok::service {

/// Rows of one snapshot page, calls, workers and units together; keeps a page far below the frame limit.
inline constexpr std::size_t kSnapshotRowsMax = 200;

/// The live picture of one subtree for those who may see it: snapshot in pages, then changes that coalesce by
/// `call:ID`, `worker:ID`, `unit:ID`. Points have no lines of their own and are not shown; numbers are masked
/// always. Strand only.
class WatchDesk {
 public:
  WatchDesk(Office& office, CallDesk& calls);

  void disconnected(ConnectionId connection) { watching_.erase(connection); }
  /// Whoever may no longer see what he watches sees an empty picture from now on.
  void directory_changed();
  /// Resync, then a new snapshot of what was watched.
  void fell_behind(ConnectionId connection);

  /// Answers with the number of pages; they follow. A new Watch replaces the one before.
  void handle(const Asked& asked, const api::Watch& watch);
  void handle(const Asked& asked, const api::Unwatch& unwatch);

  [[nodiscard]] const Board& board() const { return board_; }

 private:
  void saved(const SavedEvent& saved);
  [[nodiscard]] std::vector<api::SnapshotPage> snapshot(UnitId unit) const;
  void send(ConnectionId connection, std::vector<api::SnapshotPage> pages);
  void tell(ConnectionId connection, UnitId unit, const BoardChange& change);
  [[nodiscard]] bool sees(UnitId watched, UnitId unit) const;
  [[nodiscard]] bool sees_any(UnitId watched, const std::vector<UnitId>& units) const;

  Office& office_;
  Board board_;
  std::map<ConnectionId, UnitId> watching_;
};

}  // namespace kapok::service
