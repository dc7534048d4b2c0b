#include "net/entry_pass.h"

#include <gtest/gtest.h>

#include <set>

namespace kapok::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
const EntryPasses::Time kNow{std::chrono::hours(1)};

TEST(EntryPasses, StandForTheirSessionOnce) {
  EntryPasses passes;
  const std::string chen = passes.issue("token of chen", kNow);
  const std::string li = passes.issue("token of li", kNow);
  EXPECT_EQ(passes.redeem(li, kNow), "token of li");
  EXPECT_EQ(passes.redeem(chen, kNow), "token of chen");
  EXPECT_EQ(passes.redeem(chen, kNow), std::nullopt);
  EXPECT_EQ(passes.redeem("", kNow), std::nullopt);
}

TEST(EntryPasses, AreGoodForThirtySeconds) {
  EntryPasses passes;
  const std::string in_time = passes.issue("token", kNow);
  const std::string late = passes.issue("token", kNow);
  EXPECT_EQ(passes.redeem(in_time, kNow + seconds(30) - milliseconds(1)), "token");
  EXPECT_EQ(passes.redeem(late, kNow + seconds(30)), std::nullopt);
  EXPECT_EQ(passes.redeem(late, kNow), std::nullopt);
}

TEST(EntryPasses, ThoseNobodyUsesAreForgotten) {
  EntryPasses passes;
  for (int i = 0; i < 10; ++i) passes.issue("token", kNow);
  EXPECT_EQ(passes.held(), 10U);
  passes.issue("token", kNow + seconds(30));
  EXPECT_EQ(passes.held(), 1U);
}

TEST(EntryPasses, BeyondTheLimitTheOldestGoesFirst) {
  EntryPasses passes;
  const std::string first = passes.issue("token", kNow);
  const std::string second = passes.issue("token", kNow);
  for (std::size_t i = 2; i < EntryPasses::kHeldMax + 1; ++i) passes.issue("token", kNow);
  EXPECT_EQ(passes.held(), EntryPasses::kHeldMax);
  EXPECT_EQ(passes.redeem(first, kNow), std::nullopt);
  EXPECT_EQ(passes.redeem(second, kNow), "token");
}

TEST(EntryPasses, AreTwoHundredFiftySixRandomBits) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = random_text(32);
    EXPECT_EQ(text.size(), 43U);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    seen.insert(text);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace kapok::net
