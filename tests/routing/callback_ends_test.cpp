#include "routing/callbacks.h"
#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

void keep(City& c, std::int64_t n) { c.apply(CallbackAccepted{CallId{n}}); }

/// Caller `n` of station A chooses to be rung back as soon as he waits, and hangs up.
void promised(City& c, std::int64_t n, LineId line = City::line_of(City::kA), CallerFacts facts = {}) {
  c.call_with_number(n, line, facts);
  keep(c, n);
  c.leave(n);
}

/// How long a callback that nobody takes keeps its place when it is kept at this time of day.
Duration kept_for(Duration local_time, CallerFacts facts = {}) {
  City c(local_time);
  promised(c, 1, City::line_of(City::kA), facts);
  const Instant kept = c.now;
  while (c.core.call(CallId{1})) {
    c.now = *c.core.next_timer();
    c.apply(Ticked{});
  }
  EXPECT_EQ(c.only<EndCall>().outcome, CallOutcome::kMissed);
  EXPECT_EQ(c.only<EndCall>().ended_by, EndedBy::kSystem);
  return c.now - kept;
}

TEST(CallbackKeptUntil, ByDayItKeepsItsPlaceForHalfAnHour) { EXPECT_EQ(kept_for(hours{10}), minutes{30}); }

TEST(CallbackKeptUntil, AtNightForFifteenMinutes) {
  EXPECT_EQ(kept_for(hours{22}), minutes{15});
  EXPECT_EQ(kept_for(hours{3}), minutes{15});
}

TEST(CallbackKeptUntil, WhoSleepsSoonIsNotWoken) {
  EXPECT_EQ(kept_for(hours{21} + minutes{30}), minutes{30});
  EXPECT_EQ(kept_for(hours{21} + minutes{40}), minutes{20}) << "22:00";
  EXPECT_EQ(kept_for(hours{21} + minutes{50}), minutes{15}) << "within 15 minutes of the hang-up at any hour";
}

TEST(CallbackKeptUntil, WhoHungUpBeforeHalfPastSevenSleepsUntilEight) {
  EXPECT_EQ(kept_for(hours{7} + minutes{29}), minutes{15});
  EXPECT_EQ(kept_for(hours{7} + minutes{30}), minutes{30});
}

TEST(CallbackKeptUntil, RiskAndASecondAttemptMayBeRungAtAnyHour) {
  CallerFacts risk;
  risk.open_high = true;
  EXPECT_EQ(kept_for(hours{3}, risk), minutes{30});
  CallerFacts again;
  again.unanswered_attempts_30min = 1;
  EXPECT_EQ(kept_for(hours{3}, again), minutes{30});
}

TEST(CallbackKeptUntil, ALineWhoseSkillNobodyHasKeepsNobodyForEver) {
  City c;
  c.desk(1, City::kA);
  promised(c, 1, City::kLegalLine);
  ASSERT_EQ(c.with(1), 0);
  c.pass(kCallbackKept - Duration{1});
  ASSERT_TRUE(c.core.call(CallId{1}));
  c.pass(Duration{1});
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
}

TEST(CallbackKeptUntil, WhatRingsThenStopsWithoutBlame) {
  City c;
  promised(c, 1);
  c.pass(kCallbackKept - seconds{5});
  c.desk(1, City::kA);
  ASSERT_EQ(c.with(1), 1);
  c.pass(seconds{5});
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kCallerLeft);
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
}

TEST(CallbackKeptUntil, WhoIsBeingDialledIsNotCutOffAndHasAMinuteMoreIfTheDialBreaks) {
  City c;
  promised(c, 1);
  c.pass(kCallbackKept - seconds{5});
  c.desk(1, City::kA);
  c.accept(1);
  c.pass(seconds{20});
  ASSERT_EQ(c.call_state(1), CallState::kTalking);
  c.leave(1, LeftCause::kGatewayLost);
  ASSERT_EQ(c.call_state(1), CallState::kWaiting);
  c.pass(kCallbackKeptLeast - Duration{1});
  ASSERT_TRUE(c.core.call(CallId{1}));
  c.pass(Duration{1});
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
}

TEST(CallbackKeptUntil, ARestartForgetsNeitherThePromiseNorSinceWhen) {
  City c;
  promised(c, 1);
  c.pass(minutes{20});
  crash(c);
  c.pass(minutes{10} - seconds{2});
  ASSERT_TRUE(c.core.call(CallId{1}));
  c.pass(seconds{1});
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
}

TEST(CallbackKeptUntil, ARestartAfterItsTimeLeavesAMinute) {
  City c;
  promised(c, 1);
  crash(c, hours{1});
  c.pass(kCallbackKeptLeast - Duration{1});
  ASSERT_TRUE(c.core.call(CallId{1}));
  c.pass(Duration{1});
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
}

TEST(CallbackKeptUntil, OnceReachedNothingEndsIt) {
  City c;
  promised(c, 1);
  c.desk(1, City::kA);
  c.accept(1);
  c.apply(CallerReached{CallId{1}});
  c.pass(hours{2});
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

/// Caller 1 is promised a callback; caller 2 waits behind him; then the first calls again as call 3.
class RangAgain : public testing::Test {
 protected:
  RangAgain() : arrived(c.now) {
    promised(c, 1);
    c.pass(minutes{1});
    c.call(2, City::kA);
    c.pass(minutes{1});
  }
  void rings_again(CallerFacts facts = {}, LineId line = City::line_of(City::kA)) {
    c.apply(CallArrived{CallId{3}, line, Channel::kPhone, "key", facts, c.now, 3, CallId{1}});
  }
  City c;
  Instant arrived;
};

TEST_F(RangAgain, HeTakesOverHisKeptPlaceAndNothingIsLeftToDial) {
  rings_again();
  EXPECT_EQ(c.only<EndCall>().call, CallId{1});
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed) << "the unit keeps an open callback until he is answered";
  EXPECT_EQ(c.only<RecordArrival>().arrived_at, arrived);
  EXPECT_EQ(c.only<RecordArrival>().joined_at, c.now);
  EXPECT_EQ(c.core.position(CallId{3}), 1);
  EXPECT_EQ(c.core.position(CallId{2}), 2);
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(3), 1);
  c.accept(3);
  EXPECT_FALSE(c.only<ConnectCall>().dial_caller);
}

TEST_F(RangAgain, HisClassNeverFalls) {
  City other;
  CallerFacts elder;
  elder.elder = true;
  promised(other, 1, City::line_of(City::kA), elder);
  other.apply(CallArrived{CallId{3}, City::line_of(City::kA), Channel::kPhone, "key", {}, other.now, 3, CallId{1}});
  EXPECT_EQ(other.only<RecordArrival>().base, CallerClass::kVulnerable);
  CallerFacts imminent;
  imminent.open_imminent = true;
  rings_again(imminent);
  EXPECT_EQ(c.only<RecordArrival>().base, CallerClass::kCrisis);
}

TEST_F(RangAgain, WhatRangForTheKeptCallRingsForTheCallerOnTheLine) {
  c.desk(1, City::kA);
  ASSERT_EQ(c.with(1), 1);
  rings_again();
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kCallerLeft);
  EXPECT_EQ(c.with(3), 1) << "one call, one offer";
}

TEST_F(RangAgain, WhoDialsHimIsAskedForTheCallerOnTheLine) {
  c.desk(1, City::kA);
  c.accept(1);
  rings_again();
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
  EXPECT_EQ(c.with(3), 1);
}

TEST_F(RangAgain, WhoDeclinedHimIsNotAskedAgain) {
  c.desk(1, City::kA);
  c.decline(1);
  ASSERT_EQ(c.with(2), 1);
  rings_again();
  c.accept(2);
  c.end(2);
  c.ready(1);
  EXPECT_EQ(c.with(3), 0);
}

TEST_F(RangAgain, WhoWasReachedOrGivenUpMeanwhileLeavesHimAPlaceOfHisOwn) {
  c.leave(1, LeftCause::kNotReached);
  rings_again();
  EXPECT_TRUE(c.ordered<EndCall>().empty());
  EXPECT_EQ(c.only<RecordArrival>().arrived_at, c.now);
  EXPECT_EQ(c.core.position(CallId{3}), 2);
}

TEST_F(RangAgain, ATextTakesNobodysPlace) {
  c.apply(CallArrived{CallId{3}, City::line_of(City::kA), Channel::kSms, "key", {}, c.now, 3, CallId{1}});
  EXPECT_TRUE(c.core.call(CallId{1})->kept);
  EXPECT_EQ(c.core.position(CallId{3}), 3);
}

TEST_F(RangAgain, ARefusedArrivalLeavesThePromiseStanding) {
  rings_again({}, City::kRecordedLine);
  EXPECT_EQ(c.refusal(), ErrorCode::kUnknownLine);
  EXPECT_TRUE(c.core.call(CallId{1})->kept);
}

}  // namespace
}  // namespace kapok::routing
