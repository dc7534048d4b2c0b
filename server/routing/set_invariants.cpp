#include "routing/invariants.h"
#include "routing/presence.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

std::string text(const char* what, std::int64_t id) { return std::string(what) + " (" + std::to_string(id) + ")"; }

/// Counters of every node, counted anew from workers and calls.
struct Recount {
  std::vector<NodeCounters> counts;
  std::vector<std::int32_t> present;
  std::vector<Speakers> speakers;
  std::size_t idle_entries = 0;
  std::size_t wait_entries = 0;
};

Broken count_workers(const State& state, Recount& recount) {
  for (const auto& [id, worker] : state.workers) {
    const Placement place = placement_of(state, worker);
    if (place != worker.placed) return text("I14: sets hold a worker as he is not", id.value);
    for (NodeIx node : place.nodes) {
      recount.speakers[node].count(place.languages, +1);
      count_presence(recount.counts[node], recount.present[node], place.presence, +1);
      if (!place.idle) continue;
      for (GroupIx group : place.groups) {
        ++recount.idle_entries;
        if (!state.idle.holds(node, group, *place.idle, {place.idle_since, id}))
          return text("I14: a free worker is missing from an idle set", id.value);
      }
    }
    for (NodeIx node : place.listed)
      if (!state.nodes[node].workers.contains(id)) return text("I14: a worker is missing from a list", id.value);
  }
  return std::nullopt;
}

Broken count_calls(const State& state, Recount& recount) {
  for (const auto& [id, call] : state.calls) {
    for (NodeIx node : with_ancestors(state, call.owner)) {
      NodeCounters& counts = recount.counts[node];
      counts.calls_waiting += call.state == CallState::kWaiting ? 1 : 0;
      counts.calls_offered += call.state == CallState::kOffered ? 1 : 0;
      counts.calls_talking += call.state == CallState::kTalking ? 1 : 0;
      if (!state.nodes[node].calls.contains(id)) return text("I14: a call is missing from a list", id.value);
    }
    if (call.state != CallState::kWaiting) continue;
    for (int r = static_cast<int>(call.path.first); r <= static_cast<int>(call.widest); ++r)
      recount.wait_entries += call.path.at(static_cast<Ring>(r)) != kNoNode ? 1U : 0U;
  }
  return std::nullopt;
}

}  // namespace

Broken sets_and_counters_agree(const State& state) {
  Recount recount;
  recount.counts.resize(state.nodes.size());
  recount.present.resize(state.nodes.size());
  recount.speakers.resize(state.nodes.size());
  if (Broken broken = count_workers(state, recount)) return broken;
  if (Broken broken = count_calls(state, recount)) return broken;
  for (NodeIx ix = 0; ix < state.nodes.size(); ++ix) {
    const Node& node = state.nodes[ix];
    if (node.counts != recount.counts[ix] || node.present != recount.present[ix] ||
        node.speakers != recount.speakers[ix])
      return text("I14: counters differ from the sum", node.id.value);
    const bool gap = node.answered_lines > 0 && node.counts.on_duty == 0 && ix != kDutyNode;
    if (gap != node.gap.has_value()) return text("I14: a gap is not as noted", node.id.value);
  }
  if (state.idle.size() != recount.idle_entries) return text("I14: an idle set holds a stranger", 0);
  if (state.waiting.size() != recount.wait_entries) return text("I14: a wait set holds a stranger", 0);
  return std::nullopt;
}

}  // namespace kapok::routing
