#include <algorithm>

#include "routing/digest.h"
#include "sim/world.h"

namespace kapok::sim {

using namespace routing;

void World::plan_trouble() {
  const double every_s = plan_.trouble_every_h * 3600;
  if (has(Feature::kCrashes)) after(trouble_.exponential(every_s), Next::kCrash);
  if (has(Feature::kStalls)) after(trouble_.exponential(2 * every_s), Next::kStall);
  if (has(Feature::kDirectory)) after(trouble_.exponential(4 * every_s), Next::kDirectory);
  if (has(Feature::kStoreFails)) after(trouble_.exponential(2 * every_s), Next::kStoreFails);
  if (has(Feature::kLostEndpoints)) after(trouble_.exponential(every_s), Next::kEndpointGone);
  if (has(Feature::kSurge)) after(trouble_.exponential(plan_.city ? 60 * 86'400 : 4 * 3600), Next::kSurge);
  if (has(Feature::kFlood)) after(trouble_.exponential(plan_.city ? 30 * 86'400 : 4 * 3600), Next::kFlood);
}

void World::crash() {
  if (server_.is_up()) {
    figures_.digest = Digest{}.add(figures_.digest).add(server_.core().state_hash()).value();
    server_.check();
    if (has(Feature::kTornBatches) && trouble_.chance(0.5)) {
      server_.tear_batches(1);
    } else {
      server_.crash();
      went_down();
    }
  }
  if (has(Feature::kCrashes)) after(trouble_.exponential(plan_.trouble_every_h * 3600), Next::kCrash);
}

/// Decision 5: the new process goes on at max(wall clock, last instant persisted).
void World::server_up() {
  if (server_.is_up()) return;
  Duration jump{0};
  if (has(Feature::kClockJumps) && trouble_.chance(0.3)) {
    jump = from_seconds(trouble_.between(0.001, 3600)) * (trouble_.chance(0.5) ? 1 : -1);
    ++figures_.clock_jumps;
  }
  const Instant now = std::max(server_.last_told(), now_ + offset_ + jump);
  offset_ = now - now_;
  act(server_.start(now, shape_.directory, running_shifts()));
  attach_again();
  for (const Person& who : people_)
    if (who.client_up && who.shift.is_set())
      after(trouble_.between(0.3, 10), Next::kDeskUp, who.who.id.value - 1, who.life);
}

void World::stall() {
  if (!has(Feature::kStalls)) return;
  after(trouble_.exponential(2 * plan_.trouble_every_h * 3600), Next::kStall);
  if (!server_.is_up()) return;
  ++figures_.stalls;
  stalled_until_ = now_ + from_seconds(trouble_.between(0.2, 30));
}

void World::change_directory() {
  if (!has(Feature::kDirectory)) return;
  after(trouble_.exponential(4 * plan_.trouble_every_h * 3600), Next::kDirectory);
  ++figures_.directory_changes;
  DirectoryChanged change;
  const std::size_t what = trouble_.below(4);
  if (what == 0) move_station(change);
  if (what == 1) change_line(change);
  if (what == 2) {
    Worker& worker = shape_.directory.workers[trouble_.below(shape_.directory.workers.size())];
    worker.skills ^= 1;
    change.workers = {worker};
  }
  if (what == 3) {
    Unit& unit = shape_.directory.units[trouble_.below(shape_.directory.units.size())];
    unit.rings = unit.rings == RingPreset::kLocal ? RingPreset::kNormal : RingPreset::kLocal;
    change.units = {unit};
  }
  deliver(change);
}

void World::move_station(DirectoryChanged& change) {
  CityStation& station = shape_.stations[trouble_.below(shape_.stations.size())];
  station.district = shape_.stations[trouble_.below(shape_.stations.size())].district;
  for (Unit& unit : shape_.directory.units)
    if (unit.id == station.unit) {
      unit.parent = station.district;
      change.units = {unit};
    }
}

void World::change_line(DirectoryChanged& change) {
  Line& line = shape_.directory.lines[trouble_.below(shape_.directory.lines.size())];
  auto& closed = shape_.directory.lines_closed;
  const auto found = std::find(closed.begin(), closed.end(), line.id);
  if (found != closed.end()) {
    closed.erase(found);
    change.lines = {line};
  } else if (trouble_.chance(0.3)) {
    closed.push_back(line.id);
    change.lines_closed = {line.id};
  } else {
    line.required_skills ^= 1;
    change.lines = {line};
  }
}

/// Neither store nor spool takes anything for a while; the city is then rebuilt from what was saved (decision 18).
void World::store_fails() {
  if (!has(Feature::kStoreFails)) return;
  after(trouble_.exponential(2 * plan_.trouble_every_h * 3600), Next::kStoreFails);
  if (server_.is_up()) server_.tear_batches(2 + static_cast<int>(trouble_.below(20)));
}

/// The gateway names the calls it holds; those of the store that it does not hold are over (I12).
void World::attach_again() {
  std::vector<std::int64_t> gone;
  for (const auto& [id, caller] : callers_)
    if (caller.unheard && server_.store().is_open(CallId{id})) gone.push_back(id);
  std::sort(gone.begin(), gone.end());
  for (const std::int64_t id : gone) tell(CallerLeft{CallId{id}, LeftCause::kLostOnRestart});
}

ShiftStarted World::shift_of(const Person& who) const {
  ShiftStarted shift{who.shift, who.who.id, who.covers, who.serves_on, who.backup};
  std::erase(shift.endpoints, who.missing);
  return shift;
}

void World::endpoint_gone() {
  if (!has(Feature::kLostEndpoints)) return;
  after(trouble_.exponential(plan_.trouble_every_h * 3600), Next::kEndpointGone);
  Person& who = people_[trouble_.below(people_.size())];
  if (!who.shift.is_set() || who.missing.is_set() || who.who.duty.is_set()) return;
  Worker& worker = shape_.directory.workers[static_cast<std::size_t>(who.who.id.value - 1)];
  who.missing = who.serves_on[trouble_.below(who.serves_on.size())];
  ++figures_.endpoints_removed;
  std::erase_if(worker.endpoints, [&](const Endpoint& e) { return e.id == who.missing; });
  DirectoryChanged change;
  change.workers = {worker};
  deliver(change);
  after(trouble_.between(5, 600), Next::kEndpointBack, who.who.id.value - 1);
}

/// In the directory again, in the shift, and its client, if it has one, announces itself.
void World::endpoint_back(Person& who) {
  Worker& worker = shape_.directory.workers[static_cast<std::size_t>(who.who.id.value - 1)];
  const bool desk = who.missing == who.who.desk;
  worker.endpoints.push_back({who.missing, desk ? EndpointKind::kDesk : EndpointKind::kPhone, 1});
  who.missing = {};
  DirectoryChanged change;
  change.workers = {worker};
  deliver(change);
  if (!who.shift.is_set()) return;
  deliver(shift_of(who));
  if (desk && who.client_up) deliver(EndpointUp{who.who.desk});
}

void World::surge() {
  if (!has(Feature::kSurge)) return;
  ++figures_.surges;
  const double length_s = trouble_.between(1800, plan_.city ? 10'800 : 3600);
  surge_until_ = now_ + from_seconds(length_s);
  plan_dial(kSurging);
  after(length_s + trouble_.exponential(plan_.city ? 60 * 86'400 : 4 * 3600), Next::kSurge);
}

void World::flood() {
  if (!has(Feature::kFlood)) return;
  const double length_s = trouble_.between(1800, 3600);
  flood_until_ = now_ + from_seconds(length_s);
  flooded_ = shape_.stations[trouble_.below(shape_.stations.size())].line;
  plan_dial(kFlooding);
  after(length_s + trouble_.exponential(plan_.city ? 30 * 86'400 : 4 * 3600), Next::kFlood);
}

}  // namespace kapok::sim
