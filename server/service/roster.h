#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "casework/shift.h"
#include "core/id.h"
#include "core/instant.h"

namespace kapok::service {

/// How far around now shifts are kept in memory (decision 21). A shift lasts at most 24 h.
inline constexpr Duration kRosterWindow = hours{36};
/// Shifts further ahead are read again after this long.
inline constexpr Duration kRosterReread = hours{6};
/// Length of a shift taken on the spot when its end is not said.
inline constexpr Duration kSpotShift = hours{8};

/// The shifts around now, and when the next of them begins or ends. Pure bookkeeping; strand only.
class Roster {
 public:
  enum class Edge { kStart, kEnd };
  struct Due {
    ShiftId shift;
    Edge edge;
  };

  /// Takes in a shift or replaces it.
  void put(casework::Shift shift);
  void erase(ShiftId shift);
  /// Forgets shifts that ended more than kRosterWindow before `now`.
  void forget_before(Instant now);
  void clear();

  [[nodiscard]] const casework::Shift* find(ShiftId shift) const;
  [[nodiscard]] const std::map<ShiftId, casework::Shift>& all() const { return shifts_; }

  /// The worker's running shift (started, not ended), the longest one if there are several; or null.
  [[nodiscard]] const casework::Shift* running(WorkerId worker) const;
  /// A shift of the worker that he may check in to at `now`; or null.
  [[nodiscard]] const casework::Shift* open_for_check_in(WorkerId worker, Instant now) const;

  [[nodiscard]] const std::set<ShiftId>& running_shifts() const { return running_; }
  void started(ShiftId shift) { running_.insert(shift); }
  void ended(ShiftId shift) { running_.erase(shift); }
  [[nodiscard]] bool is_running(ShiftId shift) const { return running_.contains(shift); }

  /// What is due by `now`: shifts to start and running ones to end, in order of time. The caller says started()
  /// and ended(); until then they stay due.
  [[nodiscard]] std::vector<Due> due(Instant now) const;
  /// Running desk shifts that nobody has checked in to kCheckInGrace after their start. A phone is there by itself.
  [[nodiscard]] std::vector<ShiftId> unattended(Instant now) const;
  /// The first edge after `now`, ends of the grace included. O(log n), as the questions about one worker are.
  [[nodiscard]] std::optional<Instant> next_edge(Instant now) const;

 private:
  static std::vector<Instant> edges_of(const casework::Shift& shift);
  [[nodiscard]] const std::set<ShiftId>& of(WorkerId worker) const;

  std::map<ShiftId, casework::Shift> shifts_;
  std::map<WorkerId, std::set<ShiftId>> of_worker_;
  std::set<std::pair<Instant, ShiftId>> edges_;  ///< of shifts that stand
  std::set<ShiftId> running_;
};

/// It was neither ended early nor taken off the roster.
bool stands(const casework::Shift& shift);

}  // namespace kapok::service
