#include "service/hunt_lists.h"

#include <algorithm>
#include <set>

#include "service/directory_events.h"

namespace kapok::service {
namespace {

/// Lists of one start: far more than rosters and directories change in a server's life.
constexpr int kCountBits = 32;

bool covers_within(const Tree& tree, const HuntPhone& phone, UnitId top) {
  return std::any_of(phone.covers.begin(), phone.covers.end(), [&](UnitId unit) { return tree.is_within(unit, top); });
}

bool same(const api::HuntList& list, const std::vector<api::HuntEndpoint>& endpoints) {
  return std::equal(list.endpoints.begin(), list.endpoints.end(), endpoints.begin(), endpoints.end(),
                    [](const auto& a, const auto& b) { return a.endpoint == b.endpoint && a.number == b.number; });
}

/// Phones of one shift. A desk cannot be reached without the server, so its worker's own phone stands for it.
void add_phones(const Directory& directory, const casework::Shift& shift, std::vector<HuntPhone>& phones) {
  if (!takes_calls(directory, shift.worker)) return;
  const DirectoryWorker* worker = directory.worker(shift.worker);
  const bool at_desk = shift.by == EndpointKind::kDesk;
  const EndpointKind kind = at_desk ? EndpointKind::kPhone : shift.by;
  for (const DirectoryEndpoint& endpoint : worker->endpoints) {
    const bool named = at_desk || !shift.endpoint.is_set() || endpoint.id == shift.endpoint;
    if (endpoint.kind == kind && named && !endpoint.number.empty())
      phones.push_back({{endpoint.id, endpoint.number}, shift.units, kind == EndpointKind::kDutyPhone, worker->skills});
  }
}

}  // namespace

std::vector<HuntPhone> hunt_phones(const Directory& directory, const Roster& roster) {
  std::vector<HuntPhone> phones;
  for (const bool at_desk : {false, true})  // who waits by a phone is rung before who sits at a desk
    for (const ShiftId id : roster.running_shifts()) {
      const casework::Shift* shift = roster.find(id);
      if (shift != nullptr && (shift->by == EndpointKind::kDesk) == at_desk) add_phones(directory, *shift, phones);
    }
  return phones;
}

std::vector<api::HuntEndpoint> hunt_endpoints(const Tree& tree, const std::vector<HuntPhone>& phones,
                                              const DirectoryLine& line) {
  std::vector<api::HuntEndpoint> list;
  std::vector<api::HuntEndpoint> duty;
  std::set<EndpointId> taken;
  if (tree.find(line.unit) == nullptr) return list;
  for (const HuntPhone& phone : phones)
    if (phone.duty_phone && duty.empty()) duty.push_back(phone.endpoint);
  // One place is kept for the duty phone, which comes last.
  const std::size_t room = kHuntEndpointsMax - duty.size();
  for (const UnitId ring : tree.rings(line.unit))
    for (const HuntPhone& phone : phones)
      if (!phone.duty_phone && (line.required_skills & ~phone.skills) == 0 && list.size() < room &&
          covers_within(tree, phone, ring) && taken.insert(phone.endpoint.endpoint).second)
        list.push_back(phone.endpoint);
  list.insert(list.end(), duty.begin(), duty.end());
  return list;
}

std::vector<api::HuntList> HuntLists::refresh(const Directory& directory, const Roster& roster, std::int64_t start) {
  std::vector<api::HuntList> changed;
  last_version_ = std::max(last_version_, static_cast<std::uint64_t>(start) << kCountBits);
  const std::vector<HuntPhone> phones = hunt_phones(directory, roster);
  for (const DirectoryLine& line : directory.lines()) {
    if (line.mode == LineMode::kRecordedOnly) continue;
    auto endpoints = hunt_endpoints(directory.tree(), phones, line);
    const auto known = lists_.find(line.id);
    if (known != lists_.end() && known->second.dialled == line.number && same(known->second, endpoints)) continue;
    api::HuntList list{line.id, line.number, ++last_version_, std::move(endpoints)};
    lists_[line.id] = list;
    changed.push_back(std::move(list));
  }
  return changed;
}

}  // namespace kapok::service
