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

/// How long a unit keeps its callers to itself before farther workers are asked (routing.md §1.2). The times stand in
/// routing/policy.h, what each yields in tests/README.md.
enum class RingPreset { kNormal, kLocal };

template <>
inline constexpr EnumName<RingPreset> kEnumNames<RingPreset>[] = {
    {RingPreset::kNormal, "normal", "标准"},
    {RingPreset::kLocal, "local", "本站优先"},
};

}  // namespace kapok
