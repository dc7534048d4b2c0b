#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "routing/routing_core.h"

/// Rules of the policy said again in other words, from events and commands alone: what somebody would notice who stands
/// beside the line and sees no state. A core that is wrong about its own state cannot deceive it.
namespace kapok::sim {

class Witness {
 public:
  using Broken = std::optional<std::string>;

  /// One event with its answer, from the directory and Restarted on. Timers due come before the event in the answer.
  Broken take(Instant now, const routing::Event& event, const std::vector<routing::Command>& commands);

 private:
  struct Seen {
    WorkerState state = WorkerState::kOffDuty;  ///< as told last
    bool missed_desk = false;                   ///< and has not acted since
    bool away = false;                          ///< said so
    Instant restored_idle;                      ///< within the answer to a Restarted
    Instant rests_until;                        ///< in resting_
    Instant phone_rests_until;
    Instant idle_since;                 ///< as told last
    std::optional<Instant> idle_stays;  ///< within one answer: the first decline in 30 min is free
    std::vector<Instant> declines;
    std::set<ShiftId> shifts;
  };
  struct Offer {
    routing::OfferCall made;
    std::vector<EndpointId> ringing;  ///< still
    bool missed = false;              ///< and noted so
    routing::OfferEnd how = routing::OfferEnd::kAccepted;
  };
  struct Place {
    CallerClass effective = CallerClass::kNormal;
    routing::Ring widest = routing::Ring::kStation;
    std::int32_t told_position = 0;  ///< in this wait
  };
  struct Talk {
    WorkerId worker;
    EndpointId endpoint;
    Instant silent_until;  ///< set = its device is gone
    bool duty = false;     ///< on a duty phone
  };

  void before(Instant now, const routing::Event& event);
  void begin(Instant now, const routing::Restarted& start);
  void know(const routing::DirectoryChanged& change);
  Broken after(Instant now, const routing::Event& event);
  /// A worker acted, so what a miss or "away" began is over.
  void acted(WorkerId id, const routing::Event& event);
  [[nodiscard]] Broken nothing_is_overdue(Instant now) const;
  void rest(WorkerId id, Instant until);
  void talk_over(CallId call);
  Broken device_came_or_went(Instant now, const routing::Event& event);
  Broken accept_was_due(const routing::OfferAccepted& accept, const std::vector<routing::Command>& commands) const;
  Broken see(const routing::RecordArrival& said, const routing::Event& event);
  Broken see(const routing::OfferCall& said, const routing::Event& event);
  Broken see(const routing::WithdrawOffer& said, const routing::Event& event);
  Broken see(const routing::RecordOfferEnded& said, const routing::Event& event);
  Broken see(const routing::ConnectCall& said, const routing::Event& event);
  Broken see(const routing::NoteMiss& said, const routing::Event& event);
  Broken see(const routing::WorkerStateChanged& said, const routing::Event& event);
  Broken see(const routing::CallWaitingChanged& said, const routing::Event& event);
  Broken see(const routing::ReturnCallToWaiting& said, const routing::Event& event);
  Broken see(const routing::KeepCallback& said, const routing::Event& event);
  Broken see(const routing::RecordCallerReached& said, const routing::Event& event);
  Broken see(const routing::EndCall& said, const routing::Event& event);
  Broken see(const routing::RefuseEvent& said, const routing::Event& event);
  Broken see(const routing::AnnounceWait& said, const routing::Event& event);
  Broken see(const routing::RecordTransfer& said, const routing::Event& event);
  template <class C>
  Broken see(const C&, const routing::Event&) {
    return std::nullopt;
  }
  /// The worker whose own deed this event is, if any.
  [[nodiscard]] WorkerId acting(const routing::Event& event) const;
  [[nodiscard]] EndpointKind kind_of(EndpointId endpoint) const;

  std::int64_t epoch_ = 0;
  struct Device {
    EndpointKind kind = EndpointKind::kDesk;
    WorkerId worker;
  };
  std::unordered_map<EndpointId, Device> kinds_;
  std::set<LineId> crisis_lines_;
  std::set<WorkerId> supervisors_;
  WorkerId relieved_;  ///< within this answer
  std::unordered_map<ShiftId, WorkerId> shifts_;
  std::unordered_map<WorkerId, Seen> workers_;
  std::unordered_map<OfferId, Offer> live_;
  std::unordered_map<OfferId, Offer> over_;  ///< ended within this answer
  std::unordered_map<CallId, Place> places_;
  std::unordered_map<CallId, Talk> talks_;
  std::unordered_set<CallId> kept_;                 ///< to be rung back, and not reached yet
  std::set<std::pair<Instant, WorkerId>> resting_;  ///< in after-call or paused, until then
  std::size_t silent_ = 0;                          ///< talks without their device
};

}  // namespace kapok::sim
