#pragma once

#include "core/enum_names.h"

namespace kapok {

/// Level of a unit in the tree `province ▸ city ▸ region ▸ district ▸ station ▸ point` (DESIGN §4).
enum class UnitKind { kProvince, kCity, kRegion, kDistrict, kStation, kPoint };

template <>
inline constexpr EnumName<UnitKind> kEnumNames<UnitKind>[] = {
    {UnitKind::kProvince, "province", "省"},   {UnitKind::kCity, "city", "市"},
    {UnitKind::kRegion, "region", "区域"},     {UnitKind::kDistrict, "district", "区"},
    {UnitKind::kStation, "station", "社工站"}, {UnitKind::kPoint, "point", "社工点"},
};

}  // namespace kapok
