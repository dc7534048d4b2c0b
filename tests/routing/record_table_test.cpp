#include "routing/record_table.h"

#include <gtest/gtest.h>

#include <map>

#include "core/id.h"
#include "random_world.h"

namespace kapok::routing {
namespace {

TEST(RecordTable, FindsWhatAnOrderedMapFindsAndIsReadInOrder) {
  CounterRandom random(11);
  RecordTable<CallId, std::int64_t> table;
  std::map<CallId, std::int64_t> plain;
  for (int i = 0; i < 50'000; ++i) {
    const CallId id(1 + random.below(3'000) * 1'024);  // as allocated ids: low bits all alike
    if (random.chance(i / 10'000 % 2 == 0 ? 60 : 40))
      EXPECT_EQ(table.try_emplace(id, i).second, plain.try_emplace(id, i).second);
    else
      EXPECT_EQ(table.erase(id), plain.erase(id));
    const CallId asked(1 + random.below(3'000) * 1'024);
    ASSERT_EQ(table.contains(asked), plain.contains(asked));
    const auto found = table.find(asked);
    ASSERT_EQ(found != table.end(), plain.contains(asked));
    if (found != table.end()) {
      ASSERT_EQ(found->second, plain.at(asked));
    }
  }
  EXPECT_TRUE(std::equal(table.begin(), table.end(), plain.begin(), plain.end()));
}

TEST(RecordTable, LeavesRecordsWhereTheyAreWhenItGrows) {
  RecordTable<CallId, std::int64_t> table;
  const std::int64_t* first = &table.try_emplace(CallId(1), 7).first->second;
  for (std::int64_t id = 2; id < 5'000; ++id) table.try_emplace(CallId(id), id);
  EXPECT_EQ(first, &table.at(CallId(1)));
  EXPECT_EQ(*first, 7);
}

TEST(RecordTable, KnowsNoRecordOfNobody) {
  RecordTable<CallId, std::int64_t> table;
  EXPECT_FALSE(table.contains(CallId()));
  table.try_emplace(CallId(1), 1);
  EXPECT_FALSE(table.contains(CallId()));
  EXPECT_THROW((void)table.at(CallId(2)), std::out_of_range);
}

}  // namespace
}  // namespace kapok::routing
