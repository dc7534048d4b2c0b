#include "routing/invariants.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "routing/fairness.h"
#include "routing/holds.h"
#include "routing/matching.h"
#include "routing/policy.h"
#include "routing/presence.h"
#include "routing/rings.h"
#include "routing/routing_core.h"
#include "routing/transfers.h"

namespace kapok::routing {
namespace {

std::string text(const char* what, std::int64_t a, std::int64_t b = 0) {
  std::string out = what;
  out += " (" + std::to_string(a);
  if (b != 0) out += ", " + std::to_string(b);
  return out + ")";
}

/// The nearest ring of this caller that reaches this worker, if he covers any.
std::optional<Ring> ring_with(const CallRecord& call, const Placement& place) {
  for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(Ring::kDutyPhone); ++r) {
    const NodeIx node = call.path.at(static_cast<Ring>(r));
    if (node != kNoNode && std::ranges::count(place.nodes, node) > 0) return static_cast<Ring>(r);
  }
  return std::nullopt;
}

bool in_open_ring(const CallRecord& call, const Placement& place) {
  const auto ring = ring_with(call, place);
  return ring && *ring <= call.widest;
}

/// Could be offered this call now, whatever the sets say.
bool is_eligible(const State& state, const CallRecord& call, const WorkerRecord& worker, const Placement& place) {
  const bool near = in_open_ring(call, place) || call.hold.kind == HoldKind::kWorker;
  return place.idle && near && has_skills(state, call, worker) && !is_excluded(call, worker.info.id) &&
         may_be_asked(call, worker);
}

template <class Check>
Broken each_new_offer(const State& state, Check check) {
  for (const auto& [id, offer] : state.offers) {
    if (offer.made_in_step != state.step) continue;
    if (Broken broken = check(offer, state.call(offer.call), state.worker(offer.worker))) return broken;
  }
  return std::nullopt;
}

bool comes_before(const CallRecord& a, const CallRecord& b) { return a.key() < b.key(); }

/// Order of workers inside one ring: at night awake desks, then who speaks the caller's language, then the longest
/// idle.
auto order_in_ring(const State& state, const CallRecord& call, IdleKind kind, IdleKey idle) {
  const std::uint64_t language = call.arrival.facts.language;
  const bool asleep = is_night(state.now, state.options.utc_offset) && kind == IdleKind::kPhone;
  const bool speaks = language == 0 || (state.worker(idle.worker).info.languages & language) != 0;
  return std::tuple(asleep, !speaks, idle);
}

}  // namespace

namespace {

/// Beside a talk, and only there, a second may be offered: one, and somebody else.
Broken second_is_sound(const State& state, const CallRecord& call) {
  if (!call.second_offer.is_set()) return std::nullopt;
  const std::int64_t id = call.arrival.call.value;
  if (call.state != CallState::kTalking || call.kept) return text("I1: a second is offered beside no talk", id);
  const auto offer = state.offers.find(call.second_offer);
  if (offer == state.offers.end() || offer->second.call != call.arrival.call || offer->second.worker == call.worker)
    return text("I1: a warm transfer without its offer", id);
  return std::nullopt;
}

}  // namespace

Broken one_offer_or_talk_per_caller(const State& state) {
  std::map<CallId, int> holders;
  for (const auto& [id, offer] : state.offers) {
    const auto found = state.calls.find(offer.call);
    if (found == state.calls.end() || !is_beside_a_talk(found->second, id)) ++holders[offer.call];
  }
  for (const auto& [id, worker] : state.workers)
    for (CallId call : worker.talking) ++holders[call];
  for (const auto& [id, count] : holders) {
    if (count > 1) return text("I1: a caller has two offers or talks", id.value);
    if (!state.calls.contains(id)) return text("I1: an offer or talk of a call that ended", id.value);
  }
  for (const auto& [id, call] : state.calls) {
    const bool held = holders.contains(id);
    if (held == (call.state == CallState::kWaiting)) return text("I1: state and holder of a call differ", id.value);
    if (call.state == CallState::kTalking && !state.worker(call.worker).talking.contains(id))
      return text("I1: a talk its worker does not know", id.value);
    if (Broken broken = second_is_sound(state, call)) return broken;
    if (call.state != CallState::kOffered) continue;
    auto offer = state.offers.find(call.offer);
    if (offer == state.offers.end() || offer->second.call != id || offer->second.worker != call.worker)
      return text("I1: an offered call without its offer", id.value);
  }
  return std::nullopt;
}

Broken one_offer_or_talk_per_worker(const State& state) {
  std::map<WorkerId, std::int32_t> load;
  for (const auto& [id, offer] : state.offers) {
    ++load[offer.worker];
    if (!state.worker(offer.worker).offers.contains(id)) return text("I2: an offer its worker does not know", id.value);
    if (offer.ringing.empty()) return text("I2: an offer that rings nowhere", id.value);
  }
  for (const auto& [id, call] : state.calls)
    if (call.state == CallState::kTalking) ++load[call.worker];
  for (const auto& [id, count] : load) {
    if (count > state.worker(id).held_at_most) return text("I2: a worker holds more than he can", id.value, count);
  }
  return std::nullopt;
}

Broken offers_were_allowed(const State& state) {
  return each_new_offer(state, [&](const OfferRecord& offer, const CallRecord& call, const WorkerRecord& worker) {
    if (worker.shifts.empty()) return Broken{text("I3: offered off duty", worker.info.id.value)};
    if (!has_skills(state, call, worker)) return Broken{text("I3: offered without the skill", offer.id.value)};
    // The last worker, a backup and whoever a colleague names are asked whatever their ring.
    if (offer.reason == OfferReason::kRing && !in_open_ring(call, worker.placed))
      return Broken{text("I3: offered from a closed ring", offer.id.value)};
    return Broken{};
  });
}

Broken no_caller_waits_beside_a_free_worker(const State& state) {
  for (const auto& [worker_id, worker] : state.workers) {
    if (worker.shifts.empty()) continue;
    const Placement place = placement_of(state, worker);
    if (!place.idle) continue;
    for (const auto& [call_id, call] : state.calls)
      if (call.state == CallState::kWaiting && is_eligible(state, call, worker, place))
        return text("I4: a caller waits beside a free worker", call_id.value, worker_id.value);
  }
  return std::nullopt;
}

Broken holds_have_their_reason(const State& state) {
  std::size_t held = 0;
  for (const auto& [id, call] : state.calls) {
    if (call.hold.kind == HoldKind::kNone) continue;
    ++held;
    if (call.state != CallState::kWaiting) return text("I4: held, but not waiting", id.value);
    if (call.effective == CallerClass::kCrisis) return text("I4: a crisis caller is held", id.value);
    const WorkerId last = call.hold.kind == HoldKind::kWorker ? call.arrival.facts.last_worker : WorkerId{};
    if (last.is_set() && state.worker(last).placed.presence.state != WorkerState::kAfterCall)
      return text("I4: held for a worker who does not write", id.value, last.value);
    if (!hold_stands(state, call)) return text("I4: held for somebody who cannot come", id.value);
    const Instant latest =
        call.hold.kind == HoldKind::kWorker ? call.joined_at + kStickyHold : call.arrival.arrived_at + kLanguageHold;
    if (call.hold.until > latest) return text("I4: held for too long", id.value);
    if (!state.timers.holds({call.hold.until, TimerKind::kHoldEnds, id.value}))
      return text("I7: a hold without end", id.value);
  }
  for (const auto& [worker, calls] : state.held_for_worker) held -= calls.size();
  for (const auto& [language, calls] : state.held_for_language) held -= calls.size();
  return held == 0 ? Broken{} : text("I14: the lists of held callers are wrong", static_cast<std::int64_t>(held));
}

Broken first_come_first_served(const State& state) {
  return each_new_offer(state, [&](const OfferRecord& offer, const CallRecord& later, const WorkerRecord& worker) {
    if (offer.reason != OfferReason::kRing) return Broken{};
    for (const auto& [id, earlier] : state.calls) {
      if (earlier.state != CallState::kWaiting || earlier.lane() != later.lane()) continue;
      if (earlier.effective != offer.effective || earlier.group != later.group) continue;
      if (is_excluded(earlier, worker.info.id) || earlier.excluded != later.excluded) continue;
      if (!may_be_asked(earlier, worker) || earlier.released_step == state.step) continue;
      if (comes_before(earlier, later) && in_open_ring(earlier, worker.placed))
        return Broken{text("I5: a later caller of the line was offered first", id.value, offer.call.value)};
    }
    return Broken{};
  });
}

Broken lines_keep_to_their_share(const State& state) {
  std::map<LineId, std::int32_t> held;
  for (const auto& [id, call] : state.calls) {
    if (call.overflow && call.state == CallState::kWaiting) return text("I5: a waiting call counts as held", id.value);
    held[call.arrival.line] += call.overflow ? 1 : 0;
  }
  for (const auto& [id, line] : state.lines)
    if (line.overflow_held != held[id]) return text("I5: a line's overflow is counted wrongly", id.value);
  return each_new_offer(state, [&](const OfferRecord& offer, const CallRecord& call, const WorkerRecord& worker) {
    if (!offer.beyond_share || offer.reason != OfferReason::kRing) return Broken{};
    const NodeIx ring = call.path.at(offer.ring);
    for (const auto& [id, other] : state.calls) {
      if (other.state != CallState::kWaiting || other.placed_step == state.step) continue;
      if (other.effective != offer.effective || other.arrival.line == call.arrival.line) continue;
      const bool same_ring = state.waiting.holds(ring, other.effective, other.wait_group(), other.key());
      if (!same_ring || !has_skills(state, other, worker) || is_excluded(other, worker.info.id)) continue;
      if (!may_be_asked(other, worker)) continue;
      if (ring_beyond_share(state, other.lane(), other.effective, worker) == kNoNode)
        return Broken{text("I5: a line beyond its share went before another", offer.call.value, id.value)};
    }
    return Broken{};
  });
}

Broken class_and_place_kept(const State& state) {
  for (const auto& [id, call] : state.calls) {
    if (call.effective > call.base) return text("I6: a class fell", id.value);
    if (call.state != CallState::kWaiting) continue;
    if (call.effective != std::min(call.effective, aged_class(call, state.now)))
      return text("I6: a class did not rise in time", id.value);
    if (call.effective == CallerClass::kCrisis && call.base != CallerClass::kCrisis)
      return text("I6: a caller aged into class 0", id.value);
    for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(call.widest); ++r) {
      const NodeIx node = call.path.at(static_cast<Ring>(r));
      if (node != kNoNode && !state.waiting.holds(node, call.effective, call.wait_group(), call.key()))
        return text("I6: a caller lost his place", id.value);
    }
  }
  return std::nullopt;
}

Broken nobody_is_forgotten(const State& state) {
  for (const auto& [id, call] : state.calls) {
    if (call.state == CallState::kWaiting) {
      const bool timed = state.timers.holds({call.ring_timer, TimerKind::kRingOpens, id.value});
      if (call.widest != Ring::kDutyPhone && !timed) return text("I7: a ring that will never open", id.value);
      if (call.widest != widest_due(state, call)) return text("I7: a ring that should be open", id.value);
    }
    for (const auto& [worker, until] : call.excluded)
      if (until != kForThisCall && !state.timers.holds({until, TimerKind::kExclusionEnds, id.value, worker.value}))
        return text("I7: an exclusion without end", id.value, worker.value);
    if (call.state == CallState::kOffered || call.second_offer.is_set()) {
      const OfferRecord& offer = state.offers.at(call.second_offer.is_set() ? call.second_offer : call.offer);
      if (!state.timers.holds({offer.until, TimerKind::kOfferEnds, offer.id.value}))
        return text("I7: an offer without end", offer.id.value);
    }
  }
  const auto next = state.timers.next();
  if (next && *next <= state.now) return text("I7: a due timer did not fire", next->us);
  return std::nullopt;
}

Broken crisis_is_bounded(const State& state) {
  for (const auto& [id, call] : state.calls) {
    if (call.state != CallState::kWaiting || call.effective != CallerClass::kCrisis) continue;
    const bool late = state.now - call.arrival.arrived_at >= kCrisisRings.back();
    if (late && call.offers_made == 0 && call.widest != Ring::kDutyPhone)
      return text("I8: a crisis caller was neither offered nor brought before the duty phone", id.value);
  }
  return std::nullopt;
}

Broken longest_idle_first(const State& state) {
  return each_new_offer(state, [&](const OfferRecord& offer, const CallRecord& call, const WorkerRecord& chosen) {
    if (offer.reason != OfferReason::kRing) return Broken{};
    for (const auto& [id, worker] : state.workers) {
      if (worker.shifts.empty()) continue;
      const Placement place = placement_of(state, worker);
      if (id == chosen.info.id || !is_eligible(state, call, worker, place)) continue;
      if (offer.speakers_only && (worker.info.languages & call.arrival.facts.language) == 0) continue;
      const Ring ring = *ring_with(call, place);
      if (ring < offer.ring) return Broken{text("I15: somebody nearer was free", id.value, offer.id.value)};
      const auto his = order_in_ring(state, call, *place.idle, {place.idle_since, id});
      if (ring == offer.ring && his < order_in_ring(state, call, offer.kind, {offer.idle_since, chosen.info.id}))
        return Broken{text("I15: somebody was idle for longer", id.value, offer.id.value)};
    }
    return Broken{};
  });
}

Broken missed_endpoints_rest(const State& state) {
  return each_new_offer(state, [&](const OfferRecord& offer, const CallRecord&, const WorkerRecord& worker) {
    for (EndpointId endpoint : offer.rang) {
      const bool desk = state.endpoints.at(endpoint).kind == EndpointKind::kDesk;
      if (desk ? worker.desk_missed : worker.phone_paused_until.is_set())
        return Broken{text("I16: a missed endpoint rings before its time", endpoint.value)};
    }
    return Broken{};
  });
}

std::optional<std::string> RoutingCore::check_all() const {
  static constexpr std::array kAll = {one_offer_or_talk_per_caller,
                                      one_offer_or_talk_per_worker,
                                      offers_were_allowed,
                                      sets_and_counters_agree,
                                      no_caller_waits_beside_a_free_worker,
                                      holds_have_their_reason,
                                      first_come_first_served,
                                      lines_keep_to_their_share,
                                      class_and_place_kept,
                                      nobody_is_forgotten,
                                      crisis_is_bounded,
                                      callbacks_can_be_kept,
                                      good_news_is_told,
                                      longest_idle_first,
                                      missed_endpoints_rest};
  if (!state_->started) return std::nullopt;
  for (auto check : kAll)
    if (Broken broken = check(*state_)) return broken;
  return std::nullopt;
}

}  // namespace kapok::routing
