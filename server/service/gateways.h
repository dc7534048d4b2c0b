#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/gateway.h"
#include "core/id.h"
#include "core/instant.h"
#include "service/office.h"
#include "service/saved_event.h"

namespace kapok::service {

class CallDesk;

/// A gateway beats every second. Silent for 5 s it lets new arrivals follow the hunt list, and after 30 s those
/// who wait (decision 16); then its calls are taken for lost, so that nobody is rung for a caller who has gone.
/// Network deadlines: real time, also on a practice clock.
inline constexpr Duration kGatewayBeat = seconds{1};
inline constexpr Duration kGatewaySilent = seconds{5};
inline constexpr Duration kGatewayLost = seconds{30};
/// So long after attaching, a gateway has said which calls it still holds.
inline constexpr Duration kResyncGrace = seconds{10};
/// A gateway's clock may differ this much; beyond it our own receipt counts.
inline constexpr Duration kGatewayClockMax = minutes{10};

/// One gateway process. Its id is that of the account it signs in with.
struct Gateway {
  GatewayId id;
  ConnectionId connection;
  std::string name;
  std::uint64_t epoch = 0;
  std::set<api::GatewayCapability> capabilities;
  Instant attached_at;
  Instant heard_at;
  bool attached = false;  ///< false = gone, but its calls are still held
  bool silent = false;
  bool confirmed = false;                  ///< has said what it holds since it attached
  bool ever_confirmed = false;             ///< and once since this server started
  std::map<std::string, CallState> known;  ///< what it said so far
};

/// The gateways of the city and what they are ordered to do. Strand only.
class Gateways {
 public:
  explicit Gateways(Office& office) : office_(office) {}

  /// Null when there is none.
  [[nodiscard]] Gateway* find(GatewayId id);
  [[nodiscard]] Gateway* by_connection(ConnectionId connection);
  /// One that rings endpoints, for dialling out; the one attached longest.
  [[nodiscard]] Gateway* any_that_rings();
  [[nodiscard]] std::map<GatewayId, Gateway>& all() { return gateways_; }
  [[nodiscard]] std::size_t attached() const;

  /// Orders again what holds for the calls of a gateway that has come back: endpoints to ring, callers to bridge. What
  /// is not saved yet is left out: its own order follows when it is.
  void order_again(const Gateway& gateway, const CallDesk& desk, Instant now);

  /// Says again what each of its waiting callers was told last.
  void announce_again(const Gateway& gateway, const LiveCalls& calls);

  /// Orders what one saved event decided, in the order of its commands.
  void order(const SavedEvent& saved);
  void push(GatewayId id, api::Push push, std::string coalesce_key = {});

 private:
  static api::Bridge bridge_of(const LiveCall& call);
  void ring(const LiveCall& call, OfferId offer, std::int64_t epoch, const std::vector<EndpointId>& endpoints,
            Duration ring);
  void order(const SavedEvent& saved, const routing::OfferCall& command);
  void order(const SavedEvent& saved, const routing::WithdrawOffer& command);
  void order(const SavedEvent& saved, const routing::ConnectCall& command);
  void order(const SavedEvent& saved, const routing::ReturnCallToWaiting& command);
  void order(const SavedEvent& saved, const routing::EndCall& command);
  void order(const SavedEvent& saved, const routing::AnnounceWait& command);
  void order(const SavedEvent& saved, const routing::KeepCallback& command);
  template <class C>
  void order(const SavedEvent&, const C&) {}
  void tell(const LiveCall& call, api::Progress said);
  [[nodiscard]] bool is_phone(EndpointId endpoint) const;

  Office& office_;
  std::map<GatewayId, Gateway> gateways_;
  std::map<CallId, api::Progress> announced_;  ///< what each waiting caller was told last
};

}  // namespace kapok::service
