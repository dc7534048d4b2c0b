#include "service/roster.h"

#include <algorithm>

namespace kapok::service {

bool stands(const casework::Shift& shift) {
  return shift.state != casework::ShiftState::kClosed && shift.state != casework::ShiftState::kCancelled;
}

void Roster::put(casework::Shift shift) { shifts_[shift.id] = std::move(shift); }

void Roster::forget_before(Instant now) {
  std::erase_if(shifts_, [&](const auto& entry) {
    return entry.second.period.to + kRosterWindow < now && !running_.contains(entry.first);
  });
}

void Roster::clear() {
  shifts_.clear();
  running_.clear();
}

const casework::Shift* Roster::find(ShiftId shift) const {
  const auto found = shifts_.find(shift);
  return found == shifts_.end() ? nullptr : &found->second;
}

const casework::Shift* Roster::running(WorkerId worker) const {
  const casework::Shift* longest = nullptr;
  for (const ShiftId id : running_) {
    const casework::Shift* shift = find(id);
    if (shift == nullptr || shift->worker != worker) continue;
    if (longest == nullptr || shift->period.to > longest->period.to) longest = shift;
  }
  return longest;
}

const casework::Shift* Roster::open_for_check_in(WorkerId worker, Instant now) const {
  const casework::Shift* first = nullptr;
  for (const auto& [id, shift] : shifts_) {
    const bool open = now + casework::kCheckInEarly >= shift.period.from && now < shift.period.to;
    const bool unused = shift.state == casework::ShiftState::kPlanned || shift.state == casework::ShiftState::kAbsent;
    if (shift.worker != worker || !open || !unused) continue;
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

std::optional<Instant> Roster::next_edge(Instant now) const {
  std::optional<Instant> next;
  const auto consider = [&](Instant at) {
    if (at > now && (!next || at < *next)) next = at;
  };
  for (const auto& [id, shift] : shifts_) {
    if (!stands(shift)) continue;
    consider(shift.period.from);
    consider(shift.period.to);
  }
  return next;
}

}  // namespace kapok::service
