#include "routing/pending.h"

#include <gtest/gtest.h>

namespace kapok::routing {
namespace {

TEST(Pending, ShowsEachOnceAndInRisingOrder) {
  Pending<int> pending;
  for (const int value : {5, 3, 5, 5, 1, 3}) pending.insert(value);
  std::vector<int> seen;
  pending.drain([&](int value) { seen.push_back(value); });
  EXPECT_EQ(seen, (std::vector<int>{1, 3, 5}));
  EXPECT_TRUE(pending.empty());
}

TEST(Pending, WhatIsNotedWhileItIsDrainedWaitsForTheNextTime) {
  Pending<int> pending;
  pending.insert(1);
  pending.insert(2);
  std::vector<int> seen;
  const auto look = [&](int value) {
    seen.push_back(value);
    if (value < 3) pending.insert(value + 2);
  };
  pending.drain(look);
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
  pending.drain(look);
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_TRUE(pending.empty());
}

}  // namespace
}  // namespace kapok::routing
