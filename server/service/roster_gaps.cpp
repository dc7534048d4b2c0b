#include "service/roster_gaps.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "service/directory_events.h"

namespace kapok::service {

std::vector<Period> uncovered(Period whole, std::vector<Period> covered) {
  std::sort(covered.begin(), covered.end(), [](const Period& a, const Period& b) { return a.from < b.from; });
  std::vector<Period> left;
  Instant from = whole.from;
  for (const Period& stretch : covered) {
    if (stretch.to <= from) continue;
    if (stretch.from >= whole.to) break;
    if (stretch.from > from) left.push_back({from, stretch.from});
    from = stretch.to;
  }
  if (from < whole.to) left.push_back({from, whole.to});
  return left;
}

std::vector<UnitId> units_to_cover(const Directory& directory, UnitId top) {
  std::unordered_set<UnitId> with_lines;
  for (const DirectoryLine& line : directory.lines())
    if (line.mode != LineMode::kRecordedOnly) with_lines.insert(directory.tree().desk_of(line.unit));
  std::vector<UnitId> units;
  for (const UnitId unit : directory.tree().subtree(top))
    if (with_lines.contains(unit)) units.push_back(unit);
  return units;
}

std::vector<RosterGap> roster_gaps(const Directory& directory, UnitId top, std::span<const casework::Shift> shifts,
                                   Period period) {
  std::unordered_map<UnitId, std::vector<Period>> covered;
  for (const casework::Shift& shift : shifts) {
    const bool counts = shift.state == casework::ShiftState::kPlanned || shift.state == casework::ShiftState::kOnDuty;
    const bool on_call = directory.worker(shift.worker) != nullptr && !takes_calls(directory, shift.worker);
    if (!counts || on_call) continue;
    for (const UnitId unit : shift.units) covered[unit].push_back(shift.period);
  }
  std::vector<RosterGap> gaps;
  for (const UnitId unit : units_to_cover(directory, top))
    for (const Period& stretch : uncovered(period, covered[unit])) gaps.push_back({unit, stretch});
  return gaps;
}

}  // namespace kapok::service
