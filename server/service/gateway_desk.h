#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "api/gateway.h"
#include "ops/log.h"
#include "service/call_desk.h"
#include "service/duty_desk.h"
#include "service/gateways.h"
#include "service/hunt_lists.h"
#include "service/office.h"
#include "storage/key_ring.h"

namespace kapok::service {

/// How calls come in and phones are rung (telephony.md §8). Reports are idempotent by the gateway's own ids;
/// the core wins for the order of waiting, the gateway for what exists. Strand only.
class GatewayDesk {
 public:
  /// Answers a DialResult of a known dial; FollowUpDesk::dialled.
  using Dialled = std::function<void(const Asked&, const api::DialResult&)>;

  GatewayDesk(Office& office, CallDesk& calls, DutyDesk& duty, const storage::KeyRing& keys, ops::Log& log);
  ~GatewayDesk();

  void on_dialled(Dialled dialled) { dialled_ = std::move(dialled); }

  /// After DutyDesk::start: begins to watch beats. Calls whose gateway does not come back within kGatewayLost of
  /// the start end as lost_on_restart with a callback.
  void start();
  void disconnected(ConnectionId connection);
  /// Told after a Resync: every hunt list and every caller's place is said again.
  void fell_behind(ConnectionId connection);
  void directory_changed();

  void handle(const Asked& asked, const api::AttachGateway& attach);
  void handle(const Asked& asked, const api::Arrived& arrived);
  void handle(const Asked& asked, const api::OfferRinging& ringing);
  void handle(const Asked& asked, const api::OfferFailed& failed);
  void handle(const Asked& asked, const api::OfferAnswered& answered);
  void handle(const Asked& asked, const api::Left& left);
  void handle(const Asked& asked, const api::KnownBegin& begin);
  void handle(const Asked& asked, const api::Known& known);
  void handle(const Asked& asked, const api::KnownEnd& end);
  void handle(const Asked& asked, const api::Beat& beat);
  void handle(const Asked& asked, const api::Backfill& backfill);
  void handle(const Asked& asked, const api::DialResult& result);
  void handle(const Asked& asked, const api::CallbackChosen& chosen);
  void handle(const Asked& asked, const api::CallerDialled& dialled);
  void handle(const Asked& asked, const api::LegLost& lost);

  /// Has a gateway ring the worker (his phone, else his desk), then `target_number`, without showing it. The
  /// number of the dial, or kUnknownEndpoint, or kGatewayUnavailable. Call after the claim is saved.
  Result<std::uint64_t> dial(FollowUpId callback, WorkerId worker, std::string target_number);

  /// Looks for silent gateways and sends hunt lists that changed; its own timer calls it once a second.
  void look_at_clock();

  [[nodiscard]] std::size_t attached() const { return gateways_.attached(); }

 private:
  struct Taken {
    CallId call;
    api::Saved saved = api::Saved::kNothingToSave;
  };
  using Told = std::function<void(const Result<Taken>&)>;
  struct Arriving {
    std::vector<Told> told;
    std::function<void()> left;  ///< the caller left while his arrival was under way
  };
  using Ref = std::pair<GatewayId, std::string>;

  Gateway* heard(const Asked& asked);
  void arrive(const Gateway& gateway, const api::Arrived& arrived, Told told);
  void look_up(const Ref& ref, const api::Arrived& arrived);
  void begin_call(const Ref& ref, const api::Arrived& arrived);
  void arrived(const Ref& ref, const Result<Taken>& outcome);
  void leave(const LiveCall& call, const api::Left& left, const Asked& asked);
  void lose_calls(const Gateway& gateway);
  /// The live call that this gateway holds by that reference; null when there is none, and the asker has his answer.
  const LiveCall* held(const Asked& asked, const std::string& gw_ref);
  void lose_call(const LiveCall& call, routing::LeftCause cause);
  /// Lost on our restart until the gateway has once said what it holds, or never came back; its own loss after that.
  [[nodiscard]] routing::LeftCause loss(const Gateway& gateway, const LiveCall& call) const;
  void watch(Gateway& gateway, Instant now);
  void remember_ended(const SavedEvent& saved);
  void save_backfill(const Asked& asked, storage::CallRow told);
  [[nodiscard]] storage::CallRow call_of(const Gateway& gateway, const api::Backfill& backfill) const;
  /// A reference and a caller that fit their limits; otherwise the report has been refused.
  static bool sound(const Asked& asked, const std::string& gw_ref, const std::string& caller);
  void note_unknown_line(const Asked& asked);
  void send_hunt_lists();
  void send_every_hunt_list(ConnectionId connection) const;
  [[nodiscard]] const LiveCall* offered(const Asked& asked, OfferId offer);
  [[nodiscard]] Duration real(Duration product) const { return product / office_.clock.factor(); }
  [[nodiscard]] const DirectoryLine* dialled_line(const std::string& dialled) const;

  Office& office_;
  CallDesk& calls_;
  DutyDesk& duty_;
  const storage::KeyRing& keys_;
  ops::Log& log_;
  Gateways gateways_;
  HuntLists hunt_lists_;
  Dialled dialled_;
  std::map<Ref, Arriving> arriving_;
  std::map<Ref, Instant> ended_refs_;  ///< of the last kEndedRefsKept, and when they ended
  Instant refs_cleared_at_;
  std::uint64_t last_dial_ = 0;
  boost::asio::steady_timer beats_;
  Instant started_at_;
  bool lists_stale_ = true;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
