#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/id.h"
#include "storage/call_leg_table.h"
#include "storage/call_table.h"

namespace kapok::service {

/// The leg that rings beside a talk: a warm transfer under way.
struct SecondLeg {
  OfferId offer;  ///< not set = none
  std::int64_t epoch = 0;
  std::vector<EndpointId> endpoints;
  storage::CallLegRow leg;
};

/// An offer of a call, wherever it stands.
struct OfferOf {
  WorkerId worker;  ///< not set = the call has no such offer
  std::int64_t epoch = 0;
};

/// A call that has not ended, as it will stand in the store once everything under way is saved. `row.version`
/// is the version the next write builds on.
struct LiveCall {
  storage::CallRow row;
  std::string caller_key;             ///< blind index of the number; empty when it cannot be matched
  std::string display_number;         ///< of its contact, once there is one
  std::uint64_t contact_version = 0;  ///< of the draft when it was last answered
  bool high_risk = false;             ///< the draft says so: longer after-call time
  OfferId offer;                      ///< the live offer and its leg, or none
  std::int64_t offer_epoch = 0;
  std::vector<EndpointId> offer_endpoints;
  Instant taken_at;         ///< when we took it up; of a restored call when it joined
  storage::CallLegRow leg;  ///< of the live offer or talk
  SecondLeg second;
  bool place_shared = false;  ///< another call of the number stands in the same place
  WorkerId passed_by;         ///< who passed the caller on last (转接), unless he was given back since
  EndpointId relieved;        ///< where the one talked who was relieved just now
  [[nodiscard]] OfferOf offered(OfferId id) const {
    if (id.is_set() && id == offer) return {row.worker, offer_epoch};
    if (id.is_set() && id == second.offer) return {second.leg.worker, second.epoch};
    return {};
  }
};

/// The open calls of the city by every name they have. Strand only; decides nothing.
class LiveCalls {
 public:
  LiveCall& add(LiveCall call);
  void remove(CallId call);
  void clear();

  /// Null when it is not open.
  [[nodiscard]] LiveCall* find(CallId call);
  [[nodiscard]] const LiveCall* find(CallId call) const;
  [[nodiscard]] const LiveCall* by_gateway_ref(GatewayId gateway, const std::string& gw_ref) const;
  [[nodiscard]] const LiveCall* of_worker(WorkerId worker) const;
  [[nodiscard]] const LiveCall* by_contact(ContactId contact) const;
  [[nodiscard]] const std::map<CallId, LiveCall>& all() const { return calls_; }

 private:
  std::map<CallId, LiveCall> calls_;
  std::map<std::pair<GatewayId, std::string>, CallId> by_ref_;
};

}  // namespace kapok::service
