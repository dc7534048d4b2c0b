#include "core/enum_names.h"

#include <gtest/gtest.h>

#include <set>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/error_code.h"
#include "core/line.h"
#include "core/permission.h"
#include "core/phone_number.h"
#include "core/role.h"
#include "core/skill.h"
#include "core/unit.h"

namespace kapok {
namespace {

template <class E>
class EnumNames : public testing::Test {};

using Enums = testing::Types<ErrorCode, CallState, CallOutcome, KpiBucket, CallerClass, Channel, EndedBy, UnitKind,
                             RingPreset, LineMode, Skill, EndpointKind, WorkerState, Role, Scope, Action, NumberKind>;
TYPED_TEST_SUITE(EnumNames, Enums);

TYPED_TEST(EnumNames, EachNameIsUniqueAndLeadsBackToItsValue) {
  std::set<std::string_view> seen;
  for (const auto& row : kEnumNames<TypeParam>) {
    EXPECT_TRUE(seen.insert(row.name).second) << row.name;
    EXPECT_EQ(from_name<TypeParam>(row.name), row.value);
    EXPECT_EQ(name_of(row.value), row.name);
  }
  EXPECT_EQ(from_name<TypeParam>("no such name"), std::nullopt);
}

TYPED_TEST(EnumNames, ValuesRunFromZeroWithoutGaps) {
  int expected = 0;
  for (const auto& row : kEnumNames<TypeParam>) EXPECT_EQ(static_cast<int>(row.value), expected++) << row.name;
}

}  // namespace
}  // namespace kapok
