#include "sim/world.h"

namespace kapok::sim {

using namespace routing;

World::Deed World::drawn_deed(Person& who, bool desk) {
  if (draining_) return Deed::kAccept;
  if (!desk && who.chance.chance(plan_.habits.phone_failure_share)) return Deed::kFail;
  const double declines = who.decliner ? 0.33 : plan_.habits.decline_share;
  return who.chance.chance(declines) ? Deed::kDecline : Deed::kAccept;
}

/// One endpoint of the offer is the one that will be used, or none.
void World::meets(const OfferCall& offer) {
  Person& who = person(offer.worker);
  if (has(Feature::kLostMessages) && network_.chance(0.01)) {
    ++figures_.messages_lost;
    return;
  }
  const EndpointId on = offer.endpoints[who.chance.below(offer.endpoints.size())];
  const bool desk = on == who.who.desk;
  if (desk ? who.lost : who.asleep) return;
  const Deed deed = drawn_deed(who, desk);
  const double missed = desk ? plan_.habits.desk_miss_share : plan_.habits.phone_miss_share;
  if (!draining_ && deed != Deed::kFail && who.chance.chance(missed)) return;
  double delay_s = who.chance.log_normal(desk ? plan_.habits.desk_answer_s : plan_.habits.phone_answer_s, 0.5);
  if (deed == Deed::kFail) delay_s = who.chance.between(0.3, 4);
  ringing_.insert_or_assign(offer.offer.value, Ringing{{offer.offer, offer.epoch, offer.worker, on}, deed, false});
  after(delay_s, Next::kAnswer, offer.offer.value);
}

void World::answers(std::int64_t offer) {
  const auto found = ringing_.find(offer);
  if (found == ringing_.end()) return;
  const Ringing ringing = found->second;
  ringing_.erase(found);
  if (ringing.withdrawn) return;
  if (has(Feature::kStrayAccepts) && network_.chance(0.02)) stray_accept(ringing);
  const OfferAccepted& yes = ringing.accept;
  if (ringing.deed == Deed::kDecline) return send(OfferDeclined{yes.offer, yes.epoch, yes.worker});
  if (ringing.deed == Deed::kAccept) return send(yes);
  Person& who = person(yes.worker);
  send(OfferFailed{yes.offer, yes.epoch, yes.endpoint,
                   who.chance.chance(0.5) ? OfferFailure::kBusy : OfferFailure::kUnreachable});
}

/// To be refused, in words (I9).
void World::stray_accept(const Ringing& ringing) {
  if (!server_.is_up() || now_ < stalled_until_) return;
  OfferAccepted stray = ringing.accept;
  const std::size_t how = network_.below(3);
  if (how == 0) --stray.epoch;
  if (how == 1) stray.worker = people_[network_.below(people_.size())].who.id;
  if (how == 2) stray.endpoint = EndpointId{stray.endpoint.value + 1'000'000};
  if (stray.worker == ringing.accept.worker && how == 1) return;
  tell(stray);
}

void World::desk_up(Person& who, std::int64_t life) {
  if (who.life != life || !who.shift.is_set() || !who.by_desk) return;
  who.lost = false;
  who.client_up = true;
  deliver(EndpointUp{who.who.desk});
  if (who.state == WorkerState::kAway && who.reason == AwayReason::kByWorker)
    after(who.chance.between(1, 60), Next::kReady, who.who.id.value - 1, life);
}

/// The machine is switched off, the cable pulled: nobody is told until the server counts the silence (decision 16).
void World::desk_lost(Person& who, std::int64_t life) {
  if (who.life != life || !who.shift.is_set() || draining_) return;
  const std::int64_t index = who.who.id.value - 1;
  after(who.chance.exponential(plan_.device_lost_every_h * 3600), Next::kDeskLost, index, life);
  ++figures_.devices_lost;
  if (!who.by_desk) {
    deliver(EndpointDown{who.who.phone});
    after(who.chance.exponential(40), Next::kPhoneUp, index);
    return;
  }
  if (who.lost) return;
  who.lost = true;
  after(who.chance.between(0.1, 15), Next::kDeskSeenLost, index, life);
  after(who.chance.exponential(40), Next::kDeskUp, index, life);
}

void World::desk_seen_lost(Person& who, std::int64_t life) {
  const bool closed = !who.shift.is_set() && who.life == life;  // went home
  if (!closed && !(who.lost && who.life == life)) return;
  if (!who.client_up) return;
  who.client_up = false;
  deliver(EndpointDown{who.who.desk});
}

void World::phone_up(Person& who) { deliver(EndpointUp{who.who.phone}); }

void World::ready(Person& who, std::int64_t life) {
  if (who.life != life || !who.shift.is_set()) return;
  const bool says =
      who.state == WorkerState::kAway && (who.reason == AwayReason::kByWorker || who.reason == AwayReason::kMissed);
  if (!says || who.lost) return;
  send(WorkerReady{who.who.id});
  if (who.state == WorkerState::kAway) after(30, Next::kReady, who.who.id.value - 1, life);
}

void World::away(Person& who, std::int64_t life) {
  if (who.life != life || !who.shift.is_set() || draining_) return;
  const std::int64_t index = who.who.id.value - 1;
  send(WorkerAway{who.who.id});
  after(who.chance.between(20, 1500), Next::kReady, index, life);
  after(who.chance.exponential(plan_.break_every_h * 3600), Next::kAway, index, life);
}

void World::record_done(Person& who, Instant since) {
  if (who.state != WorkerState::kAfterCall || who.since != since) return;
  if (who.chance.chance(0.1))
    send(WorkerReady{who.who.id});
  else
    send(AfterCallEnded{who.who.id});
}

}  // namespace kapok::sim
