#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

RefuseAccept refusal(City& c, const OfferCall& o, std::int64_t worker, std::int64_t epoch, EndpointId endpoint) {
  c.apply(OfferAccepted{o.offer, epoch, WorkerId{worker}, endpoint});
  return c.only<RefuseAccept>();
}

TEST(Offers, AcceptConnectsTheCallerAndSavesHowTheOfferEnded) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  EXPECT_EQ(o.ring_until - o.made_at, seconds{12});
  c.pass(seconds{3});
  c.accept(1);
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kAccepted);
  const ConnectCall connect = c.only<ConnectCall>();
  EXPECT_EQ(connect.endpoint, City::desk_of(1));
  EXPECT_EQ(connect.leg, 1);
  EXPECT_EQ(c.state(1), WorkerState::kTalking);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

TEST(Offers, OneOfferRingsAllEndpointsAndTheFirstAcceptSilencesTheOthers) {
  City c;
  c.desk_and_phone(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  EXPECT_EQ(o.endpoints, (std::vector{City::desk_of(1), City::phone_of(1)}));
  EXPECT_EQ(o.ring_until - o.made_at, seconds{35}) << "as long as its longest endpoint";
  c.apply(OfferAccepted{o.offer, o.epoch, o.worker, City::phone_of(1)});
  const WithdrawOffer withdrawn = c.only<WithdrawOffer>();
  EXPECT_EQ(withdrawn.endpoints, std::vector{City::desk_of(1)});
  EXPECT_EQ(withdrawn.why, OfferEnd::kAnsweredElsewhere);
  EXPECT_EQ(refusal(c, o, 1, o.epoch, City::desk_of(1)).why, ErrorCode::kOfferGone) << "his other device is late";
}

TEST(Offers, AStrangerWhoAcceptsHearsNotYours) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kB);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  EXPECT_EQ(refusal(c, o, 2, o.epoch, City::desk_of(2)).why, ErrorCode::kNotYours);
  EXPECT_EQ(refusal(c, o, 1, o.epoch, City::phone_of(1)).why, ErrorCode::kUnknownEndpoint);
  c.accept(1);
  EXPECT_EQ(c.with(1), 1);
}

TEST(Offers, AnAcceptWithAStaleEpochOrIdChangesNothing) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  const auto hash = c.core.state_hash();
  EXPECT_EQ(refusal(c, o, 1, o.epoch - 1, City::desk_of(1)).why, ErrorCode::kOfferGone);
  c.apply(OfferAccepted{OfferId{o.offer.value + 1}, o.epoch, WorkerId{1}, City::desk_of(1)});
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone);
  EXPECT_EQ(c.core.state_hash(), hash);
}

TEST(Offers, AcceptOneMicrosecondBeforeTheDeadlineWins) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.pass(kDeskOffer - Duration{1});
  c.accept(1);
  c.pass(seconds{1});
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  EXPECT_TRUE(c.ordered<NoteMiss>().empty());
}

TEST(Offers, AcceptAtTheVeryDeadlineIsLateEvenIfNoTickCameBefore) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  c.now = o.ring_until;
  c.accept(o);
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone);
  EXPECT_EQ(c.ordered<NoteMiss>().size(), 1u);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST(Offers, AcceptAfterTheCallerHungUpIsRefused) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  c.leave(1);
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kCallerLeft);
  c.accept(o);
  EXPECT_EQ(c.only<RefuseAccept>().why, ErrorCode::kOfferGone);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
}

TEST(Offers, AMissedDeskIsAwayUntilItsWorkerActs) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.pass(kDeskOffer);
  EXPECT_EQ(c.ordered<NoteMiss>().size(), 1u);
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kMissed);
  EXPECT_EQ(c.state(1), WorkerState::kAway);
  EXPECT_EQ(c.reason(1), AwayReason::kMissed);
  c.leave(1);
  c.pass(hours{1});
  c.call(2, City::kA);
  EXPECT_EQ(c.with(2), 0);
  c.ready(1);
  EXPECT_EQ(c.with(2), 1);
}

TEST(Offers, AMissedPhoneRestsSixtySecondsAndThenRingsAgain) {
  City c;
  c.phone(1, {City::kA});
  c.call(1, City::kA);
  c.pass(kPhoneOffer);
  EXPECT_EQ(c.reason(1), AwayReason::kPaused);
  c.call(2, City::kA);
  c.pass(kPhonePause - Duration{1});
  EXPECT_EQ(c.with(2), 0);
  c.pass(Duration{1});
  EXPECT_EQ(c.with(2), 1) << "another caller; the missed one is excluded for 120 s";
}

TEST(Offers, AMissedCallerIsNotOfferedToThatWorkerForExactly120Seconds) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.pass(kDeskOffer);
  c.ready(1);
  EXPECT_EQ(c.with(1), 0);
  c.pass(seconds{120} - Duration{1});
  EXPECT_EQ(c.with(1), 0);
  c.pass(Duration{1});
  EXPECT_EQ(c.with(1), 1);
}

TEST(Offers, AMissedCallerGoesStraightToTheNextWorkerInHisOldPlace) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.call(2, City::kA);
  c.pass(kDeskOffer);
  c.desk(2, City::kA);
  EXPECT_EQ(c.with(1), 2) << "before the later caller";
}

TEST(Offers, ADeclineExcludesForThisCallOnlyAndTheWorkerStaysReady) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.decline(1);
  EXPECT_TRUE(c.ordered<NoteMiss>().empty());
  EXPECT_EQ(c.state(1), WorkerState::kReady);
  c.pass(hours{2});
  EXPECT_EQ(c.with(1), 0);
  c.call(2, City::kA);
  EXPECT_EQ(c.with(2), 1);
}

TEST(Offers, TheSecondDeclineInHalfAnHourMovesIdleSinceToNow) {
  City c;
  c.desk(1, City::kA);
  const Instant signed_in = c.now;
  c.pass(seconds{10});
  c.call(1, City::kA);
  c.decline(1);
  EXPECT_EQ(c.core.worker(WorkerId{1})->idle_since, signed_in);
  c.pass(minutes{30} - Duration{1});
  c.call(2, City::kA);
  c.decline(2);
  EXPECT_EQ(c.core.worker(WorkerId{1})->idle_since, c.now);

  City d;
  d.desk(1, City::kA);
  const Instant then = d.now;
  d.call(1, City::kA);
  d.decline(1);
  d.pass(minutes{30});
  d.call(2, City::kA);
  d.decline(2);
  EXPECT_EQ(d.core.worker(WorkerId{1})->idle_since, then);
}

TEST(Offers, ThreePhoneMissesInARowMarkTheStationUnansweredOnce) {
  City c;
  c.phone(1, {City::kA});
  for (std::int64_t n = 1; n <= 3; ++n) {
    c.call(n, City::kA);
    c.pass(kPhoneOffer);
    EXPECT_EQ(c.ordered<MarkStationUnanswered>().size(), n == 3 ? 1u : 0u);
    c.leave(n);
    c.pass(kPhonePause);
  }
  c.call(4, City::kA);
  c.accept(4);
  EXPECT_EQ(c.only<ClearStationUnanswered>().unit, City::kA);
}

TEST(Offers, APhoneTheGatewayCannotRingPassesTheCallerOnWithoutBlame) {
  City c;
  c.phone(1, {City::kA});
  c.desk(2, City::kB);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  ASSERT_EQ(o.worker, WorkerId{1});
  c.apply(OfferFailed{o.offer, o.epoch, City::phone_of(1), OfferFailure::kUnreachable});
  EXPECT_TRUE(c.ordered<NoteMiss>().empty());
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kUnreachable);
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.reason(1), AwayReason::kPaused);
}

TEST(Offers, OneFailedEndpointOfSeveralDoesNotEndTheOffer) {
  City c;
  c.desk_and_phone(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  c.apply(OfferFailed{o.offer, o.epoch, City::phone_of(1), OfferFailure::kBusy});
  EXPECT_EQ(c.call_state(1), CallState::kOffered);
  c.accept(o);  // at the desk
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

TEST(Offers, ADeskLostWhileOfferedIsWithdrawnWithoutBlame) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.apply(EndpointDown{City::desk_of(1)});
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kDeviceLost);
  EXPECT_TRUE(c.ordered<NoteMiss>().empty());
  EXPECT_EQ(c.reason(1), AwayReason::kDevice);
  c.apply(EndpointUp{City::desk_of(1)});
  EXPECT_EQ(c.with(1), 1) << "neither excluded nor asked to say ready again";
}

TEST(Offers, GoingAwayWhileOfferedDeclines) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.away(1);
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kDeclined);
  EXPECT_EQ(c.reason(1), AwayReason::kByWorker);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST(Offers, ADeclineOfAnEndedOfferOrByAStrangerIsRefused) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  c.apply(OfferDeclined{o.offer, o.epoch, WorkerId{2}});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kNotYours);
  c.accept(1);
  c.apply(OfferDeclined{o.offer, o.epoch, WorkerId{1}});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kOfferGone);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

}  // namespace
}  // namespace kapok::routing
