#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "api/call.h"
#include "core/id.h"
#include "service/office.h"
#include "service/saved_event.h"

namespace kapok::service {

/// Which connections are desks of which worker, and what they are shown. Several desks per worker; every one
/// is shown the offer, the first accept wins and the others are told answered_elsewhere. Strand only.
class Desks {
 public:
  using View = std::function<api::CallView(const LiveCall&)>;
  Desks(Office& office, View view) : office_(office), view_(std::move(view)) {}

  /// True when this is the worker's first desk: he can be rung at it from now on. A further desk is shown the offer
  /// that rings at the others.
  bool open(ConnectionId connection, WorkerId worker);
  /// The worker whose last desk this was, or none.
  WorkerId close(ConnectionId connection);

  /// Whose desk it is, or none.
  [[nodiscard]] WorkerId worker_of(ConnectionId connection) const;
  [[nodiscard]] bool is_desk_of(ConnectionId connection, WorkerId worker) const;
  [[nodiscard]] const std::map<WorkerId, std::set<ConnectionId>>& all() const { return desks_; }

  void push(WorkerId worker, const api::Push& push, const std::string& coalesce_key = {},
            ConnectionId except = {}) const;

  /// Offers, withdrawals, answers and ends of one saved event, in the order of its commands.
  void show(const SavedEvent& saved);

 private:
  void connect(const SavedEvent& saved, const routing::ConnectCall& connected) const;

  Office& office_;
  View view_;
  std::map<WorkerId, std::set<ConnectionId>> desks_;
  std::map<ConnectionId, WorkerId> worker_of_;
  std::map<WorkerId, api::OfferView> ringing_;  ///< the live offer of each worker who has a desk
};

}  // namespace kapok::service
