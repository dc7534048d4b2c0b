#include "routing/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/enum_names.h"
#include "routing/offer_ids.h"
#include "routing/timers.h"

namespace kapok::routing {
namespace {

Instant local(Duration time_of_day) { return Instant{1'795'219'200'000'000} + time_of_day - Duration{hours{8}}; }

TEST(Policy, NightRunsFromTenInTheEveningToHalfPastSevenLocalTime) {
  const Duration offset = hours{8};
  EXPECT_FALSE(is_night(local(hours{22} - Duration{1}), offset));
  EXPECT_TRUE(is_night(local(hours{22}), offset));
  EXPECT_TRUE(is_night(local(hours{7} + minutes{30} - Duration{1}), offset));
  EXPECT_FALSE(is_night(local(hours{7} + minutes{30}), offset));
}

TEST(Policy, OffersLastTwelveSecondsAtADeskThirtyFiveOnAPhoneLessInCrisis) {
  const auto lasts = [](CallerClass c, EndpointKind k) { return offer_lasts(Channel::kPhone, c, k); };
  EXPECT_EQ(lasts(CallerClass::kNormal, EndpointKind::kDesk), seconds{12});
  EXPECT_EQ(lasts(CallerClass::kVulnerable, EndpointKind::kPhone), seconds{35});
  EXPECT_EQ(lasts(CallerClass::kCrisis, EndpointKind::kDesk), seconds{10});
  EXPECT_EQ(lasts(CallerClass::kCrisis, EndpointKind::kDutyPhone), seconds{25});
  EXPECT_EQ(offer_lasts(Channel::kWechat, CallerClass::kNormal, EndpointKind::kDesk), seconds{60});
}

TEST(Policy, RingTimesNeverFallFromRingToRing) {
  for (CallerClass c : {CallerClass::kCrisis, CallerClass::kVulnerable, CallerClass::kNormal, CallerClass::kCallback})
    for (RingPreset p : {RingPreset::kNormal, RingPreset::kLocal}) {
      const auto& times = ring_times(c, p);
      EXPECT_EQ(times.front(), Duration{0});
      EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    }
}

template <class E>
class RoutingWords : public testing::Test {};
using Words = testing::Types<Ring, RingPreset, LeftCause, OfferFailure, OfferEnd, WaitsAgain, AwayReason, GapKind>;
TYPED_TEST_SUITE(RoutingWords, Words);

TYPED_TEST(RoutingWords, EachNameLeadsBackToItsValue) {
  int expected = 0;
  for (const auto& row : kEnumNames<TypeParam>) {
    EXPECT_EQ(static_cast<int>(row.value), expected++);
    EXPECT_EQ(from_name<TypeParam>(row.name), row.value);
  }
}

TEST(OfferIds, RiseStrictlyWhenTheClockStandsStillOrWasAheadBefore) {
  OfferIds ids(7);
  const Instant now = local(hours{10});
  OfferId last = ids.next(now);
  EXPECT_EQ((last.value >> 10) & 1023, 7) << "city number in its ten bits";
  for (int i = 0; i < 3000; ++i) {
    const OfferId next = ids.next(now);
    EXPECT_GT(next, last);
    EXPECT_EQ((next.value >> 10) & 1023, 7);
    last = next;
  }
  OfferIds later(7);
  later.continue_after(last);
  EXPECT_GT(later.next(now - Duration{hours{1}}), last);
}

TEST(TimerQueue, EqualInstantsFireInAnOrderThatDependsOnNothingElse) {
  TimerQueue queue;
  queue.set({Instant{5}, TimerKind::kRingOpens, 1});
  queue.set({Instant{5}, TimerKind::kOfferEnds, 9});
  queue.set({Instant{4}, TimerKind::kClassAges, 3});
  queue.set({Instant{6}, TimerKind::kOfferEnds, 2});
  queue.cancel({Instant{6}, TimerKind::kOfferEnds, 2});
  EXPECT_EQ(queue.next(), Instant{4});
  EXPECT_EQ(queue.take_due(Instant{5})->kind, TimerKind::kClassAges);
  EXPECT_EQ(queue.take_due(Instant{5})->kind, TimerKind::kOfferEnds);
  EXPECT_EQ(queue.take_due(Instant{5})->kind, TimerKind::kRingOpens);
  EXPECT_EQ(queue.take_due(Instant{100}), std::nullopt);
}

}  // namespace
}  // namespace kapok::routing
