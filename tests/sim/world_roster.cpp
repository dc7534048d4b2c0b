#include "sim/world.h"

namespace kapok::sim {

using namespace routing;

namespace {

constexpr Instant kMonday{1'795'363'200'000'000};  // 2026-11-23 00:00 in UTC+8
constexpr Duration kDayStarts = hours{8} + minutes{30};
constexpr Duration kNightStarts = hours{17} + minutes{30};
constexpr Duration kHandover = minutes{10};  // routing.md §1.2

}  // namespace

/// One worker per station and shift, as the published figures say (domain.md §0): by day mostly at a desk, at night at
/// home with the duty phone.
void World::roster_day(std::int64_t day) {
  const Instant midnight = kMonday + hours{24 * day};
  if (midnight > now_ - hours{1}) agenda_.plan(midnight + hours{24}, Next::kRosterDay, day + 1);
  for (std::size_t station = 0; station < shape_.stations.size(); ++station) {
    plan_shift({station, false, false, midnight + kNightStarts}, midnight + kDayStarts);
    plan_shift({station, false, true, midnight + hours{24} + kDayStarts}, midnight + kNightStarts);
  }
  if (plan_.features.has(Feature::kDutyPhone))
    plan_shift({0, true, false, midnight + hours{24} + kDayStarts}, midnight + kDayStarts);
}

void World::plan_shift(PlannedShift shift, Instant from) {
  if (has(Feature::kUncovered) && roster_.chance(0.05)) {
    if (roster_.chance(0.5)) return;
    from = from + from_seconds(roster_.between(600, 7200));  // taken over on the spot (临时顶班)
  }
  if (!has(Feature::kRosterEdges)) {
    from = from - kHandover + from_seconds(roster_.between(0, 300));
    shift.to = shift.to + from_seconds(roster_.between(0, 300));
  }
  if (has(Feature::kEarlyEnds) && roster_.chance(0.1))
    shift.to = from + from_seconds(roster_.uniform() * static_cast<double>((shift.to - from).count()) * 1e-6);
  if (shift.to <= now_) return;
  planned_.emplace(++last_number_, shift);
  agenda_.plan(std::max(from, now_), Next::kShiftStarts, last_number_);
}

World::Person* World::free_of(const PlannedShift& planned) {
  const auto& crew = planned.duty_phone ? shape_.duty_crew : shape_.stations[planned.station].crew;
  const std::size_t first = roster_.below(crew.size());
  for (std::size_t n = 0; n < crew.size(); ++n) {
    Person& who = people_[crew[(first + n) % crew.size()]];
    if (!who.shift.is_set()) return &who;
  }
  return nullptr;
}

void World::shift_starts(std::int64_t number) {
  const auto found = planned_.find(number);
  const PlannedShift planned = found->second;
  planned_.erase(found);
  Person* who = free_of(planned);
  if (who == nullptr) return;  // nobody is left: a gap
  begin_shift(*who, planned);
  const std::int64_t index = who->who.id.value - 1;
  agenda_.plan(planned.to, Next::kShiftEnds, index, who->shift.value);
  if (has(Feature::kRosterEdges) && roster_.chance(0.05))
    after(roster_.between(60, 14'400), Next::kShiftChanges, index, who->shift.value);
  if (who->by_desk) after(roster_.exponential(30), Next::kDeskUp, index, who->life);
  if (has(Feature::kDeviceLoss))
    after(who->chance.exponential(plan_.device_lost_every_h * 3600), Next::kDeskLost, index, who->life);
  if (has(Feature::kBreaks) && !planned.duty_phone) after(who->chance.exponential(7200), Next::kAway, index, who->life);
}

std::vector<UnitId> World::drawn_cover(const PlannedShift& planned) {
  if (planned.duty_phone) return {shape_.root};
  const CityStation& own = shape_.stations[planned.station];
  std::vector<UnitId> units{own.unit};
  if (!has(Feature::kJointShifts)) return units;
  if (roster_.chance(0.03)) return {own.district};
  if (!planned.night || !roster_.chance(0.15)) return units;
  for (std::size_t n = planned.station + 1; n < shape_.stations.size() && units.size() < 3; ++n)
    if (shape_.stations[n].district == own.district) units.push_back(shape_.stations[n].unit);
  return units;
}

/// A colleague of the station, on duty or not, or anybody of the city.
WorkerId World::drawn_backup(const PlannedShift& planned) {
  const auto& crew = shape_.stations[planned.station].crew;
  return people_[roster_.chance(0.7) ? crew[roster_.below(crew.size())] : roster_.below(people_.size())].who.id;
}

void World::draw_character(Person& who, const PlannedShift& planned) {
  who.asleep = planned.night && has(Feature::kSleepers) && roster_.chance(0.1);
  who.unsigned_phone = !who.by_desk && has(Feature::kUnsignedPhones) && roster_.chance(0.5);
  who.decliner = has(Feature::kDecliners) && roster_.chance(0.2);
}

void World::begin_shift(Person& who, const PlannedShift& planned) {
  ++figures_.shifts;
  who.shift = ShiftId{++last_shift_};
  ++who.life;
  who.covers = drawn_cover(planned);
  who.by_desk = !planned.duty_phone && roster_.chance(planned.night ? 0.05 : 0.8);
  const bool both = who.by_desk && roster_.chance(0.15);
  who.lost = false;
  who.backup = {};
  if (has(Feature::kBackups) && roster_.chance(0.5)) who.backup = drawn_backup(planned);
  draw_character(who, planned);
  who.serves_on.clear();
  if (planned.duty_phone)
    who.serves_on = {who.who.duty};
  else if (who.by_desk)
    who.serves_on = {who.who.desk};
  if (both || who.serves_on.empty()) who.serves_on.push_back(who.who.phone);
  deliver(shift_of(who));
}

void World::shift_ends(Person& who, ShiftId shift) {
  if (who.shift != shift) return;
  who.shift = {};
  deliver(ShiftEnded{shift});
  if (who.client_up) after(roster_.between(5, 1200), Next::kDeskSeenLost, who.who.id.value - 1, who.life);
}

/// A running shift gets other units: a neighbour fell ill.
void World::shift_changes(Person& who, ShiftId shift) {
  if (who.shift != shift || draining_) return;
  const UnitId other = shape_.stations[roster_.below(shape_.stations.size())].unit;
  if (who.covers.size() > 1 && roster_.chance(0.5))
    who.covers.pop_back();
  else if (who.covers.front() != other)
    who.covers.push_back(other);
  deliver(shift_of(who));
}

/// As the roster table says at this instant.
std::vector<ShiftStarted> World::running_shifts() const {
  std::vector<ShiftStarted> running;
  for (const Person& who : people_)
    if (who.shift.is_set()) running.push_back(shift_of(who));
  return running;
}

}  // namespace kapok::sim
