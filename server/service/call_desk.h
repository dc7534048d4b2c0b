#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "api/call.h"
#include "ops/log.h"
#include "routing/routing_core.h"
#include "service/asked.h"
#include "service/caller_index.h"
#include "service/journaling.h"
#include "service/live_calls.h"
#include "service/office.h"
#include "service/open_state.h"
#include "service/routing_rows.h"
#include "service/saved_event.h"
#include "storage/audit_event.h"

namespace kapok::service {

/// What one event needs beside its own rows. All parts may be empty.
struct After {
  /// Rows of the asker, saved before those of routing in the same transaction. Refuse before the event whenever
  /// that is possible: a refusal here, when routing has decided already, costs a rebuild from the store.
  std::function<Result<>(storage::Transaction&)> also;
  /// The client whose request this is. Answered after COMMIT with what `reply` makes, or refused with the code of
  /// routing's RefuseEvent or RefuseAccept, or STORE_UNAVAILABLE.
  Asked asked;
  /// Made on the strand, right after routing decided. Empty = Done.
  std::function<api::ReplyBody(const SavedEvent&)> reply;
  /// On the strand, after the listeners and before the answer; an error when nothing was saved.
  std::function<void(const Result<SavedEvent>&)> done;
  /// One row of the audit trail, saved with it.
  std::optional<storage::AuditEvent> audit;
  std::string audit_detail;
  /// Workers whose picture is wanted although no command names them.
  std::vector<WorkerId> workers;
};

/// Owns the routing core of the city and is the only one that speaks to it: one event, one transaction, then
/// delivery (DESIGN §6). Nothing rings and nobody is told "connected" before COMMIT returned. Strand only.
///
/// When a COMMIT fails the core knows more than the store. From then on every event is refused with
/// STORE_UNAVAILABLE, gateways are let go (they follow the hunt list) and, once a second, the state is read
/// anew from the store; when that and a first write succeed, the city goes on from what was saved.
class CallDesk {
 public:
  using Listener = std::function<void(const SavedEvent&)>;

  CallDesk(Office& office, CallerIndex& callers, ops::Log& log);
  ~CallDesk();
  CallDesk(const CallDesk&) = delete;
  CallDesk& operator=(const CallDesk&) = delete;

  /// Called after each COMMIT in order of the events, with all that was decided. Added before `start`.
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  /// Called when the core was rebuilt after a failed COMMIT: who is connected must be told to it again.
  void on_rebuilt(std::function<void()> rebuilt) { rebuilt_.push_back(std::move(rebuilt)); }
  /// Called once when saving failed.
  void on_store_lost(std::function<void()> lost) { lost_.push_back(std::move(lost)); }

  /// Reads open calls, shifts and worker states from the store and puts them back in their old places
  /// (offered → waiting, talking stays talking). `then` runs after the restart itself was saved.
  void start(std::function<void(Result<>)> then);

  void happened(routing::Event event, After after = {});

  /// One arrival, remembered as a live call and saved with it. The row carries what the gateway said and the id;
  /// place in the order, class and facts are given here.
  void arrived(LiveCall call, After after);

  void handle(const Asked& asked, const api::AcceptOffer& accept);
  void handle(const Asked& asked, const api::DeclineOffer& decline);
  void handle(const Asked& asked, const api::HandBack& hand_back);
  void handle(const Asked& asked, const api::HangUp& hang_up);
  void handle(const Asked& asked, const api::TransferCall& transfer);
  void handle(const Asked& asked, const api::CancelTransfer& cancel);

  /// The contact was finalised: the after-call time of its answerer is over, and of who took the caller over from him.
  void draft_finished(WorkerId answerer, ContactId contact);
  void on_draft_finished(std::function<void(ContactId)> hook) { draft_finished_.push_back(std::move(hook)); }
  /// The draft of a live call says high or imminent risk: after-call time is the longer one.
  void risk_noted(ContactId contact, bool high);

  /// A call that the hunt list took has been saved: the number's attempts and the board follow.
  void told_later(ToldLater told);
  /// The episode that a call of this number goes on with, or unset (decision 1).
  [[nodiscard]] CallId episode_of(const std::string& caller_key, const storage::CallRow& row) const {
    return row.test ? CallId{} : callers_.episode(caller_key, row.line, row.unit, row.arrived_at);
  }

  /// An import changed the directory (office.directory is the new one already).
  void directory_changed();

  [[nodiscard]] const routing::RoutingCore& core() const { return *core_; }
  [[nodiscard]] const LiveCalls& calls() const { return rows_.calls(); }
  /// False while something decided about this call is not saved yet: nobody may be told of it before.
  [[nodiscard]] bool is_saved(CallId call) const { return !unsaved_.contains(call); }
  /// The live call that is offered to a worker or that he talks with; null when there is none.
  [[nodiscard]] const LiveCall* call_of(WorkerId worker) const { return calls().of_worker(worker); }
  /// Number of the latest start; durable before anything else of it, so it rises whatever the clock does.
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  [[nodiscard]] bool running() const { return stage_ == Stage::kRunning; }
  /// Shifts that routing was told to be running when it started.
  [[nodiscard]] const std::vector<ShiftId>& restored_shifts() const { return restored_shifts_; }
  [[nodiscard]] api::CallView view(const LiveCall& call) const;

  /// Does what is due by the clock; its own timer calls it, and tests that move the clock do.
  void look_at_clock();

 private:
  enum class Stage { kNotStarted, kStarting, kRunning, kStoreLost };
  struct Work;

  void read_state(std::function<void(Result<>)> then);
  void begin(OpenState state, std::function<void(Result<>)> then);
  CallerIndex::Place place_of(const LiveCall& call);
  CallerIndex::Place place_beside(LiveCall& call);
  CallerIndex::Place kept_place(LiveCall& call, const LiveCall& kept);
  [[nodiscard]] const LiveCall* kept_callback_of(const LiveCall& call) const;
  void decide(const routing::Event& event, After after);
  void save(std::shared_ptr<Work> work);
  void under_way(const Work& work, bool begins);
  void saved(Work& work);
  void deliver(const Work& work) const;
  void failed(Work& work, const Error& why);
  void refuse(const Error& why, const After& after) const;
  void picture(SavedEvent& saved, const std::vector<LiveCall>& ended, const std::vector<WorkerId>& more);
  void picture_everything(SavedEvent& saved) const;
  void feed_callers(const SavedEvent& saved);
  void journal(Work& work, const routing::Event& event, const std::vector<routing::Command>& commands);
  void lose_store();
  void try_again();
  void refuse_unknown_call(const Asked& asked, CallId call);
  [[nodiscard]] const LiveCall* talking(const Asked& asked, CallId call);

  Office& office_;
  CallerIndex& callers_;
  ops::Log& log_;
  std::unique_ptr<routing::RoutingCore> core_;
  RoutingRows rows_;
  Journaling journaling_;
  std::shared_ptr<const Directory> told_directory_;
  std::map<WorkerId, std::vector<UnitId>> covers_;  ///< as last pictured
  std::vector<ShiftId> restored_shifts_;
  std::vector<Listener> listeners_;
  std::vector<std::function<void()>> rebuilt_;
  std::vector<std::function<void()>> lost_;
  std::vector<std::function<void(ContactId)>> draft_finished_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer retry_;
  Instant callers_cleared_at_;
  std::int64_t epoch_ = 0;
  std::int64_t arrival_seq_ = 0;
  std::size_t under_way_ = 0;
  std::multiset<CallId> unsaved_;  ///< calls of the events under way
  Stage stage_ = Stage::kNotStarted;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
