#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

TEST(Restart, WaitingCallersWaitAgainInTheirOldOrder) {
  City c;
  c.call(2, City::kA);
  c.pass(seconds{1});
  c.call(1, City::kA);
  crash(c);
  EXPECT_EQ(c.core.position(CallId{2}), 1);
  EXPECT_EQ(c.core.position(CallId{1}), 2);
  EXPECT_EQ(c.core.call(CallId{2})->joined_at, c.now - Duration{seconds{2}});
}

TEST(Restart, AnOfferedCallerIsOfferedAnewUnderANewIdAndEpoch) {
  City c;
  c.phone(1, {City::kA});
  c.call(1, City::kA);
  const OfferCall old = c.offer_of(1);
  crash(c);
  const OfferCall renewed = c.offer_of(1);
  EXPECT_EQ(renewed.worker, WorkerId{1});
  EXPECT_GT(renewed.offer, old.offer);
  EXPECT_EQ(renewed.epoch, 2);
  EXPECT_EQ(renewed.attempt, 2);
  c.accept(old);
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone);
}

TEST(Restart, ATalkStaysWithItsWorkerWhoseDeskHasFifteenSecondsToComeBack) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  crash(c);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  EXPECT_EQ(c.state(1), WorkerState::kTalking);
  c.pass(seconds{14});
  c.apply(EndpointUp{City::desk_of(1)});
  c.pass(minutes{5});
  c.end(1);
  EXPECT_EQ(c.only<EndCall>().outcome, CallOutcome::kAnswered);
}

TEST(Restart, ATalkWhoseDeskNeverComesBackWaitsAgain) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  crash(c);
  c.pass(seconds{15});
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST(Restart, ReadinessMissesPausesAndExclusionsSurvive) {
  City c;
  c.phone(1, {City::kA});
  c.call(1, City::kA);
  c.pass(kPhoneOffer);
  crash(c, seconds{10});
  EXPECT_EQ(c.reason(1), AwayReason::kPaused);
  c.pass(seconds{50});
  EXPECT_EQ(c.state(1), WorkerState::kReady);
  EXPECT_EQ(c.with(1), 0);
  c.pass(seconds{60});
  EXPECT_EQ(c.with(1), 1);
}

TEST(Restart, AWorkerInAfterCallStaysThereUntilItsOldEnd) {
  City c;
  c.phone(1, {City::kA});
  c.call(1, City::kA);
  c.accept(1);
  c.end(1);
  crash(c, seconds{100});
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  c.pass(seconds{200});
  EXPECT_EQ(c.state(1), WorkerState::kReady);
}

TEST(Restart, AnOpenGapIsNotNotedAgainAndClosesFromItsOldBeginning) {
  City c;
  const Instant from = c.now;
  crash(c, minutes{3});
  EXPECT_TRUE(c.ordered<NoteGap>().empty());
  c.phone(1, {City::kA});
  EXPECT_EQ(c.ordered<CloseGap>().front().from, from);
}

TEST(Restart, TimersThatCameDueMeanwhileAreMadeUpForAtOnce) {
  City c;
  c.desk(9, City::kA);
  c.call(90, City::kA);
  c.accept(90);
  c.call(1, City::kA);
  ASSERT_EQ(c.ring(1), Ring::kDistrict);
  crash(c, minutes{4});
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
  EXPECT_EQ(c.effective(1), CallerClass::kVulnerable);
}

}  // namespace
}  // namespace kapok::routing
