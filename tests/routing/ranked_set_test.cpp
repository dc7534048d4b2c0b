#include "routing/ranked_set.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

#include "random_world.h"

namespace kapok::routing {
namespace {

TEST(RankedSet, AgreesWithAnOrderedSetThatCounts) {
  CounterRandom random(7);
  RankedSet<std::int64_t> ranked;
  std::set<std::int64_t> plain;
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t key = random.below(400);
    if (random.chance(60))
      EXPECT_EQ(ranked.insert(key), plain.insert(key).second);
    else
      EXPECT_EQ(ranked.erase(key), plain.erase(key) == 1);
    const std::int64_t asked = random.below(400);
    const auto before = static_cast<std::size_t>(std::distance(plain.begin(), plain.lower_bound(asked)));
    ASSERT_EQ(ranked.rank(asked), before);
    ASSERT_EQ(ranked.contains(asked), plain.contains(asked));
    ASSERT_EQ(ranked.size(), plain.size());
  }
  std::size_t place = 0;
  for (std::int64_t key : plain) EXPECT_EQ(ranked.at(place++), key);
}

TEST(RankedSet, TakesTenThousandRisingKeysWithoutDegenerating) {
  RankedSet<std::int64_t> ranked;
  for (std::int64_t i = 0; i < 10000; ++i) ranked.insert(i);
  EXPECT_EQ(ranked.rank(9999), 9999u);
  for (std::int64_t i = 0; i < 10000; i += 2) ranked.erase(i);
  EXPECT_EQ(ranked.at(4999), 9999);
}

}  // namespace
}  // namespace kapok::routing
