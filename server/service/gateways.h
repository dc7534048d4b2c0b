#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "api/gateway.h"
#include "core/id.h"
#include "core/instant.h"
#include "service/office.h"
#include "service/saved_event.h"

namespace kapok::service {

/// A gateway beats every second; silent this long, its calls are taken for lost (decision 16: it lets waiting
/// callers follow the hunt list after 30 s, so holding them longer would ring workers for nobody).
inline constexpr Duration kGatewayBeat = seconds{1};
inline constexpr Duration kGatewaySilent = seconds{5};
inline constexpr Duration kGatewayLost = seconds{30};

/// One attached gateway process. Its id is that of the account it signed in with.
struct Gateway {
  GatewayId id;
  ConnectionId connection;
  std::string name;
  std::uint64_t epoch = 0;
  std::set<api::GatewayCapability> capabilities;
  std::uint32_t offers_max = 0;
  Instant heard_at;
  bool attached = false;  ///< false = gone or silent, but its calls are still held
  bool silent = false;
  bool resyncing = false;       ///< between KnownBegin and KnownEnd
  std::set<std::string> known;  ///< gw_refs named since KnownBegin
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
  Gateway& attach(Gateway gateway);
  [[nodiscard]] std::map<GatewayId, Gateway>& all() { return gateways_; }
  [[nodiscard]] std::size_t attached() const;

  /// Orders what one saved event decided, in the order of its commands.
  void order(const SavedEvent& saved);
  void push(GatewayId id, api::Push push, std::string coalesce_key = {});

 private:
  Office& office_;
  std::map<GatewayId, Gateway> gateways_;
};

}  // namespace kapok::service
