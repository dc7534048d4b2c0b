#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

class TakenOverTalk : public testing::Test {
 protected:
  TakenOverTalk() {
    c.talk(1, 1, City::kA);
    c.phone(2, {City::kB});
    c.pass(1, TransferKind::kWarm, WorkerId{2});
    c.accept(c.second_offer(1));
    c.desk(3, City::kA);
  }
  City c;
};

TEST_F(TakenOverTalk, ComesBackToTheFirstWhenTheSecondsLegIsLostWithinAMinute) {
  c.pass(kTransferReturns);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.only<ReturnCallToWaiting>().worker, WorkerId{2});
  EXPECT_EQ(c.with(1), 1) << "though he is writing and worker 3 is free";
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kReturned);
  EXPECT_EQ(c.state(1), WorkerState::kOffered);
  c.accept(1);
  EXPECT_EQ(c.state(1), WorkerState::kTalking);
  EXPECT_EQ(c.only<ConnectCall>().leg, 3);
  c.end(1);
  EXPECT_EQ(c.core.worker(WorkerId{1})->until - c.now, kAfterCall) << "time to write begins anew";
}

TEST_F(TakenOverTalk, WaitsInItsOldPlaceAMicrosecondLater) {
  c.pass(kTransferReturns + Duration{1});
  c.apply(WorkerLegLost{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kRing);
}

TEST_F(TakenOverTalk, AFirstWhoDeclinesGoesOnWritingAndTheNextIsAsked) {
  const Instant until = c.core.worker(WorkerId{1})->until;
  c.apply(WorkerLegLost{CallId{1}, WorkerId{2}});
  c.decline(1);
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  EXPECT_EQ(c.core.worker(WorkerId{1})->until, until);
  EXPECT_EQ(c.with(1), 3);
}

TEST_F(TakenOverTalk, AFirstWhoTookAnotherCallIsNotDisturbed) {
  c.ready(1);
  c.pass(seconds{1});
  c.call(2, City::kA);
  c.call(3, City::kA);
  ASSERT_EQ(c.state(1), WorkerState::kOffered);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST_F(TakenOverTalk, AFirstWhoseShiftIsOverIsNotAsked) {
  c.end_shift(1);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.with(1), 3);
}

TEST_F(TakenOverTalk, AHandBackIsNoFailure) {
  c.apply(HandedBack{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.with(1), 3);
}

TEST_F(TakenOverTalk, ComesBackAlsoAfterARestart) {
  const DirectoryChanged directory = directory_of(c.core);
  const Restarted stored = as_stored(c.core, 2);
  c.core = RoutingCore();
  c.apply(directory);
  c.apply(stored);
  c.apply(EndpointUp{City::desk_of(1)});
  c.apply(WorkerLegLost{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kReturned);
}

TEST(TakenOverTalkAtADesk, ComesBackWhenTheDeskWasLostWithinAMinuteThoughItsGraceEndsLater) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, TransferKind::kWarm, WorkerId{2});
  c.accept(c.second_offer(1));
  c.pass(seconds{55});
  c.apply(EndpointDown{City::desk_of(2)});
  c.pass(kTalkingDeskGrace);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kReturned);
}

TEST(TakenOverTalkAtADesk, MayBePassedOnToAThird) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.desk(3, City::kC);
  c.pass(1, TransferKind::kWarm, WorkerId{2});
  c.accept(c.second_offer(1));
  c.pass(1, TransferKind::kWarm, WorkerId{3});
  c.accept(c.second_offer(1));
  EXPECT_EQ(c.only<ConnectCall>().leg, 3);
  EXPECT_EQ(c.only<ConnectCall>().relieves, WorkerId{2});
}

}  // namespace
}  // namespace kapok::routing
