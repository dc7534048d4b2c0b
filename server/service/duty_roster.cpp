#include <algorithm>
#include <chrono>

#include "service/directory_events.h"
#include "service/duty_desk.h"
#include "storage/audit_chain.h"
#include "storage/shift_table.h"

/// The roster and how it moves routing: shifts that begin and end by the clock, shifts that an import changes, desks
/// nobody comes to.
namespace kapok::service {
namespace {

/// Longest sleep of the roster's timer: practice clocks and re-reading come past it.
constexpr std::chrono::minutes kLongestSleep{10};

struct RosterRead {
  std::vector<casework::Shift> shifts;
  std::set<std::int64_t> there;  ///< damaged ones too: nobody is sent home because a row cannot be read
};

/// Shifts that came from the store; one taken on the spot may be known here before it is there.
std::vector<ShiftId> rostered(const Roster& roster) {
  std::vector<ShiftId> known;
  for (const auto& [id, shift] : roster.all())
    if (!shift.taken_on_the_spot) known.push_back(id);
  return known;
}

}  // namespace

void DutyDesk::start(std::function<void(Result<>)> then) {
  read_roster([this, then = std::move(then)](Result<> read) {
    if (!read) return then(read);
    for (const ShiftId shift : calls_.restored_shifts()) {
      roster_.started(shift);
      told_.insert(shift);
    }
    started_ = true;
    look_at_clock();
    tell_moved();
    then(Done{});
  });
}

void DutyDesk::read_roster(std::function<void(Result<>)> then) {
  // The store may be older than what is known here; the roster is read again when it is back.
  if (office_.degraded) return then(ErrorCode::kStoreUnavailable);
  const Instant now = office_.clock.now();
  read_at_ = now;
  office_.read<RosterRead>(
      [city = office_.config.city, now](storage::ReadTransaction& tx) {
        const auto rows = storage::ShiftTable::touching(tx, city, {now - kRosterWindow, now + kRosterWindow});
        RosterRead read;
        for (const auto& row : rows.rows) read.shifts.push_back(storage::ShiftTable::shift_of(row));
        read.there.insert(rows.damaged_ids.begin(), rows.damaged_ids.end());
        for (const casework::Shift& shift : read.shifts) read.there.insert(shift.id.value);
        return Result<RosterRead>(std::move(read));
      },
      [this, alive = std::weak_ptr(alive_), known = rostered(roster_),
       then = std::move(then)](const Result<RosterRead>& read) {
        if (alive.expired()) return;
        if (!read) return then(read.error());
        for (const casework::Shift& shift : read->shifts) take_in(shift);
        for (const ShiftId shift : known)
          if (!read->there.contains(shift.value)) drop(shift);
        then(Done{});
      });
}

/// Units, end and phone of a running shift may move; who talks or is being rung goes on.
void DutyDesk::take_in(const casework::Shift& shift) {
  const casework::Shift* known = roster_.find(shift.id);
  // A shift changed here while the reading was under way is newer than what was read.
  if (known != nullptr && known->version > shift.version) return;
  const bool moved = known != nullptr && (known->units != shift.units || known->period != shift.period ||
                                          known->endpoint != shift.endpoint || known->by != shift.by);
  const bool told_wrongly = told_.contains(shift.id) != takes_calls(*office_.directory, shift.worker);
  roster_.put(shift);
  if (!roster_.is_running(shift.id) || !stands(shift) || !calls_.running() || !(moved || told_wrongly)) return;
  After after;
  after.workers.push_back(shift.worker);
  calls_.happened(begun(shift), std::move(after));
  tell_moved();
}

/// It is no longer in the store.
void DutyDesk::drop(ShiftId id) {
  if (roster_.is_running(id)) end_shift(casework::Shift(*roster_.find(id)), {});
  roster_.erase(id);
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
    for (const ShiftId id : roster_.unattended(now))
      if (auto absent = casework::mark_absent(*roster_.find(id), now)) write_down(std::move(*absent), WorkerId{});
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
    told_.erase(id);
    if (before) return roster_.put(*before);
    roster_.erase(id);
  };
  calls_.happened(begun(shift), std::move(after));
  tell_moved();
}

/// What routing hears of a shift that runs now: nothing, when its worker takes no calls.
routing::Event DutyDesk::begun(const casework::Shift& shift) {
  if (takes_calls(*office_.directory, shift.worker)) {
    told_.insert(shift.id);
    return shift_started(*office_.directory, shift);
  }
  if (told_.erase(shift.id) > 0) return routing::ShiftEnded{shift.id};
  return routing::Ticked{};
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
  const bool told = told_.erase(shift.id) > 0;
  calls_.happened(told ? routing::Event{routing::ShiftEnded{shift.id}} : routing::Ticked{}, std::move(after));
  tell_moved();
}

/// 接听即签到, and so is saying "ready": whoever does it in a rostered shift has checked in to it (domain.md §0.1).
void DutyDesk::sign_in(WorkerId worker) {
  const casework::Shift* shift = roster_.running(worker);
  if (shift == nullptr) return;
  if (auto checked_in = casework::check_in(*shift, office_.clock.now())) write_down(std::move(*checked_in), worker);
}

/// A change that concerns the books alone, made by a worker or, unset, by the clock. When it cannot be saved the shift
/// is as it was.
void DutyDesk::write_down(casework::Shift shift, WorkerId by) {
  const auto before = *roster_.find(shift.id);
  roster_.put(shift);
  office_.changes.save(
      storage::WriteClass::kCallEvent,
      [shift, by](storage::Transaction& tx) {
        tx.audit().append(tx, {.actor = by,
                               .session = {},
                               .action = storage::AuditAction::kDutyChanged,
                               .object = storage::AuditObject::kShift,
                               .object_id = shift.id.value,
                               .scope = Scope::kOwn});
        return storage::ShiftTable::save(tx, shift);
      },
      [this, alive = std::weak_ptr(alive_), before](const storage::WriteOutcome& outcome) {
        if (alive.expired() || outcome.result) return;
        const casework::Shift* known = roster_.find(before.id);
        if (known != nullptr && known->version == before.version + 1) roster_.put(before);
      },
      storage::Degraded::kAllowed);
}

/// After a rebuild from the store routing knows of no desk and of no shift begun since.
void DutyDesk::desks_again() {
  roster_.clear();
  told_.clear();
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

}  // namespace kapok::service
