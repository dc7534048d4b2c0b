#include "sim/modelled_store.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "routing/policy.h"

namespace kapok::sim {

using namespace routing;

ModelledStore::CallRow* ModelledStore::row(CallId call) {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : &found->second;
}

ModelledStore::Broken ModelledStore::put(const RecordArrival& command, const Event& cause) {
  const auto* arrival = std::get_if<CallArrived>(&cause);
  if (arrival == nullptr || arrival->call != command.call) return text("an arrival nobody made", command.call.value);
  CallRow fresh;
  fresh.arrival = *arrival;
  fresh.arrival.arrived_at = command.arrived_at;
  fresh.arrival.arrival_seq = command.arrival_seq;
  fresh.base = command.base;
  fresh.joined_at = command.joined_at;
  if (!calls_.emplace(command.call, std::move(fresh)).second) return text("arrived twice", command.call.value);
  ++arrived_;
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::asked_again(const CallRow& call, const OfferCall& offer) {
  for (const LegRow& leg : call.legs) {
    if (leg.worker != offer.worker) continue;
    if (leg.over && leg.end == OfferEnd::kDeclined) return text("asked again who declined", offer.call.value);
    if (leg.again == WaitsAgain::kHandedBack) return text("asked again who gave the caller back", offer.call.value);
    if (leg.again == WaitsAgain::kTransferred) return text("asked again who passed the caller on", offer.call.value);
    if (leg.over && leg.end == OfferEnd::kMissed && offer.made_at < leg.ended_at + kExclusionAfterMiss)
      return text("asked again too soon who missed", offer.call.value, offer.worker.value);
  }
  return std::nullopt;
}

ModelledStore::LegRow* ModelledStore::leg_of(CallRow& call, OfferId offer) {
  const auto found = std::ranges::find(call.legs, offer, &LegRow::offer);
  return found == call.legs.end() ? nullptr : &*found;
}

ModelledStore::Broken ModelledStore::put(const OfferCall& command) {
  CallRow* call = row(command.call);
  if (call == nullptr) return text("an offer of a call that is not open", command.call.value);
  const bool beside = call->state == CallState::kTalking && command.reason == OfferReason::kTransfer;
  if (beside ? call->second.is_set() || call->is_kept() || call->worker == command.worker
             : call->state != CallState::kWaiting)
    return text("an offer of a call that does not wait", command.call.value);
  if (command.reason == OfferReason::kSticky &&
      (command.worker != call->arrival.facts.last_worker || command.attempt != 1))
    return text("somebody was asked as the last worker who is not", command.call.value, command.worker.value);
  const bool soon = command.made_at <= call->passed_at + kTransferReturns + kTalkingDeskGrace;
  if (command.reason == OfferReason::kReturned && (command.worker != call->passed_by || !soon))
    return text("a call was given back that nobody had passed on just now", command.call.value);
  if (command.offer <= last_offer_) return text("an offer id was used before", command.offer.value);
  if (auto broken = asked_again(*call, command)) return broken;
  last_offer_ = command.offer;
  if (beside) {
    call->second = command.offer;
  } else {
    call->state = CallState::kOffered;
    call->worker = command.worker;
  }
  call->legs.push_back({command.offer, command.worker, command.endpoints, {}, {}, OfferEnd::kAccepted, {}, false});
  if (static_cast<std::int32_t>(call->legs.size()) != command.attempt)
    return text("offers were miscounted", command.call.value, command.attempt);
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const RecordOfferEnded& command) {
  CallRow* call = row(command.call);
  if (call == nullptr || call->legs.empty() || call->legs.back().offer != command.offer)
    return text("an offer ended that was not the call's latest", command.offer.value);
  LegRow& leg = call->legs.back();
  const bool beside = call->second == command.offer;
  if (leg.over || (!beside && call->state != CallState::kOffered))
    return text("an offer ended twice", command.offer.value);
  leg.over = true;
  leg.end = command.how;
  if (command.how == OfferEnd::kAccepted) return std::nullopt;
  leg.ended_at = command.at;
  if (beside) {
    call->second = {};
    return std::nullopt;
  }
  call->state = CallState::kWaiting;
  call->worker = {};
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::talk_begins(CallRow& call, LegRow& leg, const ConnectCall& command) {
  if (!leg.over || leg.end != OfferEnd::kAccepted)
    return text("a talk on an offer nobody accepted", command.call.value, command.offer.value);
  if (std::ranges::count(leg.endpoints, command.endpoint) == 0)
    return text("a talk on an endpoint that did not ring", command.call.value, command.endpoint.value);
  if (command.dial_caller != call.is_kept()) return text("a caller on the line is dialled", command.call.value);
  leg.answered_at = command.at;
  call.talk = command.offer;
  call.state = CallState::kTalking;
  call.worker = command.worker;
  call.endpoint = command.endpoint;
  if (!call.answered_at.is_set() && !command.dial_caller) call.answered_at = command.at;
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const ConnectCall& command) {
  CallRow* call = row(command.call);
  LegRow* leg = call == nullptr ? nullptr : leg_of(*call, command.offer);
  if (leg == nullptr || leg->worker != command.worker)
    return text("a talk without its offer", command.call.value, command.worker.value);
  if (!command.relieves.is_set()) {
    if (call->state != CallState::kOffered || call->worker != command.worker)
      return text("a talk without its offer", command.call.value, command.worker.value);
    return talk_begins(*call, *leg, command);
  }
  if (call->state != CallState::kTalking || call->worker != command.relieves || call->second != command.offer)
    return text("somebody was relieved who did not talk", command.call.value, command.relieves.value);
  if (LegRow* first = leg_of(*call, call->talk)) first->ended_at = command.at;
  call->second = {};
  call->taken_from = command.relieves;
  call->taken_at = command.at;
  return talk_begins(*call, *leg, command);
}

ModelledStore::Broken ModelledStore::put(const ReturnCallToWaiting& command) {
  CallRow* call = row(command.call);
  if (call == nullptr || call->state != CallState::kTalking || call->worker != command.worker)
    return text("a talk ended that was none", command.call.value, command.worker.value);
  if (call->second.is_set()) return text("waits again while a second is offered", command.call.value);
  if (LegRow* leg = leg_of(*call, call->talk)) {
    leg->ended_at = command.at;
    leg->again = command.why;
  }
  call->state = CallState::kWaiting;
  call->worker = {};
  call->endpoint = {};
  call->talk = {};
  call->passed_by = std::exchange(call->taken_from, {});
  call->passed_at = std::exchange(call->taken_at, {});
  call->waits_since = command.at;
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const EndCall& command) {
  CallRow* call = row(command.call);
  if (call == nullptr) return text("ended twice or never began", command.call.value);
  if (command.waited.count() < 0) return text("a wait below zero", command.call.value);
  if ((command.outcome == CallOutcome::kAnswered) != call->answered_at.is_set() &&
      command.outcome != CallOutcome::kTest)
    return text("the outcome is not what happened", command.call.value, static_cast<std::int64_t>(command.outcome));
  const bool short_wait = command.waited <= kShortAbandon;
  if (short_wait ? command.outcome == CallOutcome::kAbandoned : command.outcome == CallOutcome::kShortAbandoned)
    return text("a short hang-up is one within five seconds", command.call.value);
  if (call->state == CallState::kOffered || call->second.is_set())
    return text("ended while an offer rang on", command.call.value);
  if (call->is_kept() && command.ended_by == EndedBy::kCaller)
    return text("a kept callback ended with its line", command.call.value);
  calls_.erase(command.call);
  ++ended_;
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const WorkerStateChanged& command) {
  workers_.insert_or_assign(command.worker, command);
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const NoteGap& command) {
  if (!gaps_.emplace(command.unit, RestoredGap{command.unit, command.from, command.kind}).second)
    return text("a gap opened twice", command.unit.value);
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const CloseGap& command) {
  if (gaps_.erase(command.unit) != 1) return text("a gap closed that was not open", command.unit.value);
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::take(const Event& cause, const std::vector<Command>& commands) {
  Broken broken;
  for (const Command& command : commands) {
    std::visit(
        [&](const auto& said) {
          if constexpr (std::is_same_v<std::decay_t<decltype(said)>, RecordArrival>)
            broken = put(said, cause);
          else
            broken = put(said);
        },
        command);
    if (broken) return broken;
  }
  return std::nullopt;
}

std::vector<RestoredExclusion> ModelledStore::exclusions(const CallRow& call, Instant now) const {
  std::vector<RestoredExclusion> out;
  for (const LegRow& leg : call.legs) {
    if ((leg.over && leg.end == OfferEnd::kDeclined) || leg.again == WaitsAgain::kHandedBack ||
        leg.again == WaitsAgain::kTransferred)
      out.push_back({leg.worker, {}});
    const Instant until = leg.ended_at + kExclusionAfterMiss;
    if (leg.over && leg.end == OfferEnd::kMissed && until > now) out.push_back({leg.worker, until});
  }
  return out;
}

RestoredCall ModelledStore::restored(const CallRow& call, Instant now) const {
  RestoredCall out;
  out.arrival = call.arrival;
  out.base = call.base;
  out.joined_at = call.joined_at;
  if (call.state == CallState::kTalking) {
    out.talking_with = call.worker;
    out.talking_on = call.endpoint;
  }
  out.answered_at = call.answered_at;
  for (const LegRow& leg : call.legs) {
    ++out.offers_made;
    if (leg.answered_at.is_set()) ++out.legs;
  }
  out.exclusions = exclusions(call, now);
  out.rings_from = call.rings_from;
  out.kept_at = call.kept_at;
  out.waits_since = call.waits_since;
  out.taken_from = call.taken_from;
  out.taken_at = call.taken_at;
  return out;
}

Restarted ModelledStore::restart(std::int64_t epoch, Instant now, const std::vector<ShiftStarted>& running) {
  Restarted event;
  event.epoch = epoch;
  event.last_offer = last_offer_;
  std::map<WorkerId, RestoredWorker> workers;
  for (const auto& [id, told] : workers_) {
    RestoredWorker& worker = workers[id];
    worker.desk_ready = told.desk_ready;
    worker.desk_missed = told.desk_missed;
    worker.phone_away = told.phone_away;
    worker.idle_since = told.idle_since;
    if (told.reason == AwayReason::kPaused) worker.phone_paused_until = told.until;
    if (told.state == WorkerState::kAfterCall) worker.after_call_until = told.until;
  }
  for (const ShiftStarted& shift : running) workers[shift.worker].shifts.push_back(shift);
  for (auto& [id, call] : calls_) {
    if (call.state == CallState::kTalking) workers[call.worker];
    const bool second = call.second.is_set();
    call.second = {};
    if (call.state == CallState::kOffered || second) {
      if (!second) call.state = CallState::kWaiting;
      if (!second) call.worker = {};
      call.legs.back().over = true;
      call.legs.back().end = OfferEnd::kDeviceLost;
      call.legs.back().ended_at = now;
    }
    event.calls.push_back(restored(call, now));
  }
  for (auto& [id, worker] : workers) {
    worker.worker = id;
    event.workers.push_back(std::move(worker));
  }
  for (const auto& [unit, gap] : gaps_) event.gaps.push_back(gap);
  return event;
}

void ModelledStore::load(const Restarted& start, const RoutingCore& core) {
  last_offer_ = std::max(last_offer_, start.last_offer);
  for (const RestoredCall& from : start.calls) {
    const auto taken = core.call(from.arrival.call);
    if (!taken) continue;
    const bool talks = from.talking_with.is_set() && taken->state == CallState::kTalking;
    CallRow call;
    call.arrival = from.arrival;
    call.base = from.base;
    call.joined_at = from.joined_at;
    call.answered_at = from.answered_at;
    call.state = talks ? CallState::kTalking : CallState::kWaiting;
    if (talks) call.worker = from.talking_with;
    if (talks) call.endpoint = from.talking_on;
    call.kept_at = from.kept_at;
    call.rings_from = from.rings_from;
    call.waits_since = from.waits_since;
    call.taken_from = from.taken_from;
    call.taken_at = from.taken_at;
    call.legs.resize(static_cast<std::size_t>(from.offers_made));
    if (!call.legs.empty()) call.legs.back().over = true;
    calls_.insert_or_assign(from.arrival.call, std::move(call));
  }
  for (const RestoredGap& gap : start.gaps) gaps_.insert_or_assign(gap.unit, gap);
}

ModelledStore::Broken ModelledStore::agrees_with(const RoutingCore& core, UnitId root) const {
  const auto calls = core.calls_of(root);
  if (calls.size() != calls_.size())
    return text("store and core differ in open calls", open(), static_cast<std::int64_t>(calls.size()));
  for (const CallView& view : calls) {
    const auto found = calls_.find(view.call);
    if (found == calls_.end()) return text("the store does not know a call", view.call.value);
    const CallRow& call = found->second;
    if (call.state != view.state || call.worker != view.worker)
      return text("store and core differ in a call's state", view.call.value, call.worker.value);
    if (call.joined_at != view.joined_at || call.base != view.base || call.answered_at != view.answered_at)
      return text("store and core differ in a call's facts", view.call.value);
    if (call.arrival.arrived_at != view.arrived_at || call.arrival.arrival_seq != view.arrival_seq)
      return text("a caller lost his place", view.call.value);
  }
  for (const WorkerView& view : core.workers_of(root)) {
    const auto found = workers_.find(view.worker);
    if (found == workers_.end()) return text("the store does not know a worker's state", view.worker.value);
    const WorkerStateChanged& told = found->second;
    if (told.state != view.state || told.reason != view.reason || told.draining != view.draining ||
        told.idle_since != view.idle_since)
      return text("store and core differ in a worker", view.worker.value, static_cast<std::int64_t>(told.state));
  }
  return std::nullopt;
}

}  // namespace kapok::sim
