#pragma once

#include "core/enum_names.h"

namespace kapok {

/// How a published number reaches us (domain.md §0.2). A recorded-only line rings outside: its contacts
/// are entered by hand and its waits and misses read "not measured", never 0 or 100 %.
enum class LineMode { kTrunk, kForwarded, kRecordedOnly };

template <>
inline constexpr EnumName<LineMode> kEnumNames<LineMode>[] = {
    {LineMode::kTrunk, "trunk", "平台接入"},
    {LineMode::kForwarded, "forwarded", "呼转接入"},
    {LineMode::kRecordedOnly, "recorded_only", "仅登记"},
};

}  // namespace kapok
