#include "service/routing_rows.h"

#include <algorithm>
#include <set>
#include <variant>

#include "core/check.h"

namespace kapok::service {

/// What one batch of commands has touched so far.
struct RoutingRows::Taking {
  RowsToSave rows;
  std::set<CallId> calls;
  std::set<CallId> legs;
  std::set<CallId> second_legs;
  std::set<WorkerId> workers;
};

void RoutingRows::clear() {
  calls_.clear();
  workers_.clear();
  gaps_.clear();
}

void RoutingRows::load(std::vector<LiveCall> calls, const std::vector<storage::WorkerStateRow>& workers,
                       const std::vector<storage::GapRow>& gaps) {
  clear();
  for (LiveCall& call : calls) calls_.add(std::move(call));
  for (const auto& row : workers) workers_[row.id] = row;
  for (const auto& row : gaps) gaps_[row.unit] = row;
}

void RoutingRows::put(Taking& taking, const routing::RecordArrival& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  call->row.unit = command.unit;
  call->row.base = command.base;
  if (command.arrived_at != call->row.arrived_at) call->row.place_at = command.arrived_at;
  call->row.joined_at = command.joined_at;
  call->row.arrival_seq = command.arrival_seq;
  taking.calls.insert(command.call);
}

storage::CallLegRow RoutingRows::new_leg(const routing::OfferCall& command) {
  storage::CallLegRow leg;
  leg.id = LegId{next_id_()};
  leg.city = city_;
  leg.call = command.call;
  leg.offer = command.offer;
  leg.worker = command.worker;
  leg.ring = command.ring;
  leg.attempt = command.attempt;
  leg.offered_at = command.made_at;
  leg.ring_until = command.ring_until;
  leg.reason = command.reason;
  return leg;
}

void RoutingRows::put(Taking& taking, const routing::OfferCall& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  if (call->row.state == CallState::kTalking) {
    call->second = {command.offer, command.epoch, command.endpoints, new_leg(command)};
    taking.second_legs.insert(command.call);
    return;
  }
  call->row.state = CallState::kOffered;
  call->row.worker = command.worker;
  call->offer = command.offer;
  call->offer_epoch = command.epoch;
  call->offer_endpoints = command.endpoints;
  call->leg = new_leg(command);
  taking.calls.insert(command.call);
  taking.legs.insert(command.call);
}

void RoutingRows::put(Taking& taking, const routing::RecordOfferEnded& command) {
  LiveCall* call = calls_.find(command.call);
  if (call == nullptr) return;
  const bool accepted = command.how == routing::OfferEnd::kAccepted;
  if (call->second.offer == command.offer) {
    call->second.leg.offer_end = command.how;
    if (accepted) return;  // ConnectCall goes on with it
    call->second.leg.ended_at = command.at;
    taking.rows.legs.push_back(call->second.leg);
    taking.second_legs.erase(command.call);
    call->second = {};
    return;
  }
  if (call->leg.offer != command.offer) return;
  call->leg.offer_end = command.how;
  call->offer = OfferId{};
  taking.legs.insert(command.call);
  if (accepted) return;
  call->leg.ended_at = command.at;
  call->row.state = CallState::kWaiting;
  call->row.worker = WorkerId{};
  taking.calls.insert(command.call);
  // A new offer of the same event gets a leg of its own, so this one is handed over now.
  taking.rows.legs.push_back(call->leg);
  taking.legs.erase(command.call);
}

/// The first answer opens the draft; a later one finds it.
void RoutingRows::answered(Taking& taking, LiveCall& call, Instant at) {
  if (!call.row.answered_at.is_set()) {
    call.row.answered_at = at;
    call.row.contact = ContactId{next_id_()};
    taking.rows.answered.push_back(call.row);
  } else if (call.passed_by.is_set()) {
    taking.rows.taken_over.push_back(call.row);
  } else {
    taking.rows.answered_again.push_back(call.row);
  }
}

void RoutingRows::put(Taking& taking, const routing::ConnectCall& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  if (call->second.offer.is_set() && call->second.offer == command.offer) {
    call->leg.ended_at = command.at;
    taking.rows.legs.push_back(call->leg);
    call->passed_by = command.relieves;
    call->relieved = call->row.endpoint;
    call->leg = call->second.leg;
    call->second = {};
    taking.second_legs.erase(command.call);
  }
  call->row.state = CallState::kTalking;
  call->row.worker = command.worker;
  call->row.endpoint = command.endpoint;
  call->row.talking_since = command.at;
  call->offer = OfferId{};
  call->leg.endpoint = command.endpoint;
  call->leg.answered_at = command.at;
  call->leg.offer_end = routing::OfferEnd::kAccepted;
  taking.calls.insert(command.call);
  taking.legs.insert(command.call);
  // Who is rung back first has not been answered before he is reached.
  if (!command.dial_caller || call->row.answered_at.is_set()) answered(taking, *call, command.at);
}

void RoutingRows::put(Taking& taking, const routing::ReturnCallToWaiting& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  call->row.state = CallState::kWaiting;
  call->row.worker = WorkerId{};
  call->row.endpoint = EndpointId{};
  call->leg.ended_at = command.at;
  call->leg.waits_again = command.why;
  call->passed_by = command.why == routing::WaitsAgain::kTransferred ? command.worker : WorkerId{};
  taking.calls.insert(command.call);
  taking.rows.legs.push_back(call->leg);
  taking.legs.erase(command.call);
}

void RoutingRows::put(Taking& taking, const routing::RecordTransfer& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr && call->leg.worker == command.worker);
  call->leg.transfer_kind = command.kind;
  call->leg.transfer_to = command.to_worker;
  call->leg.transfer_unit = command.to_unit;
  call->leg.transfer_at = command.at;
  call->leg.transfer_end.reset();
  taking.legs.insert(command.call);
}

/// The first's leg may have ended in the same event, and then stands among those handed over.
void RoutingRows::put(Taking& taking, const routing::RecordTransferEnded& command) {
  for (auto leg = taking.rows.legs.rbegin(); leg != taking.rows.legs.rend(); ++leg) {
    if (leg->call != command.call || leg->worker != command.worker || !leg->transfer_kind) continue;
    leg->transfer_end = command.how;
    return;
  }
  LiveCall* call = calls_.find(command.call);
  if (call == nullptr || call->leg.worker != command.worker) return;
  call->leg.transfer_end = command.how;
  taking.legs.insert(command.call);
}

void RoutingRows::put(Taking& taking, const routing::KeepCallback& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  call->row.kept_at = command.at;
  call->row.reached_at = {};
  taking.calls.insert(command.call);
}

void RoutingRows::put(Taking& taking, const routing::RecordCallerReached& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  call->row.reached_at = command.at;
  taking.calls.insert(command.call);
  if (!call->row.answered_at.is_set()) answered(taking, *call, command.at);
}

void RoutingRows::put(Taking& taking, const routing::EndCall& command) {
  LiveCall* call = calls_.find(command.call);
  KAPOK_CHECK(call != nullptr);
  if (command.worker.is_set()) {
    call->row.worker = command.worker;
    call->leg.ended_at = command.at;
    taking.rows.legs.push_back(call->leg);
    taking.legs.erase(command.call);
  }
  call->row.state = CallState::kEnded;
  call->row.ended_at = command.at;
  call->row.outcome = command.outcome;
  call->row.ended_by = command.ended_by;
  call->row.waited = command.waited;
  call->offer = OfferId{};
  taking.calls.insert(command.call);
}

void RoutingRows::put(Taking& taking, const routing::WorkerStateChanged& command) {
  storage::WorkerStateRow& row = workers_[command.worker];
  row.id = command.worker;
  row.city = city_;
  row.state = command.state;
  row.reason = command.reason;
  row.draining = command.draining;
  row.since = command.since;
  row.until = command.until;
  row.idle_since = command.idle_since;
  row.desk_ready = command.desk_ready;
  row.desk_missed = command.desk_missed;
  row.phone_away = command.phone_away;
  taking.workers.insert(command.worker);
}

void RoutingRows::put(Taking& taking, const routing::NoteGap& command) {
  storage::GapRow row;
  row.id = storage::GapId{next_id_()};
  row.city = city_;
  row.unit = command.unit;
  row.kind = command.kind;
  row.from = command.from;
  taking.rows.gaps.push_back(row);
  row.version = 1;
  gaps_[command.unit] = row;
}

void RoutingRows::put(Taking& taking, const routing::CloseGap& command) {
  const auto found = gaps_.find(command.unit);
  if (found == gaps_.end()) return;
  storage::GapRow row = found->second;
  row.to = command.to;
  taking.rows.gaps.push_back(row);
  gaps_.erase(found);
}

namespace {

/// Of a leg that was named several times, how it stood last.
std::vector<storage::CallLegRow> each_once(std::vector<storage::CallLegRow> named) {
  std::vector<storage::CallLegRow> legs;
  for (storage::CallLegRow& leg : named) {
    const auto same = std::find_if(legs.begin(), legs.end(), [&](const auto& other) { return other.id == leg.id; });
    if (same == legs.end()) {
      legs.push_back(std::move(leg));
    } else {
      *same = std::move(leg);
    }
  }
  return legs;
}

}  // namespace

RowsToSave RoutingRows::take(const std::vector<routing::Command>& commands) {
  Taking taking;
  for (const routing::Command& command : commands) std::visit([&](const auto& said) { put(taking, said); }, command);

  // A row may be named by several commands; it is written once, as it stands now.
  for (const CallId id : taking.legs) taking.rows.legs.push_back(calls_.find(id)->leg);
  for (const CallId id : taking.second_legs) taking.rows.legs.push_back(calls_.find(id)->second.leg);
  for (const CallId id : taking.calls) {
    LiveCall& call = *calls_.find(id);
    taking.rows.calls.push_back(call.row);
    ++call.row.version;
    if (call.row.state == CallState::kEnded) taking.rows.ended.push_back(call);
  }
  for (const WorkerId id : taking.workers) {
    storage::WorkerStateRow& row = workers_[id];
    taking.rows.workers.push_back(row);
    ++row.version;
  }
  std::vector<storage::CallLegRow> legs = each_once(std::move(taking.rows.legs));
  for (const storage::CallLegRow& leg : legs) {
    LiveCall* call = calls_.find(leg.call);
    if (call->leg.id == leg.id) ++call->leg.version;
    if (call->second.leg.id == leg.id) ++call->second.leg.version;
  }
  taking.rows.legs = std::move(legs);
  for (const LiveCall& call : taking.rows.ended) calls_.remove(call.row.id);
  return std::move(taking.rows);
}

namespace {

/// Saving moves a row's version on; these are copies, so that the same rows can be saved once more elsewhere.
template <class Table, class Row>
Result<> save_all(storage::Transaction& tx, std::vector<Row> rows) {
  for (Row& row : rows)
    if (auto saved = Table::save(tx, row); !saved) return saved;
  return Done{};
}

}  // namespace

Result<> RoutingRows::save(storage::Transaction& tx, const RowsToSave& rows) {
  if (auto saved = save_all<storage::CallTable>(tx, rows.calls); !saved) return saved;
  if (auto saved = save_all<storage::CallLegTable>(tx, rows.legs); !saved) return saved;
  if (auto saved = save_all<storage::WorkerStateTable>(tx, rows.workers); !saved) return saved;
  return save_all<storage::GapTable>(tx, rows.gaps);
}

}  // namespace kapok::service
