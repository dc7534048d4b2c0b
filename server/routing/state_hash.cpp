#include "routing/digest.h"
#include "routing/routing_core.h"
#include "routing/state.h"

namespace kapok::routing {
namespace {

void add_node(Digest& digest, const Node& node) {
  digest.add(node.id).add(static_cast<std::uint64_t>(node.parent)).add(node.kind).add(node.rings);
  digest.add(node.present).add(node.phone_misses).add(node.unanswered).add(node.answered_lines);
  digest.add(std::int64_t{node.last_wait.count()}).add(node.last_served_at);
  if (node.gap) digest.add(node.gap->from).add(node.gap->kind);
}

void add_worker(Digest& digest, const WorkerRecord& worker) {
  digest.add(worker.info.id).add(worker.info.skills).add(worker.info.languages);
  for (const auto& [id, shift] : worker.shifts) digest.add(id).add(shift.units).add(shift.endpoints).add(shift.backup);
  digest.add(worker.desk_ready).add(worker.desk_missed).add(worker.phone_away);
  digest.add(worker.idle_since).add(worker.phone_paused_until).add(worker.after_call_until);
  digest.add(worker.declines).add(worker.talking).add(worker.offers).add(worker.finishing_for);
}

void add_call(Digest& digest, const CallRecord& call) {
  digest.add(call.arrival.call).add(call.arrival.line).add(call.arrival.channel);
  digest.add(call.arrival.arrived_at).add(call.arrival.arrival_seq);
  digest.add(call.base).add(call.effective).add(call.widest).add(call.state);
  digest.add(call.joined_at).add(call.answered_at).add(call.offers_made).add(call.legs);
  digest.add(call.offer).add(call.worker).add(call.endpoint).add(call.overflow);
  digest.add(call.arrival.facts.language).add(call.arrival.facts.last_worker);
  digest.add(static_cast<std::uint64_t>(call.rings_from)).add(call.second_offer);
  digest.add(call.taken.from).add(call.taken.at).add(call.kept_at).add(call.keeping_timer);
  digest.add(call.waits_since).add(call.told_position).add(call.callback_offered);
  digest.add(call.hears_from).add(call.moves_heard);
  digest.add(call.hold.kind).add(call.hold.until);
  for (const auto& [worker, until] : call.excluded) digest.add(worker).add(until);
}

void add_offer(Digest& digest, const OfferRecord& offer) {
  digest.add(offer.id).add(offer.call).add(offer.worker).add(offer.ring);
  digest.add(offer.ringing).add(offer.rang).add(offer.until).add(offer.reason);
}

}  // namespace

std::uint64_t RoutingCore::state_hash() const {
  const State& state = *state_;
  Digest digest;
  digest.add(state.epoch).add(state.offer_ids.last()).add(state.group_masks);
  for (const Node& node : state.nodes) add_node(digest, node);
  for (const auto& [id, line] : state.lines) digest.add(id).add(line.info.owner).add(line.open).add(line.info.crisis);
  for (const auto& [id, endpoint] : state.endpoints) digest.add(id).add(endpoint.up).add(endpoint.capacity);
  for (const auto& [id, worker] : state.workers) add_worker(digest, worker);
  for (const auto& [id, call] : state.calls) add_call(digest, call);
  for (const auto& [id, offer] : state.offers) add_offer(digest, offer);
  digest.add(state.announcing.moves);
  for (const Timer& timer : state.timers.all()) digest.add(timer.at).add(timer.kind).add(timer.subject);
  return digest.value();
}

}  // namespace kapok::routing
