#include "service/roster.h"

#include <algorithm>
#include <cstdint>

namespace kapok::service {

bool stands(const casework::Shift& shift) {
  return shift.state != casework::ShiftState::kClosed && shift.state != casework::ShiftState::kCancelled;
}

std::vector<Instant> Roster::edges_of(const casework::Shift& shift) {
  if (!stands(shift)) return {};
  std::vector<Instant> edges{shift.period.from, shift.period.to};
  if (shift.by == EndpointKind::kDesk && shift.state == casework::ShiftState::kPlanned)
    edges.push_back(shift.period.from + casework::kCheckInGrace);
  return edges;
}

void Roster::put(casework::Shift shift) {
  erase(shift.id);
  of_worker_[shift.worker].insert(shift.id);
  for (const Instant edge : edges_of(shift)) edges_.insert({edge, shift.id});
  const ShiftId id = shift.id;
  shifts_.emplace(id, std::move(shift));
}

void Roster::erase(ShiftId id) {
  const auto found = shifts_.find(id);
  if (found == shifts_.end()) return;
  const casework::Shift& shift = found->second;
  for (const Instant edge : edges_of(shift)) edges_.erase({edge, id});
  const auto of = of_worker_.find(shift.worker);
  of->second.erase(id);
  if (of->second.empty()) of_worker_.erase(of);
  shifts_.erase(found);
}

void Roster::forget_before(Instant now) {
  std::vector<ShiftId> old;
  for (const auto& [id, shift] : shifts_)
    if (shift.period.to + kRosterWindow < now && !running_.contains(id)) old.push_back(id);
  for (const ShiftId id : old) erase(id);
}

void Roster::clear() {
  shifts_.clear();
  of_worker_.clear();
  edges_.clear();
  running_.clear();
}

const std::set<ShiftId>& Roster::of(WorkerId worker) const {
  static const std::set<ShiftId> kNone;
  const auto found = of_worker_.find(worker);
  return found == of_worker_.end() ? kNone : found->second;
}

const casework::Shift* Roster::find(ShiftId shift) const {
  const auto found = shifts_.find(shift);
  return found == shifts_.end() ? nullptr : &found->second;
}

const casework::Shift* Roster::running(WorkerId worker) const {
  const casework::Shift* longest = nullptr;
  for (const ShiftId id : of(worker)) {
    const casework::Shift* shift = find(id);
    if (!running_.contains(id)) continue;
    if (longest == nullptr || shift->period.to > longest->period.to) longest = shift;
  }
  return longest;
}

const casework::Shift* Roster::open_for_check_in(WorkerId worker, Instant now) const {
  const casework::Shift* first = nullptr;
  for (const ShiftId id : of(worker)) {
    const casework::Shift& shift = *find(id);
    const bool open = now + casework::kCheckInEarly >= shift.period.from && now < shift.period.to;
    const bool unused = shift.state == casework::ShiftState::kPlanned || shift.state == casework::ShiftState::kAbsent;
    if (!open || !unused) continue;
    if (first == nullptr || shift.period.from < first->period.from) first = &shift;
  }
  return first;
}

std::vector<Roster::Due> Roster::due(Instant now) const {
  std::vector<Due> edges;
  for (const auto& [id, shift] : shifts_) {
    if (running_.contains(id) && (shift.period.to <= now || !stands(shift))) edges.push_back({id, Edge::kEnd});
    if (!running_.contains(id) && stands(shift) && shift.period.contains(now)) edges.push_back({id, Edge::kStart});
  }
  // Starts first: at a change of shifts a station is not without anybody for an instant.
  std::sort(edges.begin(), edges.end(),
            [](const Due& a, const Due& b) { return std::pair(a.edge, a.shift) < std::pair(b.edge, b.shift); });
  return edges;
}

std::vector<ShiftId> Roster::unattended(Instant now) const {
  std::vector<ShiftId> found;
  for (const ShiftId id : running_) {
    const casework::Shift* shift = find(id);
    if (shift != nullptr && shift->by == EndpointKind::kDesk && casework::mark_absent(*shift, now)) found.push_back(id);
  }
  return found;
}

std::optional<Instant> Roster::next_edge(Instant now) const {
  const auto next = edges_.upper_bound({now, ShiftId{INT64_MAX}});
  return next == edges_.end() ? std::nullopt : std::optional(next->first);
}

}  // namespace kapok::service
