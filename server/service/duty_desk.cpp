#include "service/duty_desk.h"

#include <algorithm>
#include <chrono>

#include "service/directory_events.h"
#include "storage/shift_table.h"

namespace kapok::service {
namespace {

/// Longest sleep of the roster's timer: practice clocks and re-reading come past it.
constexpr std::chrono::minutes kLongestSleep{10};

}  // namespace

DutyDesk::DutyDesk(Office& office, CallDesk& calls)
    : office_(office),
      calls_(calls),
      desks_(office, [&calls](const LiveCall& call) { return calls.view(call); }),
      timer_(office.strand) {
  calls_.listen([this](const SavedEvent& event) { saved(event); });
  calls_.on_rebuilt([this] { desks_again(); });
  calls_.on_draft_finished([this](WorkerId worker, ContactId contact) {
    const auto found = unfinished_.find(worker);
    if (found == unfinished_.end() || found->second != contact) return;
    unfinished_.erase(found);
    api::DeskState state = state_of(worker);
    if (state.contact == contact) state.contact = {};
    show_state(worker, state);
  });
}

DutyDesk::~DutyDesk() = default;

void DutyDesk::start(std::function<void(Result<>)> then) {
  read_roster([this, then = std::move(then)](Result<> read) {
    if (!read) return then(read);
    for (const ShiftId shift : calls_.restored_shifts()) roster_.started(shift);
    started_ = true;
    look_at_clock();
    tell_moved();
    then(Done{});
  });
}

void DutyDesk::read_roster(std::function<void(Result<>)> then) {
  const Instant now = office_.clock.now();
  read_at_ = now;
  office_.read<std::vector<casework::Shift>>(
      [city = office_.config.city, now](storage::ReadTransaction& tx) {
        std::vector<casework::Shift> shifts;
        for (const auto& row : storage::ShiftTable::touching(tx, city, {now - kRosterWindow, now + kRosterWindow}).rows)
          shifts.push_back(storage::ShiftTable::shift_of(row));
        return Result<std::vector<casework::Shift>>(std::move(shifts));
      },
      [this, alive = std::weak_ptr(alive_), then = std::move(then)](Result<std::vector<casework::Shift>> shifts) {
        if (alive.expired()) return;
        if (!shifts) return then(shifts.error());
        // A shift changed here while the reading was under way is newer than what was read.
        for (const casework::Shift& shift : *shifts) {
          const casework::Shift* known = roster_.find(shift.id);
          if (known == nullptr || known->version <= shift.version) roster_.put(shift);
        }
        then(Done{});
      });
}

std::vector<ConnectionId> DutyDesk::desks_of(WorkerId worker) const {
  const auto found = desks_.all().find(worker);
  if (found == desks_.all().end()) return {};
  return {found->second.begin(), found->second.end()};
}

void DutyDesk::roster_changed() {
  read_roster([this](const Result<>& read) {
    if (read && started_) look_at_clock();
  });
}

void DutyDesk::look_at_clock() {
  if (!started_) return;
  const Instant now = office_.clock.now();
  if (read_at_ + kRosterReread <= now) {
    roster_.forget_before(now);
    roster_changed();
  }
  if (calls_.running()) {
    for (const Roster::Due& due : roster_.due(now)) {
      const casework::Shift shift = *roster_.find(due.shift);
      if (due.edge == Roster::Edge::kStart) {
        begin_shift(shift, {});
      } else {
        end_at_its_time(shift);
      }
    }
  }
  arm_timer();
}

void DutyDesk::arm_timer() {
  const Instant now = office_.clock.now();
  Duration sleep = kLongestSleep;
  if (const auto next = roster_.next_edge(now)) sleep = std::min(sleep, office_.clock.real_until(*next));
  timer_.expires_after(std::max<Duration>(sleep, milliseconds{1}));
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
    if (!failed && !alive.expired()) look_at_clock();
  });
}

/// The roster takes the shift at once, so that it is begun once; when that cannot be saved the city is read
/// anew from the store and so is the roster.
void DutyDesk::begin_shift(casework::Shift shift, After after) {
  const casework::Shift* known = roster_.find(shift.id);
  const auto before = known == nullptr ? std::nullopt : std::optional(*known);
  roster_.put(shift);
  roster_.started(shift.id);
  after.workers.push_back(shift.worker);
  after.done = [this, id = shift.id, before](const Result<SavedEvent>& outcome) {
    if (outcome || !calls_.running()) return;
    // Routing would not have it: it does not run, and one taken on the spot was never written.
    roster_.ended(id);
    if (before) return roster_.put(*before);
    roster_.erase(id);
  };
  calls_.happened(shift_started(*office_.directory, shift), std::move(after));
  tell_moved();
}

void DutyDesk::end_at_its_time(const casework::Shift& shift) {
  auto closed = casework::close(shift, office_.clock.now());
  // Nobody checked in: the shift ends all the same, and stays planned or absent in the books.
  if (!closed) return end_shift(shift, {});
  After after;
  after.also = [closed = *closed](storage::Transaction& tx) { return storage::ShiftTable::save(tx, closed); };
  end_shift(*closed, std::move(after));
}

void DutyDesk::end_shift(const casework::Shift& shift, After after) {
  roster_.put(shift);
  roster_.ended(shift.id);
  after.workers.push_back(shift.worker);
  calls_.happened(routing::ShiftEnded{shift.id}, std::move(after));
  tell_moved();
}

void DutyDesk::tell_moved() const {
  for (const auto& moved : moved_) moved();
}

void DutyDesk::disconnected(ConnectionId connection) {
  const WorkerId worker = desks_.close(connection);
  if (!worker.is_set()) return;
  const EndpointId desk = desk_endpoint(*office_.directory, worker);
  if (desk.is_set() && calls_.running()) calls_.happened(routing::EndpointDown{desk});
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

/// After a rebuild from the store routing knows of no desk and of no shift begun since.
void DutyDesk::desks_again() {
  roster_.clear();
  started_ = false;
  for (const auto& [worker, connections] : desks_.all()) {
    const EndpointId desk = desk_endpoint(*office_.directory, worker);
    if (desk.is_set()) calls_.happened(routing::EndpointUp{desk});
  }
  start([this](const Result<>& read) {
    if (read || !calls_.running()) return;
    timer_.expires_after(std::chrono::seconds{1});
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
      if (!failed && !alive.expired()) desks_again();
    });
  });
}

void DutyDesk::saved(const SavedEvent& saved) {
  if (saved.fresh) {
    for (const auto& [worker, state] : states_)
      if (state.offer.is_set()) desks_.push(worker, api::OfferWithdrawn{state.offer, "timeout"});
    states_.clear();
  }
  for (const LiveCall& call : saved.calls) {
    const bool talking = call.row.state == CallState::kTalking || call.row.state == CallState::kEnded;
    if (talking && call.row.worker.is_set() && call.row.contact.is_set())
      unfinished_[call.row.worker] = call.row.contact;
  }
  for (const routing::Command& command : saved.commands)
    if (const auto* answered = std::get_if<routing::ConnectCall>(&command)) sign_in_by_answer(answered->worker);
  desks_.show(saved);
  for (const routing::WorkerView& view : saved.workers) show_state(view.worker, state_from(saved, view.worker));
}

/// 接听即签到: whoever answers in a rostered shift has checked in to it (domain.md §0.1).
void DutyDesk::sign_in_by_answer(WorkerId worker) {
  const casework::Shift* shift = roster_.running(worker);
  if (shift == nullptr) return;
  auto checked_in = casework::check_in(*shift, office_.clock.now());
  if (!checked_in) return;
  roster_.put(*checked_in);
  office_.changes.save(
      storage::WriteClass::kCallEvent,
      [shift = *checked_in](storage::Transaction& tx) { return storage::ShiftTable::save(tx, shift); },
      [](const storage::WriteOutcome&) {});
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
