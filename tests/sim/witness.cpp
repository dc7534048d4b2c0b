#include "sim/witness.h"

#include <algorithm>
#include <variant>

namespace kapok::sim {

using namespace routing;

namespace {

std::string text(const char* what, std::int64_t id) { return std::string(what) + " (" + std::to_string(id) + ")"; }

}  // namespace

EndpointKind Witness::kind_of(EndpointId endpoint) const {
  const auto found = kinds_.find(endpoint);
  return found == kinds_.end() ? EndpointKind::kPhone : found->second;
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

void Witness::before(const Event& event) {
  if (const auto* change = std::get_if<DirectoryChanged>(&event)) {
    for (const Worker& worker : change->workers)
      for (const Endpoint& endpoint : worker.endpoints) kinds_[endpoint.id] = endpoint.kind;
    for (const Line& line : change->lines)
      if (line.crisis) crisis_lines_.insert(line.id);
  }
  const auto* start = std::get_if<Restarted>(&event);
  if (start == nullptr) return;
  epoch_ = start->epoch;
  workers_.clear();
  live_.clear();
  for (const RestoredWorker& from : start->workers) {
    Seen& seen = workers_[from.worker];
    seen.missed_desk = from.desk_missed;
    seen.phone_rests_until = from.phone_paused_until;
    seen.idle_since = from.idle_since;
    for (const ShiftStarted& shift : from.shifts) {
      shifts_[shift.shift] = from.worker;
      seen.shifts.insert(shift.shift);
    }
  }
}

/// "Ready", "away" and another shift end what a miss began.
void Witness::after(const Event& event) {
  if (const auto* started = std::get_if<ShiftStarted>(&event)) shifts_[started->shift] = started->worker;
  if (const WorkerId id = acting(event); id.is_set()) {
    Seen& seen = workers_[id];
    seen.missed_desk = false;
    if (!std::holds_alternative<WorkerAway>(event)) seen.phone_rests_until = {};
    if (const auto* started = std::get_if<ShiftStarted>(&event)) seen.shifts.insert(started->shift);
    if (const auto* ended = std::get_if<ShiftEnded>(&event)) seen.shifts.erase(ended->shift);
  }
  for (const auto& [id, offer] : over_) workers_[offer.made.worker].idle_stays.reset();
  over_.clear();
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

/// Decision 9.
Witness::Broken Witness::see(const RecordArrival& said, const Event& event) {
  const auto* arrival = std::get_if<CallArrived>(&event);
  if (arrival == nullptr) return std::nullopt;
  const CallerFacts& facts = arrival->facts;
  CallerClass right = CallerClass::kNormal;
  if (facts.unanswered_attempts_30min > 1 || facts.elder || facts.minor || facts.open_high)
    right = CallerClass::kVulnerable;
  if (crisis_lines_.contains(said.line) || facts.open_imminent || facts.operator_flag) right = CallerClass::kCrisis;
  if (said.base != right) return text("D9: a caller of the wrong class", said.call.value);
  return std::nullopt;
}

/// I16: who missed at a desk is left alone until he acts, a missed phone for 60 s.
Witness::Broken Witness::see(const OfferCall& said, const Event& event) {
  live_[said.offer] = {said, said.endpoints};
  if (acting(event) == said.worker) return std::nullopt;
  const Seen& seen = workers_[said.worker];
  for (const EndpointId endpoint : said.endpoints) {
    const bool desk = kind_of(endpoint) == EndpointKind::kDesk;
    if (desk ? seen.missed_desk : said.made_at < seen.phone_rests_until)
      return text("I16: rung too soon after a miss", said.worker.value);
  }
  return std::nullopt;
}

Witness::Broken Witness::see(const WithdrawOffer& said, const Event&) {
  const auto found = live_.find(said.offer);
  if (found == live_.end()) return std::nullopt;
  for (const EndpointId endpoint : said.endpoints) std::erase(found->second.ringing, endpoint);
  return std::nullopt;
}

/// Decision 11: one decline in 30 min costs the worker nothing. (A duty phone's talks move its idle time as well.)
Witness::Broken Witness::see(const RecordOfferEnded& said, const Event&) {
  const auto found = live_.find(said.offer);
  if (found == live_.end()) return text("I10: an offer ended twice", said.offer.value);
  over_.insert(*found);
  live_.erase(found);
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
  return std::nullopt;
}

Witness::Broken Witness::see(const NoteMiss& said, const Event&) {
  const auto offer = over_.find(said.offer);
  if (offer == over_.end()) return text("I16: a miss without its offer", said.offer.value);
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

Witness::Broken Witness::see(const WorkerStateChanged& said, const Event&) {
  Seen& seen = workers_[said.worker];
  const bool moved = seen.idle_stays && *seen.idle_stays != said.idle_since;
  seen.idle_stays.reset();
  seen.idle_since = said.idle_since;
  if (said.state == WorkerState::kOffDuty) seen.declines.clear();
  if (moved) return text("D11: a first decline moved idle_since", said.worker.value);
  return std::nullopt;
}

Witness::Broken Witness::take(const Event& event, const std::vector<Command>& commands) {
  before(event);
  Broken broken;
  if (const auto* accept = std::get_if<OfferAccepted>(&event)) broken = accept_was_due(*accept, commands);
  for (const Command& command : commands) {
    if (broken) break;
    broken = std::visit([&](const auto& said) { return see(said, event); }, command);
  }
  after(event);
  return broken;
}

}  // namespace kapok::sim
