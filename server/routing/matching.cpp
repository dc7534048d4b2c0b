#include "routing/matching.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

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
  if (desk && is_night(state.now, state.options.utc_offset)) return desk;
  const auto phone = longest_idle(state, call, kinds[static_cast<std::size_t>(IdleKind::kPhone)]);
  if (desk && phone) return std::min(*desk, *phone);
  return desk ? desk : phone;
}

/// Order among callers for one worker inside a class.
struct Rank {
  Instant since;
  std::int64_t arrival_seq = 0;
  CallId call;
  friend constexpr auto operator<=>(const Rank&, const Rank&) = default;
};

std::optional<Rank> first_at(State& state, const WorkerRecord& worker, NodeIx node, CallerClass effective) {
  const Duration bonus = nearness_bonus(ring_of(state, node), effective);
  std::optional<Rank> best;
  for (const auto& [group, set] : state.waiting.at(node, effective)) {
    if ((state.group_masks[group] & ~worker.info.skills) != 0) continue;
    for (std::size_t place = 0; place < set.size(); ++place) {
      const WaitKey& key = set.at(place);
      ++state.work.candidates_read;
      if (is_excluded(state.call(key.call), worker.info.id)) continue;
      const Rank rank{key.arrived_at - bonus, key.arrival_seq, key.call};
      if (!best || rank < *best) best = rank;
      break;
    }
  }
  return best;
}

void match_worker(State& state, WorkerId id) {
  WorkerRecord& worker = state.worker(id);
  while (worker.placed.idle) {
    const auto chosen = choose_call(state, worker);
    if (!chosen) return;
    CallRecord& call = state.call(*chosen);
    // He can take this caller, but somebody nearer or longer idle may have become free in the same instant.
    const auto choice = choose_worker(state, call);
    KAPOK_CHECK(choice.has_value());
    make_offer(state, call, state.worker(choice->worker), choice->ring);
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
    if (auto choice = choose_worker(state, call)) make_offer(state, call, state.worker(choice->worker), choice->ring);
  }
}

}  // namespace

bool is_excluded(const CallRecord& call, WorkerId worker) { return call.excluded.contains(worker); }

std::optional<Choice> choose_worker(State& state, const CallRecord& call) {
  ++state.work.decisions;
  for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(call.widest); ++r) {
    const Ring ring = static_cast<Ring>(r);
    if (call.path.at(ring) == kNoNode) continue;
    if (auto key = longest_idle_at(state, call, call.path.at(ring))) return Choice{key->worker, ring};
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
  while (!state.free_workers.empty() || !state.seeking_calls.empty()) {
    for (WorkerId id : std::exchange(state.free_workers, {})) match_worker(state, id);
    match_calls(state);
  }
}

}  // namespace kapok::routing
