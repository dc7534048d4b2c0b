#include "routing/routing_core.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "routing/announcements.h"
#include "routing/arrival.h"
#include "routing/callbacks.h"
#include "routing/departure.h"
#include "routing/directory.h"
#include "routing/duty.h"
#include "routing/gaps.h"
#include "routing/holds.h"
#include "routing/matching.h"
#include "routing/misses.h"
#include "routing/offers.h"
#include "routing/presence.h"
#include "routing/restart.h"
#include "routing/rings.h"
#include "routing/state.h"
#include "routing/transfers.h"

namespace kapok::routing {
namespace {

void fire(State& state, const Timer& timer) {
  switch (timer.kind) {
    case TimerKind::kOfferEnds:
      return offer_rang_out(state, OfferId{timer.subject});
    case TimerKind::kTalkGraceEnds:
      return talk_grace_ends(state, CallId{timer.subject});
    case TimerKind::kAfterCallEnds:
      return after_call_ends(state, WorkerId{timer.subject});
    case TimerKind::kPhonePauseEnds:
      return pause_ends(state, WorkerId{timer.subject});
    case TimerKind::kExclusionEnds:
      return exclusion_ends(state, CallId{timer.subject}, WorkerId{timer.other});
    case TimerKind::kRingOpens:
      return ring_opens(state, CallId{timer.subject});
    case TimerKind::kClassAges:
      return class_ages(state, CallId{timer.subject});
    case TimerKind::kAnnounce:
      return announcements_due(state);
    case TimerKind::kHoldEnds:
      return hold_ends(state, CallId{timer.subject});
    case TimerKind::kKeepingEnds:
      return keeping_ends(state, CallId{timer.subject});
  }
}

struct Taker {
  State& state;

  void operator()(const DirectoryChanged& e) const { change_directory(state, e); }
  void operator()(const ShiftStarted& e) const { start_shift(state, e); }
  void operator()(const ShiftEnded& e) const { end_shift(state, e); }
  void operator()(const EndpointUp& e) const { endpoint_up(state, e.endpoint); }
  void operator()(const EndpointDown& e) const { endpoint_down(state, e.endpoint); }
  void operator()(const WorkerReady& e) const { worker_ready(state, e.worker); }
  void operator()(const WorkerAway& e) const { worker_away(state, e.worker); }
  void operator()(const AfterCallEnded& e) const { worker_finished_record(state, e.worker); }
  void operator()(const CallArrived& e) const { take_arrival(state, e); }
  void operator()(const CallerLeft& e) const { caller_left(state, e); }
  void operator()(const CallEnded& e) const { call_ended(state, e); }
  void operator()(const HandedBack& e) const { handed_back(state, e); }
  void operator()(const WorkerLegLost& e) const { worker_leg_lost(state, e); }
  void operator()(const OfferAccepted& e) const { accept_offer(state, e); }
  void operator()(const OfferDeclined& e) const { decline_offer(state, e); }
  void operator()(const OfferFailed& e) const { fail_endpoint(state, e); }
  void operator()(const Ticked&) const {}
  void operator()(const Restarted& e) const { restart(state, e); }
  void operator()(const TransferAsked& e) const { ask_transfer(state, e); }
  void operator()(const TransferCancelled& e) const { cancel_transfer(state, e); }
  void operator()(const CallbackAccepted& e) const { accept_callback(state, e); }
  void operator()(const CallerReached& e) const { caller_reached(state, e); }
};

/// One timer or event is done: whoever became free or began to wait meets here, and nowhere later.
void settle(State& state) {
  if (!state.started) return;
  do {
    open_past_emptied(state);
    recheck_holds(state);
    match(state);
  } while (!state.emptied_nodes.empty() || !state.free_workers.empty() || !state.seeking_calls.empty() ||
           !state.moved_hosts.empty() || state.quiet_languages != 0);
}

/// What boards and stores hear once per apply(), however often it changed inside.
void tell(State& state) {
  if (!state.started) return;
  state.touched_workers.drain([&](WorkerId id) { tell_worker(state, state.worker(id)); });
  state.touched_calls.drain([&](CallId id) {
    auto found = state.calls.find(id);
    if (found == state.calls.end() || found->second.state != CallState::kWaiting) return;
    const CallRecord& call = found->second;
    const auto position = position_of(state, call);
    if (position < call.told_position) note_better_place(state);
    state.order(CallWaitingChanged{id, call.unit, call.effective, call.widest, position});
  });
  tell_waiting(state);
  settle_gaps(state);
}

bool may_come_before_restart(const Event& event) {
  return std::holds_alternative<DirectoryChanged>(event) || std::holds_alternative<Restarted>(event);
}

}  // namespace

RoutingCore::RoutingCore(CityOptions options) : state_(std::make_unique<State>(options)) {
  KAPOK_CHECK(options.city_number >= 1 && options.city_number <= 1023);
}
RoutingCore::~RoutingCore() = default;
RoutingCore::RoutingCore(RoutingCore&&) noexcept = default;
RoutingCore& RoutingCore::operator=(RoutingCore&&) noexcept = default;

std::vector<Command> RoutingCore::apply(Instant now, const Event& event) {
  State& state = *state_;
  KAPOK_CHECK(now >= state.now);
  KAPOK_CHECK(state.started || may_come_before_restart(event));
  state.now = now;
  ++state.work.events;
  while (auto due = state.timers.take_due(now)) {
    ++state.step;
    fire(state, *due);
    settle(state);
  }
  ++state.step;
  std::visit(Taker{state}, event);
  settle(state);
  tell(state);
  return std::exchange(state.commands, {});
}

std::optional<Instant> RoutingCore::next_timer() const { return state_->timers.next(); }

}  // namespace kapok::routing
