#include "routing/matching.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/planted_fault.h"
#include "routing/fairness.h"
#include "routing/offers.h"
#include "routing/policy.h"
#include "routing/presence.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

std::optional<IdleKey> longest_idle(State& state, const CallRecord& call, const IdleSets::Set& set,
                                    std::uint64_t languages) {
  std::optional<IdleKey> found;
  set.find(languages, [&](const IdleKey& key) {
    ++state.work.candidates_read;
    if (is_excluded(call, key.worker)) return false;
    found = key;
    return true;
  });
  return found;
}

/// Who speaks the caller's language goes first; while he is held for it, nobody else.
template <class Find>
std::optional<IdleKey> speakers_first(const CallRecord& call, Find find) {
  const std::uint64_t language = call.arrival.facts.language;
  if (language != 0 && !KAPOK_IS_PLANTED(language_not_asked))
    if (auto speaker = find(language)) return speaker;
  return call.hold.kind == HoldKind::kLanguage ? std::nullopt : find(std::uint64_t{0});
}

std::optional<IdleKey> longest_idle_at(State& state, const CallRecord& call, NodeIx node) {
  const IdleSets::Kinds& kinds = state.idle.at(node, call.group);
  const auto of = [&](IdleKind kind, std::uint64_t languages) {
    return longest_idle(state, call, kinds[static_cast<std::size_t>(kind)], languages);
  };
  const auto desk_of = [&](std::uint64_t languages) { return of(IdleKind::kDesk, languages); };
  const auto phone_of = [&](std::uint64_t languages) { return of(IdleKind::kPhone, languages); };
  if (is_night(state.now, state.options.utc_offset) != KAPOK_IS_PLANTED(night_rule_inverted)) {
    const auto awake = speakers_first(call, desk_of);
    return awake ? awake : speakers_first(call, phone_of);
  }
  return speakers_first(call, [&](std::uint64_t languages) {
    const auto desk = desk_of(languages);
    const auto phone = phone_of(languages);
    if (!desk || !phone) return desk ? desk : phone;
    return std::optional(KAPOK_IS_PLANTED(shortest_idle_first) ? std::max(*desk, *phone) : std::min(*desk, *phone));
  });
}

/// Order among callers for one worker inside a class.
struct Rank {
  Instant since;
  std::int64_t arrival_seq = 0;
  CallId call;
  friend constexpr auto operator<=>(const Rank&, const Rank&) = default;
};

/// The first callers of a ring whom a worker may take: of lines within their share, and of lines beyond it.
struct Firsts {
  std::optional<Rank> fair;
  std::optional<Rank> beyond;
};

void look_in(State& state, const WorkerRecord& worker, NodeIx node, CallerClass effective, WaitSet& set,
             Firsts& firsts) {
  const Duration bonus = nearness_bonus(ring_of(state, node), effective);
  const auto rank = [&](const WaitKey& key) { return Rank{key.arrived_at - bonus, key.arrival_seq, key.call}; };
  const bool last_first = KAPOK_IS_PLANTED(last_come_first_served);
  const auto done = [&](const WaitKey& key) { return firsts.fair && *firsts.fair < rank(key) && !last_first; };
  set.each_line(done, [&](const WaitEntry& entry) {
    ++state.work.candidates_read;
    NodeIx ring = ring_beyond_share(state, entry.lane, effective, worker);
    if (KAPOK_IS_PLANTED(fairness_forgotten)) ring = kNoNode;
    // Beyond its share in the ring where they meet: a wider ring is no way round it.
    if (ring != kNoNode && ring != node) return false;
    std::optional<Rank>& best = ring == kNoNode ? firsts.fair : firsts.beyond;
    const Rank mine = rank(entry.key);
    if (best && *best < mine && !last_first) return false;
    if (is_excluded(state.call(entry.key.call), worker.info.id)) return true;
    best = mine;
    return last_first;
  });
}

bool admits(const State& state, const WaitGroup& group, const WorkerRecord& worker) {
  const bool speaks = group.language == 0 || (worker.info.languages & group.language) != 0;
  const bool skilled = (state.group_masks[group.skills] & ~worker.info.skills) == 0;
  return speaks && !group.for_worker && (skilled || KAPOK_IS_PLANTED(skill_not_asked));
}

std::optional<Rank> first_at(State& state, const WorkerRecord& worker, NodeIx node, CallerClass effective) {
  Firsts firsts;
  for (auto& [group, set] : state.waiting.at(node, effective))
    if (admits(state, group, worker)) look_in(state, worker, node, effective, set, firsts);
  return firsts.fair ? firsts.fair : firsts.beyond;
}

/// This one worker, if he could take the caller, whatever his ring.
std::optional<Choice> choose_named(const State& state, const CallRecord& call, WorkerId worker, OfferReason reason) {
  const auto found = state.workers.find(worker);
  if (found == state.workers.end() || !is_free_for(state, call, found->second)) return std::nullopt;
  return Choice{worker, nearest_ring(call.path, found->second.placed.nodes).value_or(Ring::kCity), reason};
}

void offer_to_best(State& state, CallRecord& call) {
  const auto choice = choose_worker(state, call);
  KAPOK_CHECK(choice.has_value());
  make_offer(state, call, state.worker(choice->worker), choice->ring, choice->reason);
}

/// Offers the caller to whoever is free for him, and first those who go before him because his line is beyond its
/// share.
void seek(State& state, CallRecord& call) {
  while (const auto choice = choose_worker(state, call)) {
    WorkerRecord& worker = state.worker(choice->worker);
    if (choice->reason == OfferReason::kRing &&
        ring_beyond_share(state, call.lane(), call.effective, worker) != kNoNode) {
      const auto first = choose_call(state, worker);
      if (first && *first != call.arrival.call) {
        offer_to_best(state, state.call(*first));
        continue;
      }
    }
    return make_offer(state, call, worker, choice->ring, choice->reason);
  }
}

void match_worker(State& state, WorkerId id) {
  WorkerRecord& worker = state.worker(id);
  while (worker.placed.idle) {
    const auto chosen = choose_call(state, worker);
    if (!chosen) return;
    CallRecord& call = state.call(*chosen);
    // He can take this caller, but somebody nearer or longer idle may have become free in the same instant; and of a
    // line beyond its share others may go before this caller until nobody is free, this worker neither.
    seek(state, call);
    KAPOK_CHECK(call.state == CallState::kOffered || !worker.placed.idle);
  }
}

void match_calls(State& state) {
  std::vector<std::pair<CallerClass, WaitKey>> seeking;
  state.seeking_calls.drain([&](CallId id) {
    if (auto found = state.calls.find(id); found != state.calls.end() && found->second.state == CallState::kWaiting)
      seeking.emplace_back(found->second.effective, found->second.key());
  });
  std::sort(seeking.begin(), seeking.end());
  for (const auto& [effective, key] : seeking) {
    CallRecord& call = state.call(key.call);
    if (call.state == CallState::kWaiting) seek(state, call);
    call.backup = {};
  }
}

}  // namespace

bool is_excluded(const CallRecord& call, WorkerId worker) { return call.excluded.contains(worker); }

bool is_free_for(const State& state, const CallRecord& call, const WorkerRecord& worker) {
  return worker.placed.idle && has_skills(state, call, worker) && !is_excluded(call, worker.info.id);
}

bool has_skills(const State& state, const CallRecord& call, const WorkerRecord& worker) {
  return (state.group_masks[call.group] & ~worker.info.skills) == 0;
}

std::optional<Choice> choose_worker(State& state, const CallRecord& call) {
  ++state.work.decisions;
  if (call.hold.kind == HoldKind::kWorker)
    return choose_named(state, call, call.arrival.facts.last_worker, OfferReason::kSticky);
  if (auto backup = choose_named(state, call, call.backup, OfferReason::kBackup)) return backup;
  for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(call.widest); ++r) {
    const Ring ring = static_cast<Ring>(r);
    if (call.path.at(ring) == kNoNode) continue;
    if (auto key = longest_idle_at(state, call, call.path.at(ring)))
      return Choice{key->worker, ring, OfferReason::kRing};
  }
  return std::nullopt;
}

std::optional<CallId> choose_call(State& state, const WorkerRecord& worker) {
  ++state.work.decisions;
  const auto held = state.held_for_worker.find(worker.info.id);
  for (std::size_t c = 0; c < WaitSets::kClasses; ++c) {
    const auto effective = static_cast<CallerClass>(c);
    if (held != state.held_for_worker.end() && held->second.begin()->first == effective)
      return held->second.begin()->second.call;
    std::optional<Rank> best;
    for (NodeIx node : worker.placed.nodes) {
      const auto rank = first_at(state, worker, node, effective);
      if (rank && (!best || *rank < *best)) best = rank;
    }
    if (best) return best->call;
  }
  return std::nullopt;
}

void match(State& state) {
  if (KAPOK_IS_PLANTED(freed_worker_forgotten)) state.free_workers.clear();
  while (!state.free_workers.empty() || !state.seeking_calls.empty()) {
    state.free_workers.drain([&](WorkerId id) { match_worker(state, id); });
    match_calls(state);
  }
}

}  // namespace kapok::routing
