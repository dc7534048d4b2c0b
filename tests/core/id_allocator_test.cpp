#include "core/id_allocator.h"

#include <gtest/gtest.h>

#include "core/id.h"

namespace kapok {
namespace {

constexpr std::int64_t kCity = 3;
constexpr Instant kNow = kIdEpoch + hours{24 * 365 * 6};

TEST(IdAllocator, AnIdTellsItsMillisecondAndCity) {
  IdAllocator ids{kCity, 0};
  const IdParts parts = split_id(ids.next(kNow));
  EXPECT_EQ(parts, (IdParts{std::int64_t{24} * 365 * 6 * 3'600'000, kCity, 0}));
  EXPECT_EQ(split_id(join_id({(std::int64_t{1} << 43) - 1, 1023, 1023})).milliseconds, (std::int64_t{1} << 43) - 1);
  EXPECT_GT(join_id({(std::int64_t{1} << 43) - 1, 1023, 1023}), 0);
}

TEST(IdAllocator, IdsRiseWhileTheClockStands) {
  IdAllocator ids{kCity, 0};
  std::int64_t last = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::int64_t id = ids.next(kNow);
    ASSERT_GT(id, last);
    ASSERT_EQ(split_id(id).city_number, kCity);
    last = id;
  }
  EXPECT_EQ(split_id(last).milliseconds, split_id(IdAllocator{kCity, 0}.next(kNow)).milliseconds + 2);
}

TEST(IdAllocator, IdsRiseWhenTheClockStepsBack) {
  IdAllocator ids{kCity, 0};
  const std::int64_t first = ids.next(kNow);
  EXPECT_EQ(ids.next(kNow - hours{1}), first + 1);
  EXPECT_EQ(ids.next(Instant{0}), first + 2);
}

TEST(IdAllocator, ARestartGoesOnAboveTheHighWaterMark) {
  IdAllocator before{kCity, 0};
  const std::int64_t last = before.next(kNow);
  IdAllocator after{kCity, before.high_water()};
  EXPECT_GT(after.next(kNow - hours{1}), last);
}

TEST(IdAllocator, AKindOfIdCanBeAskedFor) {
  IdAllocator ids{kCity, 0};
  const auto contact = ids.next<ContactId>(kNow);
  EXPECT_EQ(contact.value, ids.high_water());
}

TEST(IdAllocatorDeathTest, AHighWaterMarkOfAnotherCityIsOurMistake) {
  EXPECT_DEATH(IdAllocator(kCity, join_id({1, 4, 0})), "KAPOK_CHECK");
  EXPECT_DEATH(IdAllocator(0, 0), "KAPOK_CHECK");
  EXPECT_DEATH(IdAllocator(1024, 0), "KAPOK_CHECK");
}

}  // namespace
}  // namespace kapok
