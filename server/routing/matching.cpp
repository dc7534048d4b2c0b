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

std::optional<IdleKey> longest_idle(State& state, const CallRecord& call, const IdleSets::Set& set) {
  for (const IdleKey& key : set) {
    ++state.work.candidates_read;
    if (!is_excluded(call, key.worker)) return key;
  }
  return std::nullopt;
}

std::optional<IdleKey> longest_idle_at(State& state, const CallRecord& call, NodeIx node) {
  const IdleSets::Kinds& kinds = state.idle.at(node, call.group);
  const auto desk = longest_idle(state, call, kinds[static_cast<std::size_t>(IdleKind::kDesk)]);
  if (desk && is_night(state.now, state.options.utc_offset) != KAPOK_IS_PLANTED(night_rule_inverted)) return desk;
  const auto phone = longest_idle(state, call, kinds[static_cast<std::size_t>(IdleKind::kPhone)]);
  if (desk && phone) return KAPOK_IS_PLANTED(shortest_idle_first) ? std::max(*desk, *phone) : std::min(*desk, *phone);
  return desk ? desk : phone;
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

void look_in(State& state, const WorkerRecord& worker, NodeIx node, CallerClass effective, const WaitSet& set,
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

std::optional<Rank> first_at(State& state, const WorkerRecord& worker, NodeIx node, CallerClass effective) {
  Firsts firsts;
  for (const auto& [group, set] : state.waiting.at(node, effective))
    if ((state.group_masks[group.skills] & ~worker.info.skills) == 0 || KAPOK_IS_PLANTED(skill_not_asked))
      look_in(state, worker, node, effective, set, firsts);
  return firsts.fair ? firsts.fair : firsts.beyond;
}

/// The backup of the phone that was just missed, if he could take this caller.
std::optional<Choice> choose_backup(const State& state, const CallRecord& call) {
  const auto found = state.workers.find(call.backup);
  if (found == state.workers.end() || !is_free_for(state, call, found->second)) return std::nullopt;
  const auto ring = nearest_ring(call.path, found->second.placed.nodes);
  return Choice{call.backup, ring.value_or(Ring::kCity), OfferReason::kBackup};
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
    // He can take this caller, but somebody nearer or longer idle may have become free in the same instant.
    seek(state, call);
    KAPOK_CHECK(call.state == CallState::kOffered);
  }
}

void match_calls(State& state) {
  std::vector<std::pair<CallerClass, WaitKey>> seeking;
  for (CallId id : std::exchange(state.seeking_calls, {}))
    if (auto found = state.calls.find(id); found != state.calls.end() && found->second.state == CallState::kWaiting)
      seeking.emplace_back(found->second.effective, found->second.key());
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
  return worker.placed.idle && (state.group_masks[call.group] & ~worker.info.skills) == 0 &&
         !is_excluded(call, worker.info.id);
}

std::optional<Choice> choose_worker(State& state, const CallRecord& call) {
  ++state.work.decisions;
  if (auto backup = choose_backup(state, call)) return backup;
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
  for (std::size_t c = 0; c < WaitSets::kClasses; ++c) {
    std::optional<Rank> best;
    for (NodeIx node : worker.placed.nodes) {
      const auto rank = first_at(state, worker, node, static_cast<CallerClass>(c));
      if (rank && (!best || *rank < *best)) best = rank;
    }
    if (best) return best->call;
  }
  return std::nullopt;
}

void match(State& state) {
  if (KAPOK_IS_PLANTED(freed_worker_forgotten)) state.free_workers.clear();
  while (!state.free_workers.empty() || !state.seeking_calls.empty()) {
    for (WorkerId id : std::exchange(state.free_workers, {})) match_worker(state, id);
    match_calls(state);
  }
}

}  // namespace kapok::routing
