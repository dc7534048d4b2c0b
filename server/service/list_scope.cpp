#include "service/list_scope.h"

#include <algorithm>
#include <string>

namespace kapok::service {
namespace {

void add_subtree(storage::UnitSet& units, const Tree& tree, UnitId top, UnitId asked) {
  UnitId cut = top;
  if (asked.is_set()) {
    if (tree.is_within(asked, top))
      cut = asked;
    else if (!tree.is_within(top, asked))
      return;
  }
  if (std::find(units.subtrees.begin(), units.subtrees.end(), cut) == units.subtrees.end())
    units.subtrees.push_back(cut);
}

void add_desk(storage::UnitSet& units, const Tree& tree, UnitId desk, UnitId asked) {
  const Unit* unit = tree.find(desk);
  if (unit == nullptr) return;
  // A station's desk has its points; a district's or city's own desk has nothing below it.
  if (unit->kind == UnitKind::kStation || unit->kind == UnitKind::kPoint) return add_subtree(units, tree, desk, asked);
  if (!asked.is_set() || tree.is_within(desk, asked)) units.singles.push_back(desk);
}

}  // namespace

bool ListScope::holds(const Tree& tree, UnitId unit) const {
  const auto within_top = [&](UnitId top) { return tree.is_within(unit, top); };
  return std::any_of(units.subtrees.begin(), units.subtrees.end(), within_top) ||
         std::find(units.singles.begin(), units.singles.end(), unit) != units.singles.end();
}

Result<ListScope> list_scope(const Who& who, Action action, UnitId asked) {
  const Tree& tree = who.directory->tree();
  if (asked.is_set() && tree.find(asked) == nullptr) return Error{ErrorCode::kUnknownUnit, "unit"};
  const Reach reached = reach(tree, who.subject, action);
  ListScope scope;
  scope.within = asked;
  for (const UnitId top : reached.subtrees) add_subtree(scope.units, tree, top, asked);
  for (const UnitId desk : reached.desks) add_desk(scope.units, tree, desk, asked);
  // Asked for a unit he may see, he is shown that unit; otherwise his own rows in it.
  if (reached.own && (!asked.is_set() || scope.units.empty())) scope.own = who.worker;
  if (scope.units.empty() && !reached.own) {
    const auto may = who.may(action, {asked.is_set() ? asked : tree.root(), WorkerId{}, false});
    return may ? Error{ErrorCode::kForbidden, std::string(name_of(action))} : may.error();
  }
  if (scope.units.subtrees.size() > storage::kSubtreesMax || scope.units.singles.size() > storage::kSinglesMax)
    return Error{ErrorCode::kNarrowSearch, "name one unit: you may see more than 16"};
  return scope;
}

}  // namespace kapok::service
