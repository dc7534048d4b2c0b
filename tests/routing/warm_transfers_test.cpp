#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;
constexpr TransferKind kCold = TransferKind::kCold;
constexpr TransferKind kWarm = TransferKind::kWarm;

TEST(WarmTransfer, TheFirstTalksOnUntilTheSecondAccepts) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(seconds{60});
  c.pass(1, kWarm, WorkerId{2});
  EXPECT_EQ(c.only<RecordTransfer>().to_worker, WorkerId{2});
  EXPECT_EQ(c.only<OfferCall>().reason, OfferReason::kTransfer);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.second(1), 2);
  EXPECT_EQ(c.state(1), WorkerState::kTalking);
  EXPECT_EQ(c.state(2), WorkerState::kOffered);
  c.pass(seconds{5});
  c.accept(c.second_offer(1));
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kTaken);
  const ConnectCall connect = c.only<ConnectCall>();
  EXPECT_EQ(connect.worker, WorkerId{2});
  EXPECT_EQ(connect.relieves, WorkerId{1});
  EXPECT_EQ(connect.leg, 2);
  EXPECT_TRUE(c.ordered<ReturnCallToWaiting>().empty()) << "the caller never waits in between";
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.second(1), 0);
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  EXPECT_EQ(c.state(2), WorkerState::kTalking);
  c.end(1);
  EXPECT_EQ(c.only<EndCall>().worker, WorkerId{2});
}

TEST(WarmTransfer, TakesTheLongestIdleOfAUnit) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kD);
  c.pass(seconds{1});
  c.desk(3, City::kD);
  c.desk(4, City::kB);
  c.pass(1, kWarm, City::kOtherRegion);
  EXPECT_EQ(c.second(1), 2);
}

TEST(WarmTransfer, AtNightAnAwakeDeskOfTheUnitComesBeforeItsPhones) {
  City c(hours{23});
  c.talk(1, 1, City::kA);
  c.phone(2, {City::kD});
  c.pass(seconds{1});
  c.desk(3, City::kD);
  c.pass(1, kWarm, City::kD);
  EXPECT_EQ(c.second(1), 3);
}

TEST(WarmTransfer, ToASupervisorFindsTheNearestFreeOne) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kA);
  c.desk(3, City::kD, kSupervisorSkill);
  c.pass(seconds{1});
  c.desk(4, City::kC, kSupervisorSkill);
  c.pass_to_supervisor(1, kWarm);
  EXPECT_EQ(c.second(1), 4) << "in his own region, though 3 has been idle for longer";
  EXPECT_EQ(c.only<RecordTransfer>().to_worker, WorkerId{4});
}

TEST(WarmTransfer, ColdToASupervisorAsksHimFirstAndIsRefusedWhenNoneIsFree) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kA);
  c.pass_to_supervisor(1, kCold);
  EXPECT_EQ(c.refusal(), ErrorCode::kNobodyFree);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  c.desk(4, City::kC, kSupervisorSkill);
  c.pass_to_supervisor(1, kCold);
  EXPECT_EQ(c.with(1), 4);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kTransfer);
}

TEST(WarmTransfer, IsRefusedAtOnceWhenNobodyCouldTakeIt) {
  City c;
  c.talk(1, 1, City::kA);
  c.pass(1, kWarm, City::kD);
  EXPECT_EQ(c.refusal(), ErrorCode::kNobodyFree);
  c.talk(2, 2, City::kD);
  c.pass(1, kWarm, City::kD);
  EXPECT_EQ(c.refusal(), ErrorCode::kNobodyFree);
  c.pass(1, kWarm, WorkerId{2});
  EXPECT_EQ(c.refusal(), ErrorCode::kBusy);
  c.pass_to_supervisor(1, kWarm);
  EXPECT_EQ(c.refusal(), ErrorCode::kNobodyFree);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  EXPECT_EQ(c.with(1), 1);
}

TEST(WarmTransfer, ADeclineLeavesTheCallerWithTheFirstWhoIsTold) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  const OfferCall o = c.second_offer(1);
  c.apply(OfferDeclined{o.offer, o.epoch, o.worker});
  const RecordTransferEnded ended = c.only<RecordTransferEnded>();
  EXPECT_EQ(ended.how, TransferEnd::kNotTaken);
  EXPECT_EQ(ended.worker, WorkerId{1});
  EXPECT_EQ(ended.to_worker, WorkerId{2});
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.state(2), WorkerState::kReady);
  c.pass(1, kWarm, WorkerId{2});
  EXPECT_EQ(c.refusal(), ErrorCode::kNobodyFree) << "he has declined this call";
}

TEST(WarmTransfer, AMissCountsForTheSecondAsAnyOther) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.pass(kDeskOffer);
  EXPECT_EQ(c.ordered<NoteMiss>().size(), 1u);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kNotTaken);
  EXPECT_EQ(c.reason(2), AwayReason::kMissed);
  EXPECT_EQ(c.with(1), 1);
  c.pass(1, kWarm, WorkerId{2});
  EXPECT_EQ(c.refusal(), ErrorCode::kNotOnDuty) << "a missed desk is reachable for nobody until he acts";
}

TEST(WarmTransfer, ALostDeviceOfTheSecondEndsItWithoutBlame) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.apply(EndpointDown{City::desk_of(2)});
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kDeviceLost);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kNotTaken);
  EXPECT_TRUE(c.ordered<NoteMiss>().empty());
  EXPECT_EQ(c.with(1), 1);
}

TEST(WarmTransfer, AnUnreachableOrBusySecondEndsIt) {
  City c;
  c.talk(1, 1, City::kA);
  c.phone(2, {City::kB});
  c.pass(1, kWarm, WorkerId{2});
  const OfferCall o = c.second_offer(1);
  c.apply(OfferFailed{o.offer, o.epoch, City::phone_of(2), OfferFailure::kBusy});
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kNotTaken);
  EXPECT_EQ(c.reason(2), AwayReason::kPaused);
  EXPECT_EQ(c.with(1), 1);
}

TEST(WarmTransfer, ASecondWhoSaysAwayDeclines) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.away(2);
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kDeclined);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kNotTaken);
}

TEST(WarmTransfer, TheFirstMayTakeItBack) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  const OfferCall o = c.second_offer(1);
  c.cancel_transfer(1);
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kCancelled);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kCancelled);
  EXPECT_EQ(c.state(2), WorkerState::kReady);
  EXPECT_EQ(c.with(1), 1);
  c.accept(o);
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone) << "too late: exactly one of both wins";
  c.cancel_transfer(1);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  c.pass(1, kWarm, WorkerId{2});
  EXPECT_EQ(c.second(1), 2) << "nobody is to blame, so he may ask again";
}

TEST(WarmTransfer, ACancelAfterTheAcceptIsRefused) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.accept(c.second_offer(1));
  c.apply(TransferCancelled{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.refusal(), ErrorCode::kNotYours);
  EXPECT_EQ(c.with(1), 2);
}

TEST(WarmTransfer, AnAcceptAtTheVeryDeadlineIsLate) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  const OfferCall o = c.second_offer(1);
  c.now = o.ring_until;
  c.accept(o);
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone);
  EXPECT_EQ(c.with(1), 1);
}

TEST(WarmTransfer, ACallerWhoHangsUpEndsItAll) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  const OfferCall o = c.second_offer(1);
  c.leave(1);
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kCallerLeft);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kCallEnded);
  EXPECT_EQ(c.only<EndCall>().worker, WorkerId{1});
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  EXPECT_EQ(c.state(2), WorkerState::kReady);
  c.accept(o);
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone);
}

TEST(WarmTransfer, AFirstWhoHangsUpEndsItAll) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.end(1);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kCallEnded);
  EXPECT_EQ(c.outcome(), CallOutcome::kAnswered);
  EXPECT_EQ(c.state(2), WorkerState::kReady);
}

TEST(WarmTransfer, AFirstWhoHandsBackMeanwhileEndsItAndTheCallWaitsInItsOldPlace) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.apply(HandedBack{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kFirstGone);
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kHandedBack);
  EXPECT_EQ(c.with(1), 2) << "who is rung anew, as the nearest";
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kRing);
}

TEST(WarmTransfer, AFirstWhoseLegIsLostEndsItAndTheCallWaits) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.apply(WorkerLegLost{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kFirstGone);
  EXPECT_EQ(c.with(1), 2);
}

TEST(WarmTransfer, ASecondWhoAcceptsInTheGraceOfTheFirstsDeskSavesTheTalk) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.apply(EndpointDown{City::desk_of(1)});
  c.pass(seconds{10});
  c.accept(c.second_offer(1));
  c.pass(seconds{20});
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  EXPECT_EQ(c.with(1), 2);
}

TEST(WarmTransfer, AFirstWhoseDeskDoesNotComeBackEndsIt) {
  City c;
  c.talk(1, 1, City::kA);
  c.apply(EndpointDown{City::desk_of(1)});
  c.phone(2, {City::kB});
  c.pass(1, kWarm, WorkerId{2});
  c.pass(kTalkingDeskGrace);
  EXPECT_EQ(c.only<RecordTransferEnded>().how, TransferEnd::kFirstGone);
  EXPECT_EQ(c.with(1), 2);
}

TEST(WarmTransfer, TheEndOfEithersShiftChangesNothing) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.end_shift(1);
  c.end_shift(2);
  EXPECT_EQ(c.second(1), 2);
  c.accept(c.second_offer(1));
  EXPECT_EQ(c.with(1), 2);
  EXPECT_TRUE(c.core.worker(WorkerId{2})->draining);
  EXPECT_TRUE(c.core.worker(WorkerId{1})->draining) << "he finishes his record";
}

TEST(WarmTransfer, OnlyOneAtATime) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.desk(3, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.pass(1, kWarm, WorkerId{3});
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  c.pass(1, kCold, City::kD);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  EXPECT_EQ(c.second(1), 2);
}

TEST(WarmTransfer, AHighRiskCallGivesTheFirstItsLongerTimeToWrite) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kCrisisLine);
  c.accept(1);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  EXPECT_EQ(c.second_offer(1).ring_until - c.now, kCrisisDeskOffer);
  c.accept(c.second_offer(1));
  EXPECT_EQ(c.core.worker(WorkerId{1})->until - c.now, kAfterCallHighRisk);
}

TEST(WarmTransfer, TheSecondOffersNoOtherCallToBothAndTakesNoneElse) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.call(2, City::kB);
  EXPECT_EQ(c.with(2), 0) << "one live offer per worker";
  c.cancel_transfer(1);
  EXPECT_EQ(c.with(2), 2) << "matched in the event that frees him";
}

TEST(WarmTransfer, IsEndedByARestartAndTheFirstTalksOn) {
  City c;
  c.talk(1, 1, City::kA);
  c.phone(2, {City::kB});
  c.pass(1, kWarm, WorkerId{2});
  const DirectoryChanged directory = directory_of(c.core);
  const Restarted stored = as_stored(c.core, 2);
  c.core = RoutingCore();
  c.apply(directory);
  c.apply(stored);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.second(1), 0);
  EXPECT_EQ(c.state(2), WorkerState::kReady);
}

}  // namespace
}  // namespace kapok::routing
