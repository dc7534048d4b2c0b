#include <gtest/gtest.h>

#include "core/phone_number.h"

namespace kapok {
namespace {

TEST(InventedNumber, IsReadLikeALandlineSoThatLinesAndCallersOfAPracticeCityMatch) {
  const PhoneNumber line = parse_phone_number("020-00100001");
  EXPECT_EQ(line.kind, NumberKind::kLandline);
  EXPECT_EQ(line.canonical, "+862000100001");
  EXPECT_EQ(parse_phone_number("+86 20 0010 0001").canonical, line.canonical);
  EXPECT_EQ(written(line), "020-00100001");
  EXPECT_TRUE(can_ring(line));
  EXPECT_EQ(last_four(line), "0001");
}

TEST(InventedNumber, OfOtherLengthsOrAreasStaysUnmatched) {
  EXPECT_EQ(parse_phone_number("020-0010001").kind, NumberKind::kRaw);
  EXPECT_EQ(parse_phone_number("021-00100001").kind, NumberKind::kRaw);
}

}  // namespace
}  // namespace kapok
