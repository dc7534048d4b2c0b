#include "service/desks.h"

#include <variant>

#include "core/phone_number.h"

namespace kapok::service {
namespace {

std::string why(routing::OfferEnd end) {
  switch (end) {
    case routing::OfferEnd::kMissed:
      return "timeout";
    case routing::OfferEnd::kAccepted:
    case routing::OfferEnd::kAnsweredElsewhere:
      return "answered_elsewhere";
    default:
      return std::string(name_of(end));
  }
}

api::OfferView offer_view(const Directory& directory, const routing::OfferCall& offer, const LiveCall& call) {
  api::OfferView view;
  view.offer = offer.offer;
  view.epoch = static_cast<std::uint32_t>(offer.epoch);
  view.call = offer.call;
  view.line_zh = directory.line_zh(offer.line);
  view.unit_zh = directory.unit_zh(offer.unit);
  view.caller_class = offer.effective;
  view.caller_masked = masked(parse_phone_number(call.row.caller));
  view.second_attempt = call.row.attempts > 0;
  view.arrived_at = call.row.arrived_at;
  view.ring_until = offer.ring_until;
  view.reason = offer.reason;
  view.beside = call.second.offer == offer.offer;
  view.from_name = directory.worker_name(view.beside ? call.row.worker : call.passed_by);
  return view;
}

}  // namespace

bool Desks::open(ConnectionId connection, WorkerId worker) {
  worker_of_[connection] = worker;
  auto& connections = desks_[worker];
  connections.insert(connection);
  const auto ringing = ringing_.find(worker);
  if (connections.size() > 1 && ringing != ringing_.end())
    office_.clients.push(connection, api::OfferShown{ringing->second});
  return connections.size() == 1;
}

WorkerId Desks::close(ConnectionId connection) {
  const auto found = worker_of_.find(connection);
  if (found == worker_of_.end()) return {};
  const WorkerId worker = found->second;
  worker_of_.erase(found);
  const auto desks = desks_.find(worker);
  desks->second.erase(connection);
  if (!desks->second.empty()) return {};
  desks_.erase(desks);
  return worker;
}

WorkerId Desks::worker_of(ConnectionId connection) const {
  const auto found = worker_of_.find(connection);
  return found == worker_of_.end() ? WorkerId{} : found->second;
}

bool Desks::is_desk_of(ConnectionId connection, WorkerId worker) const {
  return worker.is_set() && worker_of(connection) == worker;
}

void Desks::push(WorkerId worker, const api::Push& push, const std::string& coalesce_key, ConnectionId except) const {
  const auto found = desks_.find(worker);
  if (found == desks_.end()) return;
  for (const ConnectionId connection : found->second)
    if (connection != except) office_.clients.push(connection, push, coalesce_key);
}

void Desks::show(const SavedEvent& saved) {
  if (saved.fresh) ringing_.clear();
  for (const routing::Command& command : saved.commands) {
    if (const auto* offered = std::get_if<routing::OfferCall>(&command)) {
      if (const LiveCall* call = saved.call(offered->call)) {
        const auto view = offer_view(*office_.directory, *offered, *call);
        ringing_[offered->worker] = view;
        push(offered->worker, api::OfferShown{view});
        if (view.beside)
          push(call->row.worker,
               api::TransferOffered{offered->call, office_.directory->worker_name(offered->worker), view.ring_until});
      }
    } else if (const auto* ended = std::get_if<routing::RecordOfferEnded>(&command)) {
      ringing_.erase(ended->worker);
      // The desk that accepted has its answer; all others stop ringing.
      push(ended->worker, api::OfferWithdrawn{ended->offer, why(ended->how)}, {}, saved.asked_by);
    } else if (const auto* connected = std::get_if<routing::ConnectCall>(&command)) {
      connect(saved, *connected);
    } else if (const auto* reached = std::get_if<routing::RecordCallerReached>(&command)) {
      if (const LiveCall* call = saved.call(reached->call)) push(reached->worker, api::CallConnected{view_(*call)});
    } else if (const auto* passed = std::get_if<routing::RecordTransferEnded>(&command)) {
      push(passed->worker,
           api::TransferEnded{passed->call, passed->how, office_.directory->worker_name(passed->to_worker)});
    } else if (const auto* returned = std::get_if<routing::ReturnCallToWaiting>(&command)) {
      const LiveCall* call = saved.call(returned->call);
      push(returned->worker, api::CallOver{returned->call, CallOutcome::kNone, EndedBy::kSystem,
                                           call == nullptr ? ContactId{} : call->row.contact});
    } else if (const auto* over = std::get_if<routing::EndCall>(&command)) {
      const LiveCall* call = saved.call(over->call);
      if (over->worker.is_set() && call != nullptr)
        push(over->worker, api::CallOver{over->call, over->outcome, over->ended_by, call->row.contact});
    }
  }
}

void Desks::connect(const SavedEvent& saved, const routing::ConnectCall& connected) const {
  const LiveCall* call = saved.call(connected.call);
  if (call == nullptr) return;
  push(connected.worker, api::CallConnected{view_(*call)}, {}, saved.asked_by);
  if (connected.relieves.is_set())
    push(connected.relieves, api::CallOver{connected.call, CallOutcome::kNone, EndedBy::kWorker, call->row.contact});
}

}  // namespace kapok::service
