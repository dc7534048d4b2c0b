#include "service/caller_index.h"

#include <gtest/gtest.h>

namespace kapok::service {
namespace {

constexpr Instant kNow{1'790'128'800'000'000};
constexpr LineId kLine{1}, kOther{2};
constexpr UnitId kUnit{1};

TEST(CallerIndex, UnansweredAttemptsCountForThirtyMinutesOnTheirLine) {
  CallerIndex index;
  index.unanswered("key", kLine, kNow, CallId{1});
  index.unanswered("key", kLine, kNow + minutes{10}, CallId{1});
  index.unanswered("key", kOther, kNow, CallId{2});
  EXPECT_EQ(index.facts("key", kLine, kNow + minutes{29}).unanswered_attempts_30min, 2);
  EXPECT_EQ(index.facts("key", kLine, kNow + minutes{30}).unanswered_attempts_30min, 1);
  EXPECT_EQ(index.facts("key", kLine, kNow + minutes{40}).unanswered_attempts_30min, 0);
}

TEST(CallerIndex, AnAnswerForgetsTheAttempts) {
  CallerIndex index;
  index.unanswered("key", kLine, kNow, CallId{1});
  index.answered("key", kLine, kNow);
  EXPECT_EQ(index.facts("key", kLine, kNow).unanswered_attempts_30min, 0);
}

TEST(CallerIndex, WithheldNumbersAreNeverOnePerson) {
  CallerIndex index;
  index.unanswered("", kLine, kNow, CallId{1});
  index.left("", kUnit, CallId{1}, kNow);
  EXPECT_FALSE(index.episode("", kLine, kUnit, kNow).is_set());
  index.high_risk("", kNow);
  EXPECT_EQ(index.facts("", kLine, kNow), routing::CallerFacts{});
  EXPECT_EQ(index.size(), 0u);
}

TEST(CallerIndex, ReturnWithinTwoMinutesGoesOnWithTheEpisode) {
  CallerIndex index;
  index.left("key", kUnit, CallId{7}, kNow);
  EXPECT_EQ(index.episode("key", kLine, kUnit, kNow + seconds{120}), CallId{7});
  EXPECT_FALSE(index.episode("key", kLine, kUnit, kNow + seconds{120} + Duration{1}).is_set());
  EXPECT_FALSE(index.episode("key", kLine, UnitId{2}, kNow).is_set());
  EXPECT_FALSE(index.episode("other", kLine, kUnit, kNow).is_set());
}

TEST(CallerIndex, PlaceGivenUpWaitingIsRegainedForTwoMinutesAtItsUnit) {
  CallerIndex index;
  const CallerIndex::Place place{kNow - seconds{40}, 5};
  index.left("key", kUnit, CallId{7}, kNow, place);
  EXPECT_EQ(index.place("key", kUnit, kNow + seconds{120}), place);
  EXPECT_EQ(index.place("key", kUnit, kNow + seconds{120} + Duration{1}), std::nullopt);
  EXPECT_EQ(index.place("key", UnitId{2}, kNow), std::nullopt);
  EXPECT_EQ(index.place("other", kUnit, kNow), std::nullopt);
}

TEST(CallerIndex, WhoWasAnsweredMeanwhileHasNoPlaceToRegain) {
  CallerIndex index;
  index.left("key", kUnit, CallId{7}, kNow, CallerIndex::Place{kNow - seconds{40}, 5});
  index.left("key", kUnit, CallId{7}, kNow + seconds{30});
  EXPECT_EQ(index.place("key", kUnit, kNow + seconds{31}), std::nullopt);
}

TEST(CallerIndex, RepeatedUnansweredAttemptGoesOnWithTheEpisodeForThirtyMinutesOnItsLine) {
  CallerIndex index;
  index.unanswered("key", kLine, kNow, CallId{7});
  EXPECT_EQ(index.episode("key", kLine, kUnit, kNow + minutes{30} - Duration{1}), CallId{7});
  EXPECT_FALSE(index.episode("key", kLine, kUnit, kNow + minutes{30}).is_set());
  EXPECT_FALSE(index.episode("key", kOther, kUnit, kNow + minutes{10}).is_set());
  index.answered("key", kLine, kNow);
  EXPECT_FALSE(index.episode("key", kLine, kUnit, kNow + minutes{10}).is_set());
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
