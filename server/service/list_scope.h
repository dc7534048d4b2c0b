#pragma once

#include "core/id.h"
#include "core/permission.h"
#include "core/result.h"
#include "core/tree.h"
#include "service/who.h"
#include "storage/unit_set.h"

namespace kapok::service {

/// Where a list may look for one person: what `reach` permits, cut to the subtree asked for.
struct ListScope {
  storage::UnitSet units;
  WorkerId own;   ///< set = besides, what this worker answered, wrote or owns anywhere …
  UnitId within;  ///< … as far as it lies in the subtree asked for; unset = everywhere

  [[nodiscard]] bool holds(const Tree& tree, UnitId unit) const;
};

/// `asked` unset = everything the person may see. Refuses UNKNOWN_UNIT, FORBIDDEN when nothing is left, and
/// NARROW_SEARCH for more than storage::kSubtreesMax stations at once: then one unit has to be named.
Result<ListScope> list_scope(const Who& who, Action action, UnitId asked);

}  // namespace kapok::service
