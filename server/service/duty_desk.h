#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "api/duty.h"
#include "service/call_desk.h"
#include "service/desks.h"
#include "service/office.h"
#include "service/roster.h"

namespace kapok::service {

/// Who is on duty and at which desk: taking and leaving duty, ready and away, the roster's edges. Strand only.
///
/// Every rostered shift begins and ends by itself at its instants; phones then ring without a client
/// (domain.md §0.1). A desk nobody checks in to within the grace is absent, and may still be checked in to. An
/// import that moves a running shift reaches routing at once and drops no talk. Taking duty checks in to the shift of
/// now or, without one, writes a shift (临时顶班). Leaving ends the shift early; a live call is finished first, nothing
/// new is offered.
class DutyDesk {
 public:
  DutyDesk(Office& office, CallDesk& calls);
  ~DutyDesk();

  /// After CallDesk::start: reads the roster and begins to follow its edges.
  void start(std::function<void(Result<>)> then);
  /// Shifts were imported or the directory changed: reads the roster again.
  void roster_changed();
  /// An import changed roles: closes the desks of those who may use none any more. Before CallDesk is told.
  void directory_changed();
  /// Told by the connection layer when the socket closed or was silent too long (decision 16).
  void disconnected(ConnectionId connection);
  /// Told after a Resync: the state of the desk is shown again.
  void fell_behind(ConnectionId connection);

  void handle(const Asked& asked, const api::TakeDuty& take);
  void handle(const Asked& asked, const api::LeaveDuty& leave);
  void handle(const Asked& asked, const api::OpenDesk& open);
  void handle(const Asked& asked, const api::SetReady& set);
  void handle(const Asked& asked, const api::EndAfterCall& end);
  void handle(const Asked& asked, const api::ListShifts& list);

  /// Begins and ends the shifts that are due; its own timer calls it, and tests that move the clock do.
  void look_at_clock();

  /// As last saved; off duty for a worker never seen.
  [[nodiscard]] api::DeskState state_of(WorkerId worker) const;
  /// Connections that are desks of this worker now.
  [[nodiscard]] std::vector<ConnectionId> desks_of(WorkerId worker) const;
  [[nodiscard]] const Roster& roster() const { return roster_; }
  /// Called after a shift began or ended, or a worker's reachability changed: hunt lists may differ.
  void on_roster_moved(std::function<void()> moved) { moved_.push_back(std::move(moved)); }

 private:
  void saved(const SavedEvent& saved);
  void draft_finished(ContactId contact);
  void desks_again();
  void read_roster(std::function<void(Result<>)> then);
  void take_in(const casework::Shift& shift);
  void drop(ShiftId shift);
  void begin_shift(casework::Shift shift, After after);
  [[nodiscard]] routing::Event begun(const casework::Shift& shift);
  void end_shift(const casework::Shift& shift, After after);
  void end_at_its_time(const casework::Shift& shift);
  void take_on_the_spot(const Asked& asked, const api::TakeDuty& take);
  void sign_in(WorkerId worker);
  void write_down(casework::Shift shift, WorkerId by);
  void arm_timer();
  void tell_moved() const;
  void show_state(WorkerId worker, api::DeskState state);
  [[nodiscard]] After with_state(const Asked& asked);
  [[nodiscard]] bool may_use_desk(const Asked& asked) const;
  [[nodiscard]] api::DeskState state_from(const SavedEvent& saved, WorkerId worker) const;

  Office& office_;
  CallDesk& calls_;
  Desks desks_;
  Roster roster_;
  std::set<ShiftId> told_;  ///< running shifts that routing knows: of people who take calls
  std::map<WorkerId, api::DeskState> states_;
  std::map<WorkerId, ContactId> unfinished_;  ///< contact of the latest call until it is finalised
  std::vector<std::function<void()>> moved_;
  boost::asio::steady_timer timer_;
  Instant read_at_;
  bool started_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
