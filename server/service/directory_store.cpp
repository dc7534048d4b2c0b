#include "service/directory_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/line_table.h"
#include "storage/people_table.h"
#include "storage/unit_table.h"

namespace kapok::service {
namespace {

/// Stands for a unit whose row is damaged: lines, workers and units that name it go on being served.
Unit stand_in(UnitId id, UnitId parent, UnitKind kind) {
  return {id, parent, kind, "damaged-" + std::to_string(id.value), "（受损）", "(damaged)", {}};
}

UnitKind highest_below(const std::vector<Unit>& units, UnitId parent) {
  UnitKind highest = UnitKind::kPoint;
  for (const Unit& unit : units)
    if (unit.parent == parent) highest = std::min(highest, unit.kind);
  return highest;
}

/// The damaged unit that most likely was the root: whose children stand highest.
UnitId likely_root(const std::vector<Unit>& units, const std::vector<std::int64_t>& damaged) {
  UnitId likely{damaged.front()};
  for (const std::int64_t id : damaged)
    if (highest_below(units, UnitId{id}) < highest_below(units, likely)) likely = UnitId{id};
  return likely;
}

/// Makes a tree of what is left: a damaged unit keeps its place by a stand-in as far as its children tell it, under the
/// root otherwise; what has lost its parent goes below the root.
void mend(std::vector<Unit>& units, const std::vector<std::int64_t>& damaged) {
  if (damaged.empty()) return;
  const auto root_of = [&units] {
    return std::find_if(units.begin(), units.end(), [](const Unit& unit) { return !unit.parent.is_set(); });
  };
  if (root_of() == units.end()) units.push_back(stand_in(likely_root(units, damaged), {}, UnitKind::kCity));
  const UnitId root = root_of()->id;
  const UnitKind root_kind = root_of()->kind;
  for (const std::int64_t id : damaged) {
    if (id <= 0 || UnitId{id} == root) continue;
    const UnitKind below = highest_below(units, UnitId{id});
    const auto kind = static_cast<UnitKind>(static_cast<int>(below) - 1);
    if (kind > root_kind) units.push_back(stand_in(UnitId{id}, root, kind));
  }
  std::set<UnitId> known;
  for (const Unit& unit : units) known.insert(unit.id);
  for (Unit& unit : units)
    if (unit.parent.is_set() && !known.contains(unit.parent)) unit.parent = root;
}

Result<Tree> load_tree(storage::ReadTransaction& tx, CityId city) {
  std::vector<Unit> units;
  auto stored = storage::UnitTable::all(tx, city);
  for (auto& row : stored.rows)
    units.push_back(
        {row.id, row.parent, row.kind, std::move(row.code), std::move(row.name_zh), std::move(row.name_en), row.rings});
  mend(units, stored.damaged_ids);
  if (units.empty()) return Tree{};
  return Tree::build(std::move(units));
}

std::vector<DirectoryLine> load_lines(storage::ReadTransaction& tx, CityId city, Instant now) {
  std::vector<DirectoryLine> lines;
  for (auto& row : storage::LineTable::all(tx, city).rows) {
    if (row.valid_to.is_set() && row.valid_to <= now) continue;
    lines.push_back({row.id, row.unit, std::move(row.number), std::move(row.name_zh), row.mode, row.crisis,
                     row.invented, static_cast<std::uint64_t>(row.required_skills)});
  }
  return lines;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < list.size();) {
    const auto to = std::min(list.find(',', from), list.size());
    parts.push_back(list.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

std::vector<DirectoryWorker> load_workers(storage::ReadTransaction& tx, CityId city) {
  std::map<WorkerId, DirectoryWorker> by_id;
  for (auto& row : storage::WorkerTable::all(tx, city).rows) {
    if (!row.active) continue;
    DirectoryWorker& worker = by_id[row.id];
    worker.id = row.id;
    worker.account = std::move(row.account);
    worker.name = std::move(row.name);
    worker.unit = row.unit;
    worker.skills = static_cast<std::uint64_t>(row.skills);
    worker.languages = split(row.languages);
  }
  const auto with = [&](WorkerId id, const auto& change) {
    if (const auto found = by_id.find(id); found != by_id.end()) change(found->second);
  };
  for (const auto& row : storage::WorkerRoleTable::all(tx, city).rows)
    with(row.worker, [&](DirectoryWorker& worker) { worker.roles.push_back({row.role, row.unit, false}); });
  for (const auto& row : storage::PatchAssignmentTable::all(tx, city).rows)
    with(row.worker, [&](DirectoryWorker& worker) { worker.patch.push_back(row.unit); });
  for (const auto& row : storage::EndpointTable::all(tx, city).rows)
    if (row.active)
      with(row.worker, [&](DirectoryWorker& worker) {
        worker.endpoints.push_back({row.id, row.kind, row.number, static_cast<std::uint32_t>(row.capacity)});
      });
  std::vector<DirectoryWorker> workers;
  workers.reserve(by_id.size());
  for (auto& [id, worker] : by_id) workers.push_back(std::move(worker));
  return workers;
}

}  // namespace

Result<std::shared_ptr<const Directory>> load_directory(storage::ReadTransaction& tx, CityId city, Instant now) {
  auto tree = load_tree(tx, city);
  if (!tree) return Error{ErrorCode::kRowDamaged, "the units of the store make no tree: " + tree.error().detail};
  return std::shared_ptr<const Directory>(
      std::make_shared<Directory>(std::move(*tree), load_lines(tx, city, now), load_workers(tx, city)));
}

}  // namespace kapok::service
