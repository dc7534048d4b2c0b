#include "routing/wait_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "random_world.h"

namespace kapok::routing {
namespace {

WaitEntry entry(std::int64_t call, std::int64_t line) {
  return {{Instant{call * 10}, call, CallId{call}}, {LineId{line}, 1}};
}

/// The first caller of each line in order, as the set shows them when every line is left at once.
std::vector<std::int64_t> shown(WaitSet& set) {
  std::vector<std::int64_t> calls;
  std::vector<LineId> seen;
  set.each_line([](const WaitKey&) { return false; },
                [&](const WaitEntry& e) {
                  if (std::ranges::count(seen, e.lane.line) == 0) calls.push_back(e.key.call.value);
                  seen.push_back(e.lane.line);
                  return false;
                });
  return calls;
}

/// A set that is asked after every so many changes: seldom enough, it forgets its lines in between.
class AskedSeldom : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Changes, AskedSeldom, testing::Values(1, 7, 300));

TEST_P(AskedSeldom, ShowsTheFirstOfEachLineInOrderWhetherShortOrLong) {
  CounterRandom random(11);
  WaitSet set;
  std::vector<WaitEntry> inside;
  for (int i = 0; i < 3000; ++i) {
    const bool grows = (i / 500) % 2 == 0;  // long at times, short at others
    if (inside.empty() || random.chance(grows ? 70 : 30)) {
      inside.push_back(entry(1 + random.below(100'000), random.below(5)));
      inside.back().lane.line = LineId{inside.back().key.call.value % 5};  // a caller has one line
      if (set.contains(inside.back().key)) {
        inside.pop_back();
        continue;
      }
      set.insert(inside.back());
    } else {
      const auto at = inside.begin() + random.below(static_cast<std::int64_t>(inside.size()));
      set.erase(*at);
      inside.erase(at);
    }
    ASSERT_EQ(set.size(), inside.size());
    if (i % GetParam() != 0) continue;
    std::ranges::sort(inside);
    std::vector<std::int64_t> expected;
    std::vector<LineId> seen;
    for (const WaitEntry& e : inside) {
      if (std::ranges::count(seen, e.lane.line) == 0) expected.push_back(e.key.call.value);
      seen.push_back(e.lane.line);
    }
    ASSERT_EQ(shown(set), expected) << i;
  }
}

TEST(WaitSet, LeavesALongLineWholeWhenItIsPassedOver) {
  WaitSet set;
  for (std::int64_t call = 1; call <= 1000; ++call) set.insert(entry(call, 1));
  set.insert(entry(2000, 2));
  std::size_t looked = 0;
  CallId found;
  set.each_line([&](const WaitKey&) { return found.is_set(); },
                [&](const WaitEntry& e) {
                  ++looked;
                  if (e.lane.line == LineId{2}) found = e.key.call;
                  return false;
                });
  EXPECT_EQ(found, CallId{2000});
  EXPECT_LE(looked, 20u);
}

}  // namespace
}  // namespace kapok::routing
