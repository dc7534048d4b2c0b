#include "service/duty_desk.h"

#include <algorithm>

#include "service/directory_events.h"

namespace kapok::service {

DutyDesk::DutyDesk(Office& office, CallDesk& calls)
    : office_(office),
      calls_(calls),
      desks_(office, [&calls](const LiveCall& call) { return calls.view(call); }),
      timer_(office.strand) {
  calls_.listen([this](const SavedEvent& event) { saved(event); });
  calls_.on_rebuilt([this] { desks_again(); });
  calls_.on_draft_finished([this](ContactId contact) { draft_finished(contact); });
}

DutyDesk::~DutyDesk() = default;

/// For everybody who had it before him: after a transfer two have.
void DutyDesk::draft_finished(ContactId contact) {
  std::vector<WorkerId> had;
  for (const auto& [worker, unfinished] : unfinished_)
    if (unfinished == contact) had.push_back(worker);
  for (const WorkerId worker : had) {
    unfinished_.erase(worker);
    api::DeskState state = state_of(worker);
    if (state.contact == contact) state.contact = {};
    show_state(worker, state);
    const auto view = calls_.running() ? calls_.core().worker(worker) : std::nullopt;
    if (view && view->state == WorkerState::kAfterCall) calls_.happened(routing::AfterCallEnded{worker});
  }
}

std::vector<ConnectionId> DutyDesk::desks_of(WorkerId worker) const {
  const auto found = desks_.all().find(worker);
  if (found == desks_.all().end()) return {};
  return {found->second.begin(), found->second.end()};
}

void DutyDesk::tell_moved() const {
  for (const auto& moved : moved_) moved();
}

void DutyDesk::disconnected(ConnectionId connection) {
  const WorkerId worker = desks_.close(connection);
  if (!worker.is_set()) return;
  EndpointId desk = desk_endpoint(*office_.directory, worker);
  // An import may have taken his desk out of the directory in mid-talk: the caller must not hear silence for that.
  if (const LiveCall* call = calls_.call_of(worker); call != nullptr && !desk.is_set()) desk = call->row.endpoint;
  if (desk.is_set() && calls_.running()) calls_.happened(routing::EndpointDown{desk});
}

void DutyDesk::fell_behind(ConnectionId connection) {
  const WorkerId worker = desks_.worker_of(connection);
  if (worker.is_set()) office_.clients.push(connection, state_of(worker), "desk");
}

void DutyDesk::directory_changed() {
  std::vector<ConnectionId> closed;
  for (const auto& [worker, connections] : desks_.all())
    for (const ConnectionId connection : connections) {
      const Client* client = office_.clients.find(connection);
      const Session* session = client == nullptr ? nullptr : client->session.get();
      if (session == nullptr ||
          !may(office_.directory->tree(), session->subject, Action::kUseDesk, {session->unit, session->worker, false}))
        closed.push_back(connection);
    }
  for (const ConnectionId connection : closed) disconnected(connection);
}

void DutyDesk::saved(const SavedEvent& saved) {
  if (saved.fresh) {
    for (const auto& [worker, state] : states_)
      if (state.offer.is_set()) desks_.push(worker, api::OfferWithdrawn{state.offer, "timeout"});
    states_.clear();
    unfinished_ = saved.drafts;
  }
  for (const LiveCall& call : saved.calls) {
    const bool talking = call.row.state == CallState::kTalking || call.row.state == CallState::kEnded;
    if (talking && call.row.worker.is_set() && call.row.contact.is_set())
      unfinished_[call.row.worker] = call.row.contact;
  }
  for (const routing::Command& command : saved.commands)
    if (const auto* answered = std::get_if<routing::ConnectCall>(&command)) sign_in(answered->worker);
  desks_.show(saved);
  for (const routing::WorkerView& view : saved.workers) show_state(view.worker, state_from(saved, view.worker));
}

void DutyDesk::show_state(WorkerId worker, api::DeskState state) {
  states_[worker] = state;
  desks_.push(worker, state, "desk");
}

api::DeskState DutyDesk::state_of(WorkerId worker) const {
  const auto found = states_.find(worker);
  return found == states_.end() ? api::DeskState{} : found->second;
}

api::DeskState DutyDesk::state_from(const SavedEvent& saved, WorkerId worker) const {
  api::DeskState state;
  const routing::WorkerView* view = saved.worker(worker);
  if (view == nullptr) return state_of(worker);
  state.state = view->state;
  state.state_since = view->since;
  if (view->state == WorkerState::kAfterCall) state.after_call_until = view->until;
  if (const casework::Shift* shift = roster_.running(worker)) {
    state.shift = shift->id;
    state.shift_ends_at = shift->period.to;
  }
  const auto unfinished = unfinished_.find(worker);
  if (unfinished != unfinished_.end()) state.contact = unfinished->second;
  const auto holds = [&](const LiveCall& call) {
    if (call.second.offer.is_set() && call.second.leg.worker == worker) state.offer = call.second.offer;
    if (call.row.worker != worker || call.row.state == CallState::kEnded) return;
    state.offer = call.offer;
    if (call.row.state != CallState::kTalking) return;
    state.call = call.row.id;
    state.contact = call.row.contact;
  };
  for (const LiveCall& call : saved.calls) holds(call);
  // A desk that opens while it rings or comes back into its talk: the event itself is not about the call.
  const bool rings = view->state == WorkerState::kOffered && !state.offer.is_set();
  if (rings || (view->state == WorkerState::kTalking && !state.call.is_set()))
    for (const auto& [id, call] : calls_.calls().all()) holds(call);
  if (const DirectoryWorker* person = office_.directory->worker(worker)) {
    const auto waiting = calls_.core().counters(person->unit).calls_waiting;
    state.callers_waiting = static_cast<std::uint32_t>(std::max(0, waiting));
  }
  return state;
}

}  // namespace kapok::service
