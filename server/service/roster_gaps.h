#pragma once

#include <span>
#include <vector>

#include "casework/shift.h"
#include "core/id.h"
#include "core/instant.h"
#include "service/directory.h"

namespace kapok::service {

struct RosterGap {
  UnitId unit;
  Period period;
};

/// What is left of `whole` when every stretch of `covered` is taken out, in order. Pure.
std::vector<Period> uncovered(Period whole, std::vector<Period> covered);

/// Units at or below `top` with at least one line that reaches us, in the order of the tree: these have to be covered.
std::vector<UnitId> units_to_cover(const Directory& directory, UnitId top);

/// Stretches of `period` for which the roster has nobody at a unit to cover, by unit and time. Cancelled, closed and
/// absent shifts cover nothing. Pure.
std::vector<RosterGap> roster_gaps(const Directory& directory, UnitId top, std::span<const casework::Shift> shifts,
                                   Period period);

}  // namespace kapok::service
