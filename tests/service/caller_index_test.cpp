#include "service/caller_index.h"

#include <gtest/gtest.h>

#include "service/directory_events.h"

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

TEST(NumberBucket, HoldsThreeCallsAndThreeMorePerHour) {
  NumberBucket bucket;
  EXPECT_TRUE(bucket.is_full(kNow));
  for (int call = 1; call <= 3; ++call) EXPECT_TRUE(bucket.take(kNow));
  EXPECT_FALSE(bucket.take(kNow + minutes{20} - Duration{1}));
  EXPECT_TRUE(bucket.take(kNow + minutes{20}));  // the refused one cost nothing
  EXPECT_FALSE(bucket.take(kNow + minutes{39}));
  int taken = 0;
  for (int minute = 40; minute < 100; ++minute) taken += bucket.take(kNow + minutes{minute}) ? 1 : 0;
  EXPECT_EQ(taken, 3);
  EXPECT_FALSE(bucket.is_full(kNow + minutes{100}));
  EXPECT_TRUE(bucket.is_full(kNow + minutes{140}));
}

TEST(CallerIndex, ANumberIsBeyondItsBucketOnAnyLineAndWithheldNumbersNever) {
  CallerIndex index;
  for (int call = 1; call <= 3; ++call) EXPECT_TRUE(index.arrived("key", kNow));
  EXPECT_FALSE(index.arrived("key", kNow));
  EXPECT_TRUE(index.arrived("other", kNow));
  for (int call = 1; call <= 10; ++call) EXPECT_TRUE(index.arrived("", kNow));
}

TEST(CallerIndex, TheSameWorkerGoesOnForThirtyDaysWhenAContactAsksForIt) {
  CallerIndex index;
  index.written_up({"key", kNow, WorkerId{5}, false, {}});
  EXPECT_FALSE(index.facts("key", kLine, kNow).last_worker.is_set());
  index.written_up({"key", kNow, WorkerId{5}, true, {}});
  EXPECT_EQ(index.facts("key", kOther, kNow + hours{30 * 24} - Duration{1}).last_worker, WorkerId{5});
  EXPECT_FALSE(index.facts("key", kLine, kNow + hours{30 * 24}).last_worker.is_set());
  EXPECT_FALSE(index.facts("other", kLine, kNow).last_worker.is_set());
}

TEST(CallerIndex, AColleaguesContactLeavesTheMarkItsOwnAnswererWithoutItEndsIt) {
  CallerIndex index;
  index.written_up({"key", kNow, WorkerId{5}, true, {}});
  index.written_up({"key", kNow + hours{1}, WorkerId{6}, false, {}});
  EXPECT_EQ(index.facts("key", kLine, kNow + hours{2}).last_worker, WorkerId{5});
  index.written_up({"key", kNow + hours{2}, WorkerId{5}, false, {}});
  EXPECT_FALSE(index.facts("key", kLine, kNow + hours{3}).last_worker.is_set());
}

TEST(CallerIndex, TheLatestLanguageNamedStandsForNinetyDays) {
  CallerIndex index;
  index.written_up({"key", kNow, {}, false, casework::Language::kCantonese});
  index.written_up({"key", kNow + hours{1}, {}, false, casework::Language::kHakka});
  index.written_up({"key", kNow + hours{2}, {}, false, casework::Language::kNotRecorded});
  index.written_up({"key", kNow, {}, false, casework::Language::kEnglish});  // told late
  EXPECT_EQ(index.facts("key", kLine, kNow + hours{3}).language, language_bit(casework::Language::kHakka));
  EXPECT_EQ(index.facts("key", kLine, kNow + hours{1 + 90 * 24}).language, 0u);
  index.forget_before(kNow + hours{1 + 90 * 24});
  EXPECT_EQ(index.size(), 0u);
}

TEST(RoutingLanguages, ArePeoplesFileNamesAsBitsAndPutonghuaWhenNothingIsRecorded) {
  EXPECT_EQ(language_bits({"putonghua", "hakka"}),
            language_bit(casework::Language::kMandarin) | language_bit(casework::Language::kHakka));
  EXPECT_EQ(language_bits({}), language_bit(casework::Language::kMandarin));
  EXPECT_EQ(language_bit(casework::Language::kOther), 0u);
  EXPECT_EQ(language_bit(casework::Language::kNotRecorded), 0u);
}

}  // namespace
}  // namespace kapok::service
