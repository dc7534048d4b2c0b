#include "routing/block_set.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

#include "random_world.h"

namespace kapok::routing {
namespace {

using Plain = std::set<std::int64_t>;

void expect_same(const BlockSet<std::int64_t>& set, const Plain& plain) {
  ASSERT_EQ(set.size(), plain.size());
  EXPECT_TRUE(std::equal(set.begin(), set.end(), plain.begin(), plain.end()));
}

TEST(BlockSet, AgreesWithAnOrderedSetThatCounts) {
  for (const std::int64_t keys : {5, 400, 20'000}) {
    CounterRandom random(7);
    BlockSet<std::int64_t> set;
    Plain plain;
    for (int i = 0; i < 20'000; ++i) {
      const std::int64_t key = random.below(keys);
      // Fills and empties in turns, so that blocks split and join.
      if (random.chance(i / 4'000 % 2 == 0 ? 70 : 30))
        EXPECT_EQ(set.insert(key), plain.insert(key).second);
      else
        EXPECT_EQ(set.erase(key), plain.erase(key) == 1);
      const std::int64_t asked = random.below(keys);
      ASSERT_EQ(set.contains(asked), plain.contains(asked));
      ASSERT_EQ(set.size(), plain.size());
      if (i % 64 != 0) continue;
      const auto before = static_cast<std::size_t>(std::distance(plain.begin(), plain.lower_bound(asked)));
      ASSERT_EQ(set.rank(asked), before);
      const auto at = set.lower_bound(asked);
      ASSERT_EQ(at == set.end(), before == plain.size());
      if (at != set.end()) {
        ASSERT_EQ(*at, *plain.lower_bound(asked));
      }
      if (before < plain.size()) {
        ASSERT_EQ(set.at(before), *plain.lower_bound(asked));
      }
      if (!plain.empty()) {
        ASSERT_EQ(set.front(), *plain.begin());
      }
    }
    expect_same(set, plain);
  }
}

TEST(BlockSet, IsEmptiedFromTheFrontAndFilledAgain) {
  BlockSet<std::int64_t> set;
  for (int round = 0; round < 3; ++round) {
    for (std::int64_t i = 0; i < 1'000; ++i) set.insert(i);
    for (std::int64_t i = 0; i < 1'000; ++i) {
      ASSERT_EQ(set.front(), i);
      set.pop_front();
    }
    EXPECT_TRUE(set.empty());
    EXPECT_EQ(set.begin(), set.end());
    EXPECT_FALSE(set.contains(0));
  }
}

TEST(BlockSet, KeepsFewBlocksHoweverItWasThinnedOut) {
  BlockSet<std::int64_t> set;
  for (std::int64_t i = 0; i < 32'000; ++i) set.insert(i);
  EXPECT_EQ(set.blocks().size(), 1'000u);  // rising keys leave full blocks
  for (std::int64_t i = 0; i < 32'000; ++i)
    if (i % 32 != 0) set.erase(i);
  EXPECT_EQ(set.size(), 1'000u);
  EXPECT_LE(set.blocks().size(), 125u);
}

}  // namespace
}  // namespace kapok::routing
