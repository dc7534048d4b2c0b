#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/id.h"
#include "core/result.h"
#include "core/unit.h"

namespace kapok {

struct Unit {
  UnitId id;
  UnitId parent;  ///< none for the root alone
  UnitKind kind = UnitKind::kStation;
  std::string code;  ///< unique; the statistical code of a place where there is one
  std::string name_zh;
  std::string name_en;
  std::optional<RingPreset> rings{};  ///< its own; its parent's when not set

  friend bool operator==(const Unit&, const Unit&) = default;
};

/// What is wrong with a list of units; `index` is the position in the list, so that an import can name the row.
struct TreeProblem {
  std::size_t index = 0;
  std::string reason;
};

/// Everything that keeps `units` from being a tree: an id or code missing or given twice, no root or two, an unknown
/// parent, a level that is not below its parent's. A level may be left out: two cities of the province have no
/// districts. Levels in order leave no room for a cycle.
std::vector<TreeProblem> tree_problems(std::span<const Unit> units);

/// The units of one city (or province), unchangeable once built: a new directory is a new tree. Lookups are
/// O(1), a question about ancestry O(depth), depth ≤ 6. Asking for a unit that is not there through `at`
/// is our mistake; foreign ids go through `find`.
class Tree {
 public:
  Tree() = default;

  /// Refuses INVALID_ARGUMENT with the first of tree_problems.
  static Result<Tree> build(std::vector<Unit> units);

  [[nodiscard]] const Unit* find(UnitId id) const;
  [[nodiscard]] const Unit* find_code(std::string_view code) const;
  [[nodiscard]] const Unit& at(UnitId id) const;
  [[nodiscard]] bool empty() const { return units_.empty(); }
  [[nodiscard]] std::span<const Unit> units() const { return units_; }
  [[nodiscard]] UnitId root() const;

  /// Direct children in the order of the list.
  [[nodiscard]] std::span<const UnitId> children(UnitId id) const;

  /// The unit itself, its parent, … the root.
  [[nodiscard]] std::vector<UnitId> path_up(UnitId id) const;

  /// `unit` is `top` or below it; false when either is unknown.
  [[nodiscard]] bool is_within(UnitId unit, UnitId top) const;

  /// The unit and everything below it, parents first.
  [[nodiscard]] std::vector<UnitId> subtree(UnitId top) const;

  /// Where a unit's people sit: a point's station, any other unit itself.
  [[nodiscard]] UnitId desk_of(UnitId id) const;

  /// The nearest unit of `kind` on the way up, itself included; none when that level is missing.
  [[nodiscard]] UnitId ancestor_of_kind(UnitId id, UnitKind kind) const;

  /// The units whose workers a line of `id` may ring, nearest first: own unit, district, region, city (DESIGN §4). A
  /// point's line starts at its station, a district's at the district; a missing level is passed over. The province is
  /// no ring: callers never overflow out of their city.
  [[nodiscard]] std::vector<UnitId> rings(UnitId id) const;

  /// The preset that holds for the lines of `id`: its own, else that of the nearest unit above that has one, else
  /// normal.
  [[nodiscard]] RingPreset preset_of(UnitId id) const;

  /// `广州市 ▸ 荔湾区 ▸ 沙面街道` without the levels above the city.
  [[nodiscard]] std::string path_zh(UnitId id) const;

 private:
  struct Node {
    std::size_t index = 0;
    std::vector<UnitId> children;
  };

  std::vector<Unit> units_;
  std::unordered_map<UnitId, Node> nodes_;
  std::unordered_map<std::string, UnitId> codes_;
};

}  // namespace kapok
