#include "routing/marked_set.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "random_world.h"

namespace kapok::routing {
namespace {

std::vector<std::int64_t> found(const MarkedSet<std::int64_t>& set, std::uint64_t wanted, std::size_t most) {
  std::vector<std::int64_t> keys;
  set.find(wanted, [&](std::int64_t key) {
    keys.push_back(key);
    return keys.size() == most;
  });
  return keys;
}

TEST(MarkedSet, FindsInOrderWhatAnOrderedMapWouldFind) {
  CounterRandom random(5);
  MarkedSet<std::int64_t> set;
  std::map<std::int64_t, std::uint64_t> map;
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t key = random.below(300);
    if (map.erase(key) > 0) {
      ASSERT_TRUE(set.erase(key));
    } else {
      const std::uint64_t marks = random.chance(10) ? random.next() % 8 : 1;
      set.insert(key, marks);
      map.emplace(key, marks);
    }
    ASSERT_EQ(set.size(), map.size());
    const auto wanted = static_cast<std::uint64_t>(random.below(5));
    const auto most = static_cast<std::size_t>(1 + random.below(4));
    std::vector<std::int64_t> expected;
    for (const auto& [k, marks] : map)
      if (expected.size() < most && (wanted == 0 || (marks & wanted) != 0)) expected.push_back(k);
    ASSERT_EQ(found(set, wanted, most), expected) << i;
    ASSERT_EQ(set.contains(key), map.contains(key));
  }
}

TEST(MarkedSet, ErasesNothingThatIsNotThere) {
  MarkedSet<std::int64_t> set;
  EXPECT_FALSE(set.erase(1));
  set.insert(1, 0);
  EXPECT_FALSE(set.erase(2));
  EXPECT_TRUE(set.erase(1));
  EXPECT_TRUE(set.empty());
  EXPECT_TRUE(found(set, 0, 1).empty());
}

}  // namespace
}  // namespace kapok::routing
