#include "service/directory_events.h"
#include "service/duty_desk.h"
#include "storage/shift_table.h"

/// What a worker may ask about his duty.
namespace kapok::service {
namespace {

/// Shifts of one answer; a month of one station is about a hundred.
constexpr std::size_t kShiftsListedMax = 500;
constexpr Duration kListedPeriodMax = hours{62 * 24};

storage::AuditEvent duty_audit(const Asked& asked, ShiftId shift) {
  return {.actor = asked->session->worker,
          .session = asked->session->id,
          .action = storage::AuditAction::kDutyChanged,
          .object = storage::AuditObject::kShift,
          .object_id = shift.value,
          .scope = Scope::kOwn};
}

/// By what a worker without a roster serves: his desk, or his phone when he has no desk.
const DirectoryEndpoint* spot_endpoint(const DirectoryWorker& worker) {
  for (const EndpointKind kind : {EndpointKind::kDesk, EndpointKind::kPhone, EndpointKind::kDutyPhone})
    for (const DirectoryEndpoint& endpoint : worker.endpoints)
      if (endpoint.kind == kind) return &endpoint;
  return nullptr;
}

struct Shifts {
  std::vector<casework::Shift> rows;
  std::vector<std::int64_t> damaged;  ///< of whichever unit: that cannot be known
};

/// Everybody's, or those of `only` alone, who is told of no damaged ones.
Shifts shifts_below(storage::ReadTransaction& tx, CityId city, Period period, UnitId unit, const Directory& directory,
                    WorkerId only) {
  Shifts shifts;
  auto found = storage::ShiftTable::touching(tx, city, period);
  if (!only.is_set()) shifts.damaged = std::move(found.damaged_ids);
  for (const auto& row : found.rows) {
    casework::Shift shift = storage::ShiftTable::shift_of(row);
    const bool below = std::any_of(shift.units.begin(), shift.units.end(),
                                   [&](UnitId at) { return directory.tree().is_within(at, unit); });
    if (below && (!only.is_set() || shift.worker == only) && shifts.rows.size() < kShiftsListedMax)
      shifts.rows.push_back(std::move(shift));
  }
  return shifts;
}

api::ShiftList shift_list(const Directory& directory, const Shifts& shifts) {
  api::ShiftList list;
  for (const std::int64_t id : shifts.damaged) {
    api::ShiftView view;
    view.shift = ShiftId{id};
    view.worker_name = std::string(name_of(ErrorCode::kRowDamaged));
    list.shifts.push_back(std::move(view));
  }
  for (const casework::Shift& shift : shifts.rows) {
    api::ShiftView view{shift.id, shift.worker, directory.worker_name(shift.worker), shift.units, {}, shift.period,
                        shift.by, shift.state};
    for (const UnitId at : shift.units) view.units_zh.push_back(directory.unit_zh(at));
    list.shifts.push_back(std::move(view));
  }
  return list;
}

}  // namespace

/// The state that the event leads to, made when it was decided and told when it is saved.
After DutyDesk::with_state(const Asked& asked) {
  After after;
  after.asked = asked;
  after.workers.push_back(asked->session->worker);
  after.reply = [this, worker = asked->session->worker](const SavedEvent& saved) -> api::ReplyBody {
    return state_from(saved, worker);
  };
  return after;
}

bool DutyDesk::may_use_desk(const Asked& asked) const {
  const Session* session = asked->session.get();
  const WorkerId worker = session == nullptr ? WorkerId{} : session->worker;
  return office_.require(asked, Action::kUseDesk,
                         {.unit = session == nullptr ? UnitId{} : session->unit, .owner = worker});
}

void DutyDesk::handle(const Asked& asked, const api::TakeDuty& take) {
  if (!asked->session) return asked->refuse(ErrorCode::kNotSignedIn);
  const WorkerId worker = asked->session->worker;
  const casework::Shift* running = roster_.running(worker);
  if (running != nullptr && running->state == casework::ShiftState::kOnDuty)
    return asked->refuse(ErrorCode::kAlreadyOnDuty);
  const casework::Shift* open = roster_.open_for_check_in(worker, asked->now);
  if (open == nullptr) return take_on_the_spot(asked, take);
  if (!office_.require(asked, Action::kTakeRosteredDuty, {.unit = open->units.front(), .owner = worker})) return;
  auto checked_in = casework::check_in(*open, asked->now);
  if (!checked_in) return asked->refuse(checked_in.error());
  if (!calls_.running()) return asked->refuse(ErrorCode::kStoreUnavailable);
  const casework::Shift shift = std::move(checked_in).value();
  After after = with_state(asked);
  after.audit = duty_audit(asked, shift.id);
  after.also = [shift](storage::Transaction& tx) { return storage::ShiftTable::save(tx, shift); };
  if (!roster_.is_running(shift.id)) return begin_shift(shift, std::move(after));
  // The roster has begun it already; only the check-in is new.
  roster_.put(shift);
  calls_.happened(routing::Ticked{}, std::move(after));
}

void DutyDesk::take_on_the_spot(const Asked& asked, const api::TakeDuty& take) {
  const Directory& directory = *office_.directory;
  const WorkerId worker = asked->session->worker;
  const UnitId unit = take.unit.is_set() ? take.unit : asked->session->unit;
  if (directory.tree().find(unit) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit);
  if (!office_.require(asked, Action::kTakeDutyOnTheSpot, {.unit = unit, .owner = worker})) return;
  const DirectoryWorker* person = directory.worker(worker);
  const DirectoryEndpoint* endpoint = person == nullptr ? nullptr : spot_endpoint(*person);
  if (endpoint == nullptr) return asked->refuse(ErrorCode::kUnknownEndpoint);
  casework::Shift shift;
  shift.id = ShiftId{office_.next_id()};
  shift.worker = worker;
  shift.units = {directory.tree().desk_of(unit)};
  shift.period = {asked->now, take.until.is_set() ? take.until : asked->now + kSpotShift};
  shift.by = endpoint->kind;
  if (endpoint->kind != EndpointKind::kDesk) shift.endpoint = endpoint->id;
  shift.taken_on_the_spot = true;
  shift.state = casework::ShiftState::kOnDuty;
  shift.checked_in_at = asked->now;
  if (const auto sound = casework::check_shift(shift, false); !sound) return asked->refuse(sound.error());
  if (!calls_.running()) return asked->refuse(ErrorCode::kStoreUnavailable);
  After after = with_state(asked);
  after.audit = duty_audit(asked, shift.id);
  after.also = [shift](storage::Transaction& tx) { return storage::ShiftTable::save(tx, shift); };
  begin_shift(std::move(shift), std::move(after));
  arm_timer();
}

void DutyDesk::handle(const Asked& asked, const api::LeaveDuty&) {
  if (!may_use_desk(asked)) return;
  const casework::Shift* running = roster_.running(asked->session->worker);
  if (running == nullptr) return asked->refuse(ErrorCode::kNotOnDuty);
  if (!calls_.running()) return asked->refuse(ErrorCode::kStoreUnavailable);
  casework::Shift shift = *running;
  if (shift.state != casework::ShiftState::kOnDuty) {
    // He never checked in; leaving says that he was there until now.
    auto checked_in = casework::check_in(shift, asked->now);
    if (!checked_in) return asked->refuse(checked_in.error());
    shift = std::move(checked_in).value();
    shift.version = running->version;
  }
  auto closed = casework::close(shift, asked->now);
  if (!closed) return asked->refuse(closed.error());
  After after = with_state(asked);
  after.audit = duty_audit(asked, shift.id);
  after.also = [shift = *closed](storage::Transaction& tx) { return storage::ShiftTable::save(tx, shift); };
  end_shift(*closed, std::move(after));
}

void DutyDesk::handle(const Asked& asked, const api::OpenDesk&) {
  if (!may_use_desk(asked)) return;
  const WorkerId worker = asked->session->worker;
  const EndpointId desk = desk_endpoint(*office_.directory, worker);
  if (!desk.is_set()) return asked->refuse(ErrorCode::kUnknownEndpoint, "this account has no desk");
  if (!calls_.running()) return asked->refuse(ErrorCode::kStoreUnavailable);
  if (desks_.is_desk_of(asked->connection, worker)) return asked->answer(state_of(worker));
  // The device served somebody else before: his desk closes with it.
  disconnected(asked->connection);
  if (desks_.open(asked->connection, worker)) {
    calls_.happened(routing::EndpointUp{desk}, with_state(asked));
  } else {
    calls_.happened(routing::Ticked{}, with_state(asked));
  }
}

void DutyDesk::handle(const Asked& asked, const api::SetReady& set) {
  if (!may_use_desk(asked)) return;
  const WorkerId worker = asked->session->worker;
  After after = with_state(asked);
  if (set.ready) {
    after.done = [this, worker](const Result<SavedEvent>& outcome) {
      if (outcome) sign_in(worker);
    };
    calls_.happened(routing::WorkerReady{worker}, std::move(after));
  } else {
    calls_.happened(routing::WorkerAway{worker}, std::move(after));
  }
}

void DutyDesk::handle(const Asked& asked, const api::EndAfterCall&) {
  if (!may_use_desk(asked)) return;
  calls_.happened(routing::AfterCallEnded{asked->session->worker}, with_state(asked));
}

void DutyDesk::handle(const Asked& asked, const api::ListShifts& list) {
  if (!asked->session) return asked->refuse(ErrorCode::kNotSignedIn);
  const UnitId unit = list.unit.is_set() ? list.unit : asked->session->unit;
  if (office_.directory->tree().find(unit) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit);
  const WorkerId asking = asked->session->worker;
  if (!office_.require(asked, Action::kListShifts, {.unit = unit, .owner = asking})) return;
  // Beyond the stations whose roster he may see he sees his own shifts alone.
  const bool all = may(office_.directory->tree(), asked->session->subject, Action::kListShifts, {unit, {}, false}).ok();
  Period period = list.period;
  if (!period.from.is_set()) period = {asked->now - hours{12}, asked->now + hours{36}};
  if (period.to <= period.from || period.length() > kListedPeriodMax)
    return asked->refuse(ErrorCode::kInvalidArgument, "period");
  office_.read<Shifts>(
      [city = office_.config.city, period, unit, all, asking,
       directory = office_.directory](storage::ReadTransaction& tx) {
        Shifts shifts = shifts_below(tx, city, period, unit, *directory, all ? WorkerId{} : asking);
        return Result<Shifts>(std::move(shifts));
      },
      [asked, directory = office_.directory](const Result<Shifts>& shifts) {
        if (!shifts) return asked->refuse(shifts.error());
        asked->answer(shift_list(*directory, *shifts));
      });
}

}  // namespace kapok::service
