#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

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

  GatewayDesk(Office& office, CallDesk& calls, DutyDesk& duty, CallerIndex& callers, const storage::KeyRing& keys,
              ops::Log& log);
  ~GatewayDesk();

  void on_dialled(Dialled dialled) { dialled_ = std::move(dialled); }

  /// After the roster is in memory: begins to watch beats. Calls whose gateway does not come back within
  /// kGatewayLost of the start end as lost_on_restart with a callback.
  void start();
  void disconnected(ConnectionId connection);
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

  /// Has a gateway ring the worker (his phone, else his desk), then `target_number`, without showing it. The
  /// number of the dial, or kUnknownEndpoint, or kGatewayUnavailable. Call after the claim is saved.
  Result<std::uint64_t> dial(FollowUpId callback, WorkerId worker, std::string target_number);

  [[nodiscard]] std::size_t attached() const { return gateways_.attached(); }

 private:
  struct PendingDial {
    GatewayId gateway;
    FollowUpId callback;
  };

  Gateway* heard(const Asked& asked);
  void arrive(const Asked& asked, Gateway& gateway, const api::Arrived& arrived, const DirectoryLine& line);
  void repeat_orders(const Gateway& gateway);
  void lose_calls(GatewayId gateway, routing::LeftCause cause, const std::set<std::string>* except);
  void watch_beats();
  void send_hunt_lists();
  void lines_moved();

  Office& office_;
  CallDesk& calls_;
  DutyDesk& duty_;
  CallerIndex& callers_;
  const storage::KeyRing& keys_;
  ops::Log& log_;
  Gateways gateways_;
  HuntLists hunt_lists_;
  Dialled dialled_;
  std::map<std::uint64_t, PendingDial> dials_;
  boost::asio::steady_timer beats_;
  Instant started_at_;
  bool lists_stale_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
