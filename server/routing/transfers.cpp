#include "routing/transfers.h"

#include <algorithm>

#include "core/planted_fault.h"
#include "core/result.h"
#include "routing/departure.h"
#include "routing/duty.h"
#include "routing/fairness.h"
#include "routing/matching.h"
#include "routing/offers.h"
#include "routing/policy.h"
#include "routing/presence.h"
#include "routing/tree.h"

namespace kapok::routing {
namespace {

/// What was asked, looked up.
struct Target {
  WorkerId worker;        ///< to be offered before anybody else; not set = nobody
  NodeIx node = kNoNode;  ///< where the rings of a cold transfer start; kNoNode = as before
};

bool may_be_second(const State& state, const CallRecord& call, WorkerId id) {
  return id != call.worker && !is_excluded(call, id) && has_skills(state, call, state.worker(id));
}

/// The longest idle of this place and group who could be the second; at night awake desks first, as for any caller.
std::optional<IdleKey> free_second_at(State& state, const CallRecord& call, NodeIx node, GroupIx group) {
  std::optional<IdleKey> best;
  const IdleSets::Kinds& kinds = state.idle.at(node, group);
  for (const IdleKind kind : {IdleKind::kDesk, IdleKind::kPhone}) {
    kinds[static_cast<std::size_t>(kind)].find(0, [&](const IdleKey& key) {
      ++state.work.candidates_read;
      if (!may_be_second(state, call, key.worker)) return false;
      best = best ? std::min(*best, key) : key;
      return true;
    });
    if (best && is_night(state.now, state.options.utc_offset)) break;
  }
  return best;
}

std::optional<WorkerId> free_supervisor(State& state, const CallRecord& call) {
  for (const NodeIx node : call.path.nodes) {
    if (node == kNoNode) continue;
    const GroupIx group = KAPOK_IS_PLANTED(anybody_is_supervisor) ? call.group : kSupervisorGroup;
    if (const auto key = free_second_at(state, call, node, group)) return key->worker;
  }
  return std::nullopt;
}

Result<Target> named_worker(const State& state, const CallRecord& call, const TransferAsked& event) {
  const auto found = state.workers.find(event.to_worker);
  if (found == state.workers.end()) return ErrorCode::kUnknownWorker;
  const WorkerRecord& worker = found->second;
  if (event.to_worker == event.worker) return ErrorCode::kInvalidArgument;
  if (!worker.placed.presence.on_duty) return ErrorCode::kNotOnDuty;
  const bool may = may_be_second(state, call, event.to_worker);
  const auto home = state.node_of.find(worker.info.home);
  Target target{{}, home == state.node_of.end() ? kNoNode : home->second};
  if (!may) return ErrorCode::kNobodyFree;
  if (worker.placed.idle) target.worker = event.to_worker;
  if (event.kind == TransferKind::kWarm && !worker.placed.idle) return ErrorCode::kBusy;
  return target;
}

Result<Target> unit(State& state, const CallRecord& call, const TransferAsked& event) {
  const auto found = state.node_of.find(event.to_unit);
  if (found == state.node_of.end()) return ErrorCode::kUnknownUnit;
  if (event.kind == TransferKind::kCold) return Target{{}, found->second};  // nearest first finds whoever is free
  const auto key = free_second_at(state, call, first_node(state, found->second), call.group);
  if (!key) return ErrorCode::kNobodyFree;
  return Target{key->worker, kNoNode};
}

Result<Target> look_up(State& state, const CallRecord& call, const TransferAsked& event) {
  ++state.work.decisions;
  const int targets =
      (event.to_worker.is_set() ? 1 : 0) + (event.to_unit.is_set() ? 1 : 0) + (event.to_supervisor ? 1 : 0);
  if (targets != 1) return ErrorCode::kInvalidArgument;
  if (event.to_worker.is_set()) return named_worker(state, call, event);
  if (event.to_unit.is_set()) return unit(state, call, event);
  const auto supervisor = free_supervisor(state, call);
  if (!supervisor) return ErrorCode::kNobodyFree;
  return Target{*supervisor, kNoNode};
}

/// How near he is; whoever covers none of the caller's rings counts as the city's.
Ring nearness(const CallRecord& call, const WorkerRecord& worker) {
  return nearest_ring(call.path, worker.placed.nodes).value_or(Ring::kCity);
}

void offer_directly(State& state, CallRecord& call, WorkerId id, OfferReason reason) {
  WorkerRecord& worker = state.worker(id);
  make_offer(state, call, worker, nearness(call, worker), reason);
}

void pass_on_cold(State& state, CallRecord& call, const Target& target) {
  const WorkerId first = call.worker;
  if (target.node != kNoNode) move_rings(state, call, target.node);
  WorkerRecord& worker = let_go(state, call);
  if (!KAPOK_IS_PLANTED(passed_back_to_the_first)) exclude(state, call, first, kForThisCall);
  wait_again(state, call, first, WaitsAgain::kTransferred);
  if (target.worker.is_set()) offer_directly(state, call, target.worker, OfferReason::kTransfer);
  begin_after_call(state, worker, was_high_risk(call));
}

void pass_on_warm(State& state, CallRecord& call, WorkerId second) {
  WorkerRecord& worker = state.worker(second);
  call.second_offer = make_offer_beside(state, call, worker, nearness(call, worker));
}

void record_end(State& state, const CallRecord& call, WorkerId first, WorkerId second, TransferEnd how) {
  state.order(RecordTransferEnded{call.arrival.call, first, second, how, state.now});
}

}  // namespace

void ask_transfer(State& state, const TransferAsked& event) {
  CallRecord* call = talking_with(state, event.call, event.worker);
  if (call == nullptr) return;
  const auto refuse = [&](ErrorCode why) { state.order(RefuseEvent{why, event.worker, event.call, {}, {}}); };
  if (!event.worker.is_set()) return refuse(ErrorCode::kUnknownWorker);
  if (call->kept || call->second_offer.is_set()) return refuse(ErrorCode::kWrongState);
  const auto target = look_up(state, *call, event);
  if (!target) return refuse(target.error().code);
  RecordTransfer record{event.call, call->legs, event.worker, event.kind, event.to_worker, event.to_unit, state.now};
  if (event.kind == TransferKind::kWarm || event.to_supervisor) record.to_worker = target->worker;
  if (event.kind == TransferKind::kCold && target->node != kNoNode) record.to_unit = state.nodes[target->node].id;
  state.order(record);
  if (event.kind == TransferKind::kCold) return pass_on_cold(state, *call, *target);
  pass_on_warm(state, *call, target->worker);
}

void cancel_transfer(State& state, const TransferCancelled& event) {
  CallRecord* call = talking_with(state, event.call, event.worker);
  if (call == nullptr) return;
  if (!event.worker.is_set() || !call->second_offer.is_set())
    return state.order(RefuseEvent{ErrorCode::kWrongState, event.worker, event.call, {}, {}});
  end_transfer(state, *call, TransferEnd::kCancelled);
}

bool is_beside_a_talk(const CallRecord& call, OfferId offer) {
  return call.second_offer.is_set() && call.second_offer == offer;
}

WorkerId relieve_first(State& state, CallRecord& call, const OfferRecord& offer) {
  if (!is_beside_a_talk(call, offer.id)) return {};
  call.second_offer = {};
  WorkerRecord& first = let_go(state, call);
  call.taken = {first.info.id, state.now};
  take_share(state, call, offer.ring);
  record_end(state, call, first.info.id, offer.worker, TransferEnd::kTaken);
  if (KAPOK_IS_PLANTED(relieved_without_rest))
    refresh(state, first);
  else
    begin_after_call(state, first, was_high_risk(call));
  return first.info.id;
}

void transfer_not_taken(State& state, CallRecord& call, const OfferRecord& offer) {
  call.second_offer = {};
  record_end(state, call, call.worker, offer.worker, TransferEnd::kNotTaken);
}

void end_transfer(State& state, CallRecord& call, TransferEnd how) {
  if (!call.second_offer.is_set()) return;
  const OfferId offer = call.second_offer;
  const WorkerId second = state.offer(offer).worker;
  call.second_offer = {};
  if (KAPOK_IS_PLANTED(second_rings_on)) return;
  take_back(state, offer, how == TransferEnd::kCallEnded ? OfferEnd::kCallerLeft : OfferEnd::kCancelled);
  record_end(state, call, call.worker, second, how);
}

void return_to_first(State& state, CallRecord& call, const TakenOver& taken, Instant lost_at) {
  const auto found = state.workers.find(taken.from);
  const Duration soon = KAPOK_IS_PLANTED(returned_too_late) ? 4 * kTransferReturns : Duration{kTransferReturns};
  if (found == state.workers.end() || lost_at > taken.at + soon) return;
  const WorkerRecord& worker = found->second;
  const auto load = static_cast<std::int32_t>(worker.talking.size() + worker.offers.size());
  if (load >= capacity(state, worker) || ringable(state, worker).empty()) return;
  if (is_excluded(call, taken.from) || !has_skills(state, call, worker)) return;
  offer_directly(state, call, taken.from, OfferReason::kReturned);
}

void move_rings(State& state, CallRecord& call, NodeIx from) {
  call.rings_from = from;
  call.path = ring_path(state, from);
  call.widest = std::max(call.widest, call.path.first);
}

}  // namespace kapok::routing
