#include <algorithm>
#include <tuple>

#include "routing/presence.h"
#include "routing/rings.h"
#include "routing/routing_core.h"
#include "routing/state.h"

namespace kapok::routing {
namespace {

CallView view_of(const State& state, const CallRecord& call) {
  CallView view;
  view.call = call.arrival.call;
  view.line = call.arrival.line;
  view.unit = call.unit;
  view.channel = call.arrival.channel;
  view.state = call.state;
  view.base = call.base;
  view.effective = call.effective;
  view.widest_ring = call.widest;
  view.arrived_at = call.arrival.arrived_at;
  view.joined_at = call.joined_at;
  view.arrival_seq = call.arrival.arrival_seq;
  view.offer = call.offer;
  view.worker = call.worker;
  view.answered_at = call.answered_at;
  view.facts = call.arrival.facts;
  view.kept = call.kept;
  view.second_offer = call.second_offer;
  if (call.second_offer.is_set()) view.second = state.offers.at(call.second_offer).worker;
  return view;
}

WorkerView view_of(const State& state, const WorkerRecord& worker) {
  WorkerView view;
  view.worker = worker.info.id;
  view.state = state_of(state, worker);
  view.reason = away_reason(state, worker);
  view.draining = is_draining(worker);
  for (const Endpoint& endpoint : worker.info.endpoints)
    view.desk_live = view.desk_live || (endpoint.kind == EndpointKind::kDesk && state.endpoints.at(endpoint.id).up);
  view.since = worker.told.since;
  view.until = worker.told.until;
  view.idle_since = worker.idle_since;
  for (const auto& [id, shift] : worker.shifts)
    for (UnitId unit : shift.units)
      if (std::ranges::count(view.covers, unit) == 0) view.covers.push_back(unit);
  view.calls.assign(worker.talking.begin(), worker.talking.end());
  for (OfferId offer : worker.offers) view.calls.push_back(state.offers.at(offer).call);
  return view;
}

const Node* node_of(const State& state, UnitId unit) {
  auto found = state.node_of.find(unit);
  return found == state.node_of.end() ? nullptr : &state.nodes[found->second];
}

}  // namespace

std::optional<CallView> RoutingCore::call(CallId id) const {
  auto found = state_->calls.find(id);
  if (found == state_->calls.end()) return std::nullopt;
  return view_of(*state_, found->second);
}

std::optional<WorkerView> RoutingCore::worker(WorkerId id) const {
  auto found = state_->workers.find(id);
  if (found == state_->workers.end()) return std::nullopt;
  return view_of(*state_, found->second);
}

std::vector<CallView> RoutingCore::calls_of(UnitId unit) const {
  std::vector<CallView> out;
  const Node* node = node_of(*state_, unit);
  if (node == nullptr) return out;
  for (CallId id : node->calls) out.push_back(view_of(*state_, state_->call(id)));
  std::sort(out.begin(), out.end(), [](const CallView& a, const CallView& b) {
    const auto order = [](const CallView& v) { return std::tuple(v.state, v.effective, v.arrived_at, v.arrival_seq); };
    return order(a) < order(b);
  });
  return out;
}

std::vector<WorkerView> RoutingCore::workers_of(UnitId unit) const {
  std::vector<WorkerView> out;
  const Node* node = node_of(*state_, unit);
  if (node == nullptr) return out;
  for (WorkerId id : node->workers) out.push_back(view_of(*state_, state_->worker(id)));
  return out;
}

NodeCounters RoutingCore::counters(UnitId unit) const {
  const Node* node = node_of(*state_, unit);
  return node == nullptr ? NodeCounters{} : node->counts;
}

std::vector<GapView> RoutingCore::gaps() const {
  std::vector<GapView> out;
  for (const Node& node : state_->nodes)
    if (node.gap) out.push_back({node.id, node.gap->from, node.gap->kind});
  return out;
}

std::int32_t RoutingCore::position(CallId id) const {
  auto found = state_->calls.find(id);
  return found == state_->calls.end() ? 0 : position_of(*state_, found->second);
}

bool RoutingCore::offer_is_live(OfferId id, std::int64_t epoch) const {
  return epoch == state_->epoch && state_->offers.contains(id);
}

WorkCounters RoutingCore::work() const { return state_->work; }

}  // namespace kapok::routing
