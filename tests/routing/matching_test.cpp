#include "routing/routing_core.h"

#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

TEST(Matching, OwnStationComesBeforeItsSiblingEvenIfTheSiblingWasIdleLonger) {
  City c;
  c.desk(1, City::kB);
  c.pass(seconds{60});
  c.desk(2, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 2);
}

TEST(Matching, LongestIdleGoesFirstInsideTheNearestRing) {
  City c;
  c.desk(2, City::kA);
  c.pass(seconds{1});
  c.desk(1, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 2);
}

TEST(Matching, EqualIdleTimesAreSettledByWorkerId) {
  City c;
  c.desk(2, City::kA);
  c.desk(1, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
}

TEST(Matching, IdleTimeCountsFromTheLastCallAndNotFromAMissedOffer) {
  City c;
  c.desk(1, City::kA);
  c.pass(seconds{10});
  c.desk(2, City::kA);
  c.call(1, City::kA);
  c.pass(kDeskOffer);  // worker 1 misses, worker 2 is offered
  c.ready(1);
  c.serve(1);  // worker 2: idle from now
  c.pass(seconds{200});
  c.call(2, City::kA);
  EXPECT_EQ(c.with(2), 1);
}

TEST(Matching, LongestWaitGoesFirstWithinSameClass) {
  City c;
  c.call(1, City::kA);
  c.pass(seconds{1});
  c.call(2, City::kA);
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.call_state(2), CallState::kWaiting);
}

TEST(Matching, AMoreUrgentClassGoesBeforeALongerWait) {
  City c;
  c.call(1, City::kA);
  c.pass(seconds{100});
  c.call(2, City::line_of(City::kA), {.elder = true});
  c.call(3, City::kCrisisLine);
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(3), 1);
  c.serve(3);
  EXPECT_EQ(c.with(2), 1);
}

TEST(Matching, OwnStationCallerCountsFifteenSecondsEarlier) {
  City c;
  c.call(1, City::kC);  // another district: no bonus
  c.pass(seconds{15});
  c.call(2, City::kA);  // 15 s later: the same rank, and arrival order decides
  c.pass(seconds{5});
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(1), 1);

  City d;
  d.call(1, City::kC);
  d.pass(seconds{14});
  d.call(2, City::kA);
  d.pass(seconds{6});
  d.desk(1, City::kA);
  EXPECT_EQ(d.with(2), 1);
}

TEST(Matching, VulnerableCallersGetNoNearnessBonus) {
  City c;
  c.call(1, City::line_of(City::kC), {.elder = true});
  c.pass(seconds{14});
  c.call(2, City::line_of(City::kA), {.elder = true});
  c.pass(seconds{6});
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
}

TEST(Matching, AtNightAwakeDesksComeBeforePhones) {
  City c(hours{23});
  c.phone(1, {City::kA});
  c.pass(seconds{60});
  c.desk(2, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 2);
}

TEST(Matching, AtNightANearerPhoneStillComesBeforeAFartherDesk) {
  City c(hours{23});
  c.phone(1, {City::kA});
  c.desk(2, City::kB);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
}

TEST(Matching, ByDayTheLongestIdleEndpointGoesFirstWhateverItsKind) {
  City c;
  c.phone(1, {City::kA});
  c.pass(seconds{60});
  c.desk(2, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
}

TEST(Matching, AWorkerWithoutTheRequiredSkillIsPassedOver) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kB, City::kLegalSkill);
  c.call(1, City::kLegalLine);
  EXPECT_EQ(c.with(1), 2);
  c.call(2, City::kLegalLine);
  EXPECT_EQ(c.call_state(2), CallState::kWaiting);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
}

TEST(Matching, AWorkerOfAJointShiftServesEachOfHisStations) {
  City c;
  c.phone(1, {City::kA, City::kD});
  c.call(1, City::kD);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kStation);
  c.serve(1);
  c.call(2, City::kA);
  EXPECT_EQ(c.offer_of(2).ring, Ring::kStation);
}

TEST(Matching, ACallerIsNeverOfferedTwiceAtOnce) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.ordered<OfferCall>().size(), 1u);
  EXPECT_EQ(c.state(2), WorkerState::kReady);
}

TEST(Matching, TwoCallersAndTwoWorkersFreedInOneInstantPairNearestFirst) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kB);
  c.call(1, City::kA);
  c.call(2, City::kB);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.with(2), 2);
}

TEST(Matching, ADecisionReadsAFewHeadsHoweverManyWait) {
  City c;
  for (std::int64_t n = 1; n <= 200; ++n) c.call(n, City::kA);
  c.hire(1);
  c.start_shift(1, {City::kA}, {City::desk_of(1)});
  c.apply(EndpointUp{City::desk_of(1)});
  const auto before = c.core.work().candidates_read;
  c.ready(1);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_LE(c.core.work().candidates_read - before, 12);
}

}  // namespace
}  // namespace kapok::routing
