#include "service/caller_index.h"

#include <gtest/gtest.h>

namespace kapok::service {
namespace {

constexpr Instant kNow{1'790'128'800'000'000};
constexpr LineId kLine{1}, kOther{2};

TEST(CallerIndex, UnansweredAttemptsCountForThirtyMinutesOnTheirLine) {
  CallerIndex index;
  index.unanswered("key", kLine, kNow);
  index.unanswered("key", kLine, kNow + minutes{10});
  index.unanswered("key", kOther, kNow);
  EXPECT_EQ(index.facts("key", kLine, kNow + minutes{29}).unanswered_attempts_30min, 2);
  EXPECT_EQ(index.facts("key", kLine, kNow + minutes{30}).unanswered_attempts_30min, 1);
  EXPECT_EQ(index.facts("key", kLine, kNow + minutes{40}).unanswered_attempts_30min, 0);
}

TEST(CallerIndex, AnAnswerForgetsTheAttempts) {
  CallerIndex index;
  index.unanswered("key", kLine, kNow);
  index.answered("key", kLine);
  EXPECT_EQ(index.facts("key", kLine, kNow).unanswered_attempts_30min, 0);
}

TEST(CallerIndex, WithheldNumbersAreNeverOnePerson) {
  CallerIndex index;
  index.unanswered("", kLine, kNow);
  index.high_risk("", kNow);
  EXPECT_EQ(index.facts("", kLine, kNow), routing::CallerFacts{});
  EXPECT_EQ(index.size(), 0u);
}

TEST(CallerIndex, HighRiskLastsSevenDaysThenTheNumberIsForgotten) {
  CallerIndex index;
  index.high_risk("key", kNow);
  EXPECT_TRUE(index.facts("key", kLine, kNow + hours{7 * 24} - Duration{1}).open_high);
  EXPECT_FALSE(index.facts("key", kLine, kNow + hours{7 * 24}).open_high);
  index.forget_before(kNow + hours{6 * 24});
  EXPECT_EQ(index.size(), 1u);
  index.forget_before(kNow + hours{7 * 24});
  EXPECT_EQ(index.size(), 0u);
}

}  // namespace
}  // namespace kapok::service
