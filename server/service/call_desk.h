#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "api/call.h"
#include "ops/log.h"
#include "routing/routing_core.h"
#include "service/asked.h"
#include "service/caller_index.h"
#include "service/live_calls.h"
#include "service/office.h"
#include "service/saved_event.h"

namespace kapok::service {

/// What one event needs beside its own rows. All parts may be empty.
struct After {
  /// Rows of the asker, saved before those of routing in the same transaction; its refusal is the answer, but
  /// what routing decided stays decided, so refuse before the event whenever that is possible.
  std::function<Result<>(storage::Transaction&)> also;
  /// The client whose request this is. Answered after COMMIT with what `reply` makes, or refused with the
  /// code of routing's RefuseEvent or RefuseAccept, or STORE_UNAVAILABLE.
  Asked asked;
  /// Made on the strand, right after routing decided. Empty = Done.
  std::function<api::ReplyBody(const SavedEvent&)> reply;
  /// On the strand, after the listeners; an error when nothing was saved.
  std::function<void(const Result<SavedEvent>&)> done;
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

  /// One arrival: remembered as a live call and saved with it. `call.row.id` is set by the caller.
  void arrived(LiveCall call, routing::CallArrived event, After after);

  void handle(const Asked& asked, const api::AcceptOffer& accept);
  void handle(const Asked& asked, const api::DeclineOffer& decline);
  void handle(const Asked& asked, const api::HandBack& hand_back);
  void handle(const Asked& asked, const api::HangUp& hang_up);

  /// The contact of the worker's last call was finalised: his after-call time is over.
  void draft_finished(WorkerId worker, ContactId contact);
  /// The draft of a live call says high or imminent risk: after-call time is the longer one.
  void risk_noted(ContactId contact, bool high);

  /// An import changed the directory (office.directory is the new one already).
  void directory_changed();

  [[nodiscard]] const routing::RoutingCore& core() const { return *core_; }
  [[nodiscard]] const LiveCalls& calls() const { return calls_; }
  [[nodiscard]] bool store_lost() const { return store_lost_; }
  /// The live call a worker talks or is offered, or null.
  [[nodiscard]] const LiveCall* call_of(WorkerId worker) const;
  [[nodiscard]] std::optional<api::CallView> view(CallId call) const;

 private:
  void apply(Instant now, const routing::Event& event, After after, bool journal);
  void save(SavedEvent saved, After after);
  void saved(const SavedEvent& saved, const After& after);
  void failed(ErrorCode why, const After& after);
  void refuse(ErrorCode why, const After& after);
  void arm_timer();
  void lose_store();
  void try_again();

  Office& office_;
  CallerIndex& callers_;
  ops::Log& log_;
  std::unique_ptr<routing::RoutingCore> core_;
  LiveCalls calls_;
  std::vector<Listener> listeners_;
  std::vector<std::function<void()>> rebuilt_;
  std::vector<std::function<void()>> lost_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer retry_;
  std::int64_t epoch_ = 0;
  std::int64_t journal_seq_ = 0;
  std::int64_t arrival_seq_ = 0;
  bool started_ = false;
  bool store_lost_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
