#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "routing/routing_core.h"

/// Rules of the policy said again in other words, from events and commands alone: what somebody would notice who stands
/// beside the line and sees no state. A core that is wrong about its own state cannot deceive it.
namespace kapok::sim {

class Witness {
 public:
  using Broken = std::optional<std::string>;

  /// One event with its answer, from the directory and Restarted on. Timers due come before the event in the answer.
  Broken take(const routing::Event& event, const std::vector<routing::Command>& commands);

 private:
  struct Seen {
    bool missed_desk = false;  ///< and has not acted since
    Instant phone_rests_until;
    Instant idle_since;                 ///< as told last
    std::optional<Instant> idle_stays;  ///< within one answer: the first decline in 30 min is free
    std::vector<Instant> declines;
    std::set<ShiftId> shifts;
  };
  struct Offer {
    routing::OfferCall made;
    std::vector<EndpointId> ringing;  ///< still
  };

  void before(const routing::Event& event);
  void after(const routing::Event& event);
  Broken accept_was_due(const routing::OfferAccepted& accept, const std::vector<routing::Command>& commands) const;
  Broken see(const routing::RecordArrival& said, const routing::Event& event);
  Broken see(const routing::OfferCall& said, const routing::Event& event);
  Broken see(const routing::WithdrawOffer& said, const routing::Event& event);
  Broken see(const routing::RecordOfferEnded& said, const routing::Event& event);
  Broken see(const routing::ConnectCall& said, const routing::Event& event);
  Broken see(const routing::NoteMiss& said, const routing::Event& event);
  Broken see(const routing::WorkerStateChanged& said, const routing::Event& event);
  template <class C>
  Broken see(const C&, const routing::Event&) {
    return std::nullopt;
  }
  /// The worker whose own deed this event is, if any.
  [[nodiscard]] WorkerId acting(const routing::Event& event) const;
  [[nodiscard]] EndpointKind kind_of(EndpointId endpoint) const;

  std::int64_t epoch_ = 0;
  std::map<EndpointId, EndpointKind> kinds_;
  std::set<LineId> crisis_lines_;
  std::map<ShiftId, WorkerId> shifts_;
  std::map<WorkerId, Seen> workers_;
  std::map<OfferId, Offer> live_;
  std::map<OfferId, Offer> over_;  ///< ended within this answer
};

}  // namespace kapok::sim
