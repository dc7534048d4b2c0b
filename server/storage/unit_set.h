#pragma once

#include <cstddef>
#include <vector>

#include "core/check.h"
#include "core/id.h"
#include "storage/cell.h"

namespace kapok::storage {

/// Units a list is restricted to: whole subtrees and units alone. At most kSubtreesMax and kSinglesMax: a
/// supervisor guides 5 to 8 stations, and statements have a fixed number of parameters.
struct UnitSet {
  std::vector<UnitId> subtrees;
  std::vector<UnitId> singles;

  [[nodiscard]] bool empty() const { return subtrees.empty() && singles.empty(); }
};

inline constexpr std::size_t kSubtreesMax = 16;
inline constexpr std::size_t kSinglesMax = 4;

/// Unit ids of a UnitSet as a subquery, for `unit_id IN ` KAPOK_UNIT_SET; its parameters come from append_units, in
/// the place where the text stands. Once per statement.
#define KAPOK_UNIT_SET                                                                                            \
  "(WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id IN (:top1, :top2, :top3, :top4, :top5, :top6, "     \
  ":top7, :top8, :top9, :top10, :top11, :top12, :top13, :top14, :top15, :top16) UNION ALL SELECT u.id FROM unit " \
  "u JOIN below b ON u.parent_id = b.id) SELECT id FROM below UNION SELECT id FROM unit WHERE id IN (:one1, "     \
  ":one2, :one3, :one4))"

inline void append_units(Values& in, const UnitSet& units) {
  KAPOK_CHECK(units.subtrees.size() <= kSubtreesMax && units.singles.size() <= kSinglesMax);
  for (std::size_t i = 0; i < kSubtreesMax; ++i)
    in.emplace_back(i < units.subtrees.size() ? units.subtrees[i].value : std::int64_t{0});
  for (std::size_t i = 0; i < kSinglesMax; ++i)
    in.emplace_back(i < units.singles.size() ? units.singles[i].value : std::int64_t{0});
}

}  // namespace kapok::storage
