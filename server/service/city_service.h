#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "core/id_allocator.h"
#include "ops/log.h"
#include "ops/metrics.h"
#include "service/audit_desk.h"
#include "service/call_desk.h"
#include "service/call_log_desk.h"
#include "service/call_metrics.h"
#include "service/caller_index.h"
#include "service/changes.h"
#include "service/clients.h"
#include "service/contact_desk.h"
#include "service/desk_liveness.h"
#include "service/directory_desk.h"
#include "service/duty_desk.h"
#include "service/follow_up_desk.h"
#include "service/gateway_desk.h"
#include "service/greeting_desk.h"
#include "service/import_desk.h"
#include "service/journal_pruning.h"
#include "service/office.h"
#include "service/referral_desk.h"
#include "service/repeats.h"
#include "service/report_desk.h"
#include "service/server_state.h"
#include "service/service.h"
#include "service/sign_in_desk.h"
#include "service/watch_desk.h"
#include "storage/key_ring.h"
#include "storage/search_index.h"

namespace kapok::service {

/// What a city stands on; all of it outlives the CityService.
struct CityParts {
  boost::asio::any_io_executor executor;  ///< a strand is made of it
  Clock& clock;
  storage::Writer& writer;
  storage::ReaderPool& readers;
  const storage::KeyRing& keys;
  storage::SearchIndex& search;
  ops::Log& log;
  Changes::EncodeReply encode_reply;
  CityConfig config;
  std::uint32_t schema = 0;
};

/// One city: puts its desks together and sends each request to the one that answers it. Everything below runs on the
/// city's one strand (DESIGN §5); the public functions may be called from any thread.
///
/// Requests are answered from `start` on; what comes earlier hears RETRY_AFTER.
class CityService final : public Service {
 public:
  explicit CityService(CityParts parts);

  /// Reads directory, sessions, open calls, shifts and callers from the store. `then` on the strand.
  void start(std::function<void(Result<>)> then);

  /// Takes nothing new; `then` on the strand. What was accepted is committed by stopping the writer afterwards.
  void stop(std::function<void()> then);

  /// What clients are shown and /health says. Any thread.
  [[nodiscard]] ServerState state() const { return state_; }

  /// From now on calls, people and requests are counted into `metrics`, which outlives this. Before `start`, or on the
  /// strand.
  void count_into(ops::Metrics& metrics);
  /// Sets what is read when it is asked for, and then calls `done` on the strand. Any thread; nothing before
  /// count_into().
  void refresh_metrics(std::function<void()> done);

  /// The writer's state has changed. Any thread; every client hears of it at once.
  void store_changed();

  /// Has the desks do what is due by the clock. Their own timers do so as real time passes; whoever moves the clock by
  /// hand (worlds in virtual time) asks for it. Any thread.
  void look_at_clock();

  /// Runs `answer` on the strand, soon: the sign that it gets on. Any thread.
  void ask_for_a_sign(std::function<void()> answer);

  void connected(ConnectionId connection, std::shared_ptr<Outbox> outbox, Peer peer) override;
  void ask(ConnectionId connection, api::Request request, std::function<void(api::Reply)> reply) override;
  void fell_behind(ConnectionId connection) override;
  void disconnected(ConnectionId connection) override;

 private:
  /// The same, counted and timed from now on.
  [[nodiscard]] std::function<void(api::Reply)> timed(std::function<void(api::Reply)> reply) const;
  void take_up(const Asked& asked);
  void left(ConnectionId connection);
  void dispatch(const Asked& asked);
  void connect_desks();
  void desk_lost(ConnectionId connection);
  void follow_contact(const casework::Contact& contact);
  void start_desks(std::function<void(Result<>)> then);
  void imported(api::ImportKind kind, std::function<void(Result<>)> then);
  void follow_store();
  [[nodiscard]] ServerState state_now() const;
  void tell_state();
  api::Status status_now() const;

  CityConfig config_;
  boost::asio::any_io_executor strand_;
  const storage::KeyRing& keys_;
  std::uint32_t schema_;
  Instant started_at_;
  bool started_ = false;
  std::atomic<ServerState> state_ = ServerState::kStarting;
  ops::Log& log_;
  std::unique_ptr<IdAllocator> ids_;
  Clients clients_;
  Changes changes_;
  Office office_;
  CallerIndex callers_;
  Repeats repeats_;
  GreetingDesk greeting_;
  SignInDesk sign_in_;
  DirectoryDesk directory_;
  ImportDesk imports_;
  CallDesk calls_;
  DutyDesk duty_;
  GatewayDesk gateways_;
  DeskLiveness liveness_;
  WatchDesk watch_;
  ContactDesk contacts_;
  CallLogDesk call_log_;
  ReferralDesk referrals_;
  FollowUpDesk follow_ups_;
  ReportDesk reports_;
  JournalPruning journal_pruning_;
  AuditDesk audit_;
  ops::Metrics* metrics_ = nullptr;  ///< null until count_into()
  std::unique_ptr<CallMetrics> call_metrics_;
};

}  // namespace kapok::service
