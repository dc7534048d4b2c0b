#include "sim/witness.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "routing/policy.h"

namespace kapok::sim {

using namespace routing;

namespace {

constexpr Duration kDeviceGrace = seconds{15};  // decision 16

std::string text(const char* what, std::int64_t id) { return std::string(what) + " (" + std::to_string(id) + ")"; }

}  // namespace

EndpointKind Witness::kind_of(EndpointId endpoint) const {
  const auto found = kinds_.find(endpoint);
  return found == kinds_.end() ? EndpointKind::kPhone : found->second.kind;
}

WorkerId Witness::acting(const Event& event) const {
  if (const auto* said = std::get_if<WorkerReady>(&event)) return said->worker;
  if (const auto* said = std::get_if<WorkerAway>(&event)) return said->worker;
  if (const auto* said = std::get_if<ShiftStarted>(&event)) return said->worker;
  const auto* ended = std::get_if<ShiftEnded>(&event);
  if (ended == nullptr) return {};
  const auto found = shifts_.find(ended->shift);
  return found == shifts_.end() ? WorkerId{} : found->second;
}

void Witness::know(const DirectoryChanged& change) {
  const bool whole = kinds_.empty();
  for (const Worker& worker : change.workers) {
    if (!whole) std::erase_if(kinds_, [&](const auto& known) { return known.second.worker == worker.id; });
    if ((worker.skills & kSupervisorSkill) != 0) supervisors_.insert(worker.id);
    for (const Endpoint& endpoint : worker.endpoints) kinds_[endpoint.id] = {endpoint.kind, worker.id};
  }
  for (const Line& line : change.lines)
    if (line.crisis) crisis_lines_.insert(line.id);
}

void Witness::begin(Instant now, const Restarted& start) {
  epoch_ = start.epoch;
  workers_.clear();
  live_.clear();
  places_.clear();
  talks_.clear();
  kept_.clear();
  resting_.clear();
  silent_ = 0;
  for (const RestoredWorker& from : start.workers) {
    Seen& seen = workers_[from.worker];
    seen.missed_desk = from.desk_missed;
    seen.away = from.phone_away;
    seen.phone_rests_until = from.phone_paused_until;
    seen.idle_since = seen.restored_idle = from.idle_since;
    for (const ShiftStarted& shift : from.shifts) {
      shifts_[shift.shift] = from.worker;
      seen.shifts.insert(shift.shift);
    }
  }
  for (const RestoredCall& from : start.calls) {
    if (from.kept_at.is_set()) kept_.insert(from.arrival.call);
    if (!from.talking_with.is_set() || kind_of(from.talking_on) != EndpointKind::kDesk) continue;
    talks_[from.arrival.call] = {from.talking_with, from.talking_on, now + kDeviceGrace};
    ++silent_;
  }
}

void Witness::before(Instant now, const Event& event) {
  if (const auto* change = std::get_if<DirectoryChanged>(&event)) know(*change);
  if (const auto* start = std::get_if<Restarted>(&event)) begin(now, *start);
  if (const auto* started = std::get_if<ShiftStarted>(&event))
    if (Seen& seen = workers_[started->worker]; seen.state == WorkerState::kOffDuty) seen.away = false;
  const auto* failed = std::get_if<OfferFailed>(&event);
  if (failed == nullptr || failed->epoch != epoch_) return;
  if (const auto live = live_.find(failed->offer); live != live_.end())
    std::erase(live->second.ringing, failed->endpoint);
}

/// "Ready", "away" and another shift end what a miss began.
void Witness::acted(WorkerId id, const Event& event) {
  Seen& seen = workers_[id];
  seen.missed_desk = false;
  seen.away = std::holds_alternative<WorkerAway>(event) || (seen.away && !std::holds_alternative<WorkerReady>(event));
  if (!std::holds_alternative<WorkerAway>(event)) seen.phone_rests_until = {};
  if (const auto* started = std::get_if<ShiftStarted>(&event)) seen.shifts.insert(started->shift);
  if (const auto* ended = std::get_if<ShiftEnded>(&event)) seen.shifts.erase(ended->shift);
}

/// Timers due fire before an event is looked at, so what was to end by now has ended.
Witness::Broken Witness::nothing_is_overdue(Instant now) const {
  if (!resting_.empty() && resting_.begin()->first <= now)
    return text("W1: after-call or a pause without end", resting_.begin()->second.value);
  if (silent_ == 0) return std::nullopt;
  for (const auto& [call, talk] : talks_)
    if (talk.silent_until.is_set() && talk.silent_until <= now)
      return text("W2: a caller hears silence for longer than a lost device may", call.value);
  return std::nullopt;
}

Witness::Broken Witness::device_came_or_went(Instant now, const Event& event) {
  if (const auto* up = std::get_if<EndpointUp>(&event))
    for (auto& [call, talk] : talks_)
      if (talk.endpoint == up->endpoint && std::exchange(talk.silent_until, {}).is_set()) --silent_;
  if (const auto* down = std::get_if<EndpointDown>(&event)) {
    for (const auto& [id, offer] : live_)
      if (std::ranges::count(offer.ringing, down->endpoint) > 0)
        return text("W5: an offer rings on at a lost device", id.value);
    for (auto& [call, talk] : talks_) {
      if (!kinds_.contains(down->endpoint)) break;  // no longer in the directory, so nobody is told of it
      if (talk.endpoint != down->endpoint || talk.silent_until.is_set()) continue;
      talk.silent_until = now + kDeviceGrace;
      ++silent_;
    }
  }
  return std::nullopt;
}

Witness::Broken Witness::after(Instant now, const Event& event) {
  if (const auto* started = std::get_if<ShiftStarted>(&event)) shifts_[started->shift] = started->worker;
  const WorkerId actor = acting(event);
  if (actor.is_set()) acted(actor, event);
  Broken broken;
  for (const auto& [id, offer] : over_) {
    workers_[offer.made.worker].idle_stays.reset();
    if (!offer.ringing.empty()) broken = text("W3: an endpoint rings on after its offer", id.value);
  }
  over_.clear();
  relieved_ = {};
  if (std::holds_alternative<WorkerAway>(event))
    for (const auto& [id, offer] : live_)
      if (offer.made.worker == actor) return text("W4: an offer rings on at one who said away", id.value);
  if (!broken) broken = device_came_or_went(now, event);
  return broken ? broken : nothing_is_overdue(now);
}

/// I9: who accepts an offer that is over, another's, or on an endpoint that does not ring, hears so.
Witness::Broken Witness::accept_was_due(const OfferAccepted& accept, const std::vector<Command>& commands) const {
  const auto live = live_.find(accept.offer);
  const bool due = live != live_.end() && accept.epoch == epoch_ && live->second.made.worker == accept.worker &&
                   std::ranges::count(live->second.ringing, accept.endpoint) > 0;
  bool refused = false;
  for (const Command& command : commands) {
    const auto* talk = std::get_if<ConnectCall>(&command);
    if (talk != nullptr && !due) return text("I9: a stray accept made a talk", accept.offer.value);
    refused = refused || std::holds_alternative<RefuseAccept>(command);
  }
  if (!due && !refused) return text("I9: a stray accept was not answered", accept.offer.value);
  return std::nullopt;
}

/// Decisions 9 and 10.
Witness::Broken Witness::see(const RecordArrival& said, const Event& event) {
  const auto* arrival = std::get_if<CallArrived>(&event);
  if (arrival == nullptr) return std::nullopt;
  const CallerFacts& facts = arrival->facts;
  CallerClass right = CallerClass::kNormal;
  const bool raised = facts.unanswered_attempts_30min > 1 || facts.elder || facts.minor;
  if (facts.open_high || (raised && !facts.over_bucket)) right = CallerClass::kVulnerable;
  if (crisis_lines_.contains(said.line) || facts.open_imminent || facts.operator_flag) right = CallerClass::kCrisis;
  if (said.base != right) return text("D9: a caller of the wrong class", said.call.value);
  return std::nullopt;
}

/// I16: who missed at a desk is left alone until he acts, a missed phone for 60 s.
Witness::Broken Witness::see(const OfferCall& said, const Event& event) {
  live_[said.offer] = {said, said.endpoints, false, OfferEnd::kAccepted};
  if (acting(event) == said.worker) return std::nullopt;
  const Seen& seen = workers_[said.worker];
  if (seen.away) return text("W4: one who said away is asked", said.worker.value);
  for (const EndpointId endpoint : said.endpoints) {
    const bool desk = kind_of(endpoint) == EndpointKind::kDesk;
    if (desk ? seen.missed_desk : said.made_at < seen.phone_rests_until)
      return text("I16: rung too soon after a miss", said.worker.value);
  }
  return std::nullopt;
}

Witness::Broken Witness::see(const WithdrawOffer& said, const Event&) {
  for (auto* offers : {&live_, &over_})
    if (const auto found = offers->find(said.offer); found != offers->end())
      for (const EndpointId endpoint : said.endpoints) std::erase(found->second.ringing, endpoint);
  return std::nullopt;
}

/// Decision 11: one decline in 30 min costs the worker nothing. (A duty phone's talks move its idle time as well.)
Witness::Broken Witness::see(const RecordOfferEnded& said, const Event&) {
  const auto found = live_.find(said.offer);
  if (found == live_.end()) return text("I10: an offer ended twice", said.offer.value);
  found->second.how = said.how;
  over_.insert(live_.extract(found));
  if (said.how != OfferEnd::kDeclined) return std::nullopt;
  Seen& seen = workers_[said.worker];
  std::erase_if(seen.declines, [&](Instant at) { return at + minutes{30} <= said.at; });
  seen.declines.push_back(said.at);
  const auto& rang = over_.at(said.offer).made.endpoints;
  const bool duty = std::ranges::any_of(rang, [&](EndpointId e) { return kind_of(e) == EndpointKind::kDutyPhone; });
  if (seen.declines.size() == 1 && !duty) seen.idle_stays = seen.idle_since;
  return std::nullopt;
}

Witness::Broken Witness::see(const ConnectCall& said, const Event& event) {
  const auto* accept = std::get_if<OfferAccepted>(&event);
  if (accept == nullptr || accept->offer != said.offer || accept->endpoint != said.endpoint)
    return text("I10: a talk that nobody accepted", said.offer.value);
  if (const auto offer = over_.find(said.offer); offer != over_.end()) std::erase(offer->second.ringing, said.endpoint);
  if (const auto talk = talks_.find(said.call); said.relieves.is_set() && talk != talks_.end()) {
    if (talk->second.worker != said.relieves) return text("T1: somebody is relieved who did not talk", said.call.value);
    if (!talk->second.duty) relieved_ = said.relieves;
  }
  talk_over(said.call);
  talks_[said.call] = {said.worker, said.endpoint, {}, kind_of(said.endpoint) == EndpointKind::kDutyPhone};
  return std::nullopt;
}

Witness::Broken Witness::see(const NoteMiss& said, const Event&) {
  const auto offer = over_.find(said.offer);
  if (offer == over_.end()) return text("I16: a miss without its offer", said.offer.value);
  if (std::exchange(offer->second.missed, true)) return text("I16: two marks for one miss", said.offer.value);
  if (offer->second.how != OfferEnd::kMissed) return text("I16: blamed for what he did not miss", said.offer.value);
  Seen& seen = workers_[said.worker];
  seen.idle_stays.reset();
  if (seen.shifts.empty()) return std::nullopt;  // off duty by now: nothing to keep him from
  for (const EndpointId endpoint : offer->second.made.endpoints) {
    if (kind_of(endpoint) == EndpointKind::kDesk)
      seen.missed_desk = true;
    else
      seen.phone_rests_until = said.at + seconds{60};
  }
  return std::nullopt;
}

Witness::Broken Witness::see(const WorkerStateChanged& said, const Event& event) {
  Seen& seen = workers_[said.worker];
  const bool moved = seen.idle_stays && *seen.idle_stays != said.idle_since;
  seen.idle_stays.reset();
  seen.idle_since = said.idle_since;
  seen.state = said.state;
  if (said.state == WorkerState::kOffDuty) seen.declines.clear();
  rest(said.worker, said.until);
  if (relieved_ == said.worker && said.state != WorkerState::kAfterCall)
    return text("T4: relieved without time to write", said.worker.value);
  if (moved) return text("D11: a first decline moved idle_since", said.worker.value);
  const Instant restored = std::exchange(seen.restored_idle, Instant{});
  if (std::holds_alternative<Restarted>(event) && restored.is_set() && restored != said.idle_since)
    return text("W6: a restart moved idle_since", said.worker.value);
  return std::nullopt;
}

void Witness::rest(WorkerId id, Instant until) {
  Seen& seen = workers_[id];
  if (seen.rests_until.is_set()) resting_.erase({seen.rests_until, id});
  seen.rests_until = until;
  if (until.is_set()) resting_.insert({until, id});
}

void Witness::talk_over(CallId call) {
  const auto talk = talks_.find(call);
  if (talk == talks_.end()) return;
  silent_ -= talk->second.silent_until.is_set() ? 1U : 0U;
  talks_.erase(talk);
}

/// I6; and rings open and never close (decision 8).
Witness::Broken Witness::see(const CallWaitingChanged& said, const Event&) {
  const auto [place, is_new] = places_.try_emplace(said.call, Place{said.effective, said.widest_ring, 0});
  if (is_new) return std::nullopt;
  const Place before = place->second;
  place->second.effective = said.effective;
  place->second.widest = said.widest_ring;
  if (said.effective > before.effective) return text("I6: a class fell", said.call.value);
  if (said.widest_ring < before.widest) return text("D8: a ring closed", said.call.value);
  return std::nullopt;
}

/// Positions are announced only downwards, and class 0 hears no estimate (decision 13; routing.md §1.2).
Witness::Broken Witness::see(const AnnounceWait& said, const Event&) {
  const auto place = places_.find(said.call);
  if (place == places_.end()) return std::nullopt;
  if (said.estimate.count() != 0 && place->second.effective == CallerClass::kCrisis)
    return text("A1: a crisis caller hears an estimate", said.call.value);
  if (said.position == 0) return std::nullopt;
  const std::int32_t before = std::exchange(place->second.told_position, said.position);
  if (before != 0 && said.position >= before)
    return text("A2: a place was announced that is no better", said.call.value);
  return std::nullopt;
}

Witness::Broken Witness::see(const RecordTransfer& said, const Event& event) {
  const auto* asked = std::get_if<TransferAsked>(&event);
  if (asked == nullptr || asked->call != said.call || asked->worker != said.worker || asked->kind != said.kind)
    return text("T2: a transfer nobody asked for", said.call.value);
  if (asked->to_supervisor && !supervisors_.contains(said.to_worker))
    return text("T3: passed to a supervisor who is none", said.to_worker.value);
  return std::nullopt;
}

Witness::Broken Witness::see(const ReturnCallToWaiting& said, const Event&) {
  if (const auto place = places_.find(said.call); place != places_.end()) place->second.told_position = 0;
  talk_over(said.call);
  return std::nullopt;
}

Witness::Broken Witness::see(const EndCall& said, const Event&) {
  places_.erase(said.call);
  kept_.erase(said.call);
  talk_over(said.call);
  return std::nullopt;
}

Witness::Broken Witness::see(const KeepCallback& said, const Event&) {
  kept_.insert(said.call);
  return std::nullopt;
}

Witness::Broken Witness::see(const RecordCallerReached& said, const Event&) {
  kept_.erase(said.call);
  return std::nullopt;
}

/// A shrunk recording may lack the line or worker of a talk that a start had.
Witness::Broken Witness::see(const RefuseEvent& said, const Event& event) {
  if (!std::holds_alternative<Restarted>(event)) return std::nullopt;
  talk_over(said.call);
  return std::nullopt;
}

Witness::Broken Witness::take(Instant now, const Event& event, const std::vector<Command>& commands) {
  before(now, event);
  Broken broken;
  if (const auto* accept = std::get_if<OfferAccepted>(&event)) broken = accept_was_due(*accept, commands);
  for (const Command& command : commands) {
    if (broken) break;
    broken = std::visit([&](const auto& said) { return see(said, event); }, command);
  }
  const auto* arrived = std::get_if<CallArrived>(&event);
  if (!broken && arrived != nullptr && kept_.contains(arrived->takes_over) && !is_text(arrived->channel))
    broken = text("K1: a caller stands in the queue beside his own kept callback", arrived->takes_over.value);
  const Broken overdue = after(now, event);
  return broken ? broken : overdue;
}

}  // namespace kapok::sim
