#include "core/tree.h"

#include <unordered_set>
#include <utility>

#include "core/check.h"

namespace kapok {
namespace {

/// Why `unit` cannot stand below its parent; empty when it can.
std::string parent_problem(const Unit& unit, const std::unordered_map<UnitId, const Unit*>& by_id) {
  if (!unit.parent.is_set()) return {};
  const auto parent = by_id.find(unit.parent);
  if (parent == by_id.end()) return "parent is not in the list";
  if (parent->second->kind < unit.kind) return {};
  return "a " + std::string{name_of(unit.kind)} + " cannot stand below a " + std::string{name_of(parent->second->kind)};
}

}  // namespace

std::vector<TreeProblem> tree_problems(std::span<const Unit> units) {
  std::vector<TreeProblem> problems;
  std::unordered_map<UnitId, const Unit*> by_id;
  std::unordered_set<std::string_view> codes;
  bool has_root = false;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Unit& unit = units[i];
    if (!unit.id.is_set()) problems.push_back({i, "id is missing"});
    if (!by_id.emplace(unit.id, &unit).second) problems.push_back({i, "id is given twice"});
    if (unit.code.empty()) problems.push_back({i, "code is missing"});
    if (!codes.insert(unit.code).second) problems.push_back({i, "code is given twice"});
    if (!unit.parent.is_set() && std::exchange(has_root, true)) problems.push_back({i, "a second root"});
  }
  for (std::size_t i = 0; i < units.size(); ++i)
    if (auto reason = parent_problem(units[i], by_id); !reason.empty()) problems.push_back({i, std::move(reason)});
  if (!has_root) problems.push_back({0, "no root"});
  return problems;
}

Result<Tree> Tree::build(std::vector<Unit> units) {
  if (const auto problems = tree_problems(units); !problems.empty()) {
    const TreeProblem& first = problems.front();
    return Error{ErrorCode::kInvalidArgument, "unit " + std::to_string(first.index + 1) + ": " + first.reason};
  }
  Tree tree;
  tree.units_ = std::move(units);
  for (std::size_t i = 0; i < tree.units_.size(); ++i) {
    tree.nodes_[tree.units_[i].id].index = i;
    tree.codes_.emplace(tree.units_[i].code, tree.units_[i].id);
  }
  for (const Unit& unit : tree.units_)
    if (unit.parent.is_set()) tree.nodes_.at(unit.parent).children.push_back(unit.id);
  return tree;
}

const Unit* Tree::find(UnitId id) const {
  const auto node = nodes_.find(id);
  return node == nodes_.end() ? nullptr : &units_[node->second.index];
}

const Unit* Tree::find_code(std::string_view code) const {
  const auto found = codes_.find(std::string{code});
  return found == codes_.end() ? nullptr : find(found->second);
}

const Unit& Tree::at(UnitId id) const {
  const Unit* unit = find(id);
  KAPOK_CHECK(unit != nullptr);
  return *unit;
}

UnitId Tree::root() const {
  for (const Unit& unit : units_)
    if (!unit.parent.is_set()) return unit.id;
  return {};
}

std::span<const UnitId> Tree::children(UnitId id) const {
  const auto node = nodes_.find(id);
  if (node == nodes_.end()) return {};
  return node->second.children;
}

std::vector<UnitId> Tree::path_up(UnitId id) const {
  std::vector<UnitId> path;
  for (const Unit* unit = find(id); unit != nullptr; unit = find(unit->parent)) path.push_back(unit->id);
  return path;
}

bool Tree::is_within(UnitId unit, UnitId top) const {
  for (const Unit* step = find(unit); step != nullptr; step = find(step->parent))
    if (step->id == top) return true;
  return false;
}

std::vector<UnitId> Tree::subtree(UnitId top) const {
  std::vector<UnitId> found;
  if (find(top) == nullptr) return found;
  found.push_back(top);
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const UnitId child : children(found[i])) found.push_back(child);
  return found;
}

UnitId Tree::desk_of(UnitId id) const {
  const Unit* unit = find(id);
  if (unit == nullptr) return {};
  return unit->kind == UnitKind::kPoint && unit->parent.is_set() ? unit->parent : unit->id;
}

UnitId Tree::ancestor_of_kind(UnitId id, UnitKind kind) const {
  for (const Unit* unit = find(id); unit != nullptr; unit = find(unit->parent))
    if (unit->kind == kind) return unit->id;
  return {};
}

std::vector<UnitId> Tree::rings(UnitId id) const {
  std::vector<UnitId> found;
  for (const UnitId step : path_up(desk_of(id)))
    if (at(step).kind != UnitKind::kProvince) found.push_back(step);
  return found;
}

RingPreset Tree::preset_of(UnitId id) const {
  for (const Unit* unit = find(id); unit != nullptr; unit = find(unit->parent))
    if (unit->rings) return *unit->rings;
  return RingPreset::kNormal;
}

std::string Tree::path_zh(UnitId id) const {
  std::string path;
  for (const UnitId step : path_up(id)) {
    const Unit& unit = at(step);
    if (unit.kind == UnitKind::kProvince && !path.empty()) break;
    path = path.empty() ? unit.name_zh : unit.name_zh + " ▸ " + path;
  }
  return path;
}

}  // namespace kapok
