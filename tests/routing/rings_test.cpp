#include "routing/routing_core.h"

#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

/// One busy worker in A: present, so that A's rings open by time alone.
void occupy_station(City& c) {
  c.desk(9, City::kA);
  c.call(90, City::kA);
  c.accept(90);
}

TEST(Rings, NormalCallerReachesDistrictAtOnceRegionAtTenCityAtTwentySeconds) {
  City c;
  occupy_station(c);
  c.call(1, City::kA);
  EXPECT_EQ(c.ring(1), Ring::kDistrict);
  c.pass(seconds{10} - Duration{1});
  EXPECT_EQ(c.ring(1), Ring::kDistrict);
  c.pass(Duration{1});
  EXPECT_EQ(c.ring(1), Ring::kRegion);
  c.pass(seconds{10});
  EXPECT_EQ(c.ring(1), Ring::kCity);
  c.pass(seconds{100} - Duration{1});
  EXPECT_EQ(c.ring(1), Ring::kCity);
  c.pass(Duration{1});
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
}

TEST(Rings, LocalPresetKeepsACallerTenSecondsAtHisStation) {
  City c;
  c.apply(DirectoryChanged{{City::unit(1001, 100, UnitKind::kStation, RingPreset::kLocal)}, {}, {}, {}});
  occupy_station(c);
  c.desk(2, City::kB);
  c.call(1, City::kA);
  EXPECT_EQ(c.ring(1), Ring::kStation);
  c.pass(seconds{10} - Duration{1});
  EXPECT_EQ(c.with(1), 0);
  c.pass(Duration{1});
  EXPECT_EQ(c.with(1), 2);
}

TEST(Rings, CrisisOpensEveryRingAtOnceAndTheDutyPhoneAtTwentySeconds) {
  City c;
  occupy_station(c);
  c.call(1, City::kCrisisLine);
  EXPECT_EQ(c.ring(1), Ring::kCity);
  c.pass(seconds{20});
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
}

TEST(Rings, VulnerableReachesRegionAtFiveCityAtTenDutyPhoneAtSixtySeconds) {
  City c;
  occupy_station(c);
  c.call(1, City::line_of(City::kA), {.minor = true});
  c.pass(seconds{5});
  EXPECT_EQ(c.ring(1), Ring::kRegion);
  c.pass(seconds{5});
  EXPECT_EQ(c.ring(1), Ring::kCity);
  c.pass(seconds{50});
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
}

TEST(Rings, ARingThatOpensOnAFreeWorkerOffersInThatInstant) {
  City c;
  occupy_station(c);
  c.desk(2, City::kC);
  c.call(1, City::kA);
  c.pass(seconds{10});
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kRegion);
}

TEST(Rings, NobodyOnDutyInARingOpensTheNextAtOnce) {
  City c;
  c.desk(1, City::kD);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kCity);
}

TEST(Rings, ABusyWorkerCountsAsPresent) {
  City c;
  occupy_station(c);
  c.desk(1, City::kD);
  c.call(1, City::kA);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST(Rings, TheLastPresentWorkerLeavingOpensTheNextRingForThoseWaiting) {
  City c;
  occupy_station(c);
  c.desk(1, City::kD);
  c.call(1, City::kA);
  ASSERT_EQ(c.call_state(1), CallState::kWaiting);
  c.apply(WorkerAway{WorkerId{9}});
  EXPECT_EQ(c.with(1), 1);
}

TEST(Rings, RingsNeverClose) {
  City c;
  c.call(1, City::kA);
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
  c.desk(1, City::kB);
  c.pass(kDeskOffer);
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
}

TEST(Rings, ADistrictLineStartsAtItsDistrictAndTheCityLineAtTheCity) {
  City c;
  c.desk(1, City::kB);
  c.call(1, City::kDistrict);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kDistrict);
  c.serve(1);
  c.call(2, City::kCity);
  EXPECT_EQ(c.offer_of(2).ring, Ring::kCity);
}

TEST(Rings, APointsLineStartsAtItsStation) {
  City c;
  DirectoryChanged d;
  d.units = {City::unit(5000, 1001, UnitKind::kPoint)};
  d.lines = {{LineId{5000}, UnitId{5000}, LineMode::kTrunk, false, 0}};
  c.apply(d);
  c.desk(1, City::kA);
  c.call(1, LineId{5000});
  EXPECT_EQ(c.offer_of(1).ring, Ring::kStation);
  EXPECT_EQ(c.offer_of(1).unit, UnitId{5000});
}

TEST(Rings, ANormalCallerIsTreatedAsVulnerableAfterExactly180Seconds) {
  City c;
  c.call(1, City::kA);
  c.pass(seconds{180} - Duration{1});
  EXPECT_EQ(c.effective(1), CallerClass::kNormal);
  c.pass(Duration{1});
  EXPECT_EQ(c.effective(1), CallerClass::kVulnerable);
  c.pass(hours{5});
  EXPECT_EQ(c.effective(1), CallerClass::kVulnerable) << "nothing ages into class 0";
}

TEST(Rings, TheDutyPhoneTakesAsManyCallersAsItHolds) {
  City c;
  c.duty_phone(1, 2);
  c.call(1, City::kA);
  c.call(2, City::kB);
  c.call(3, City::kC);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.with(2), 1);
  EXPECT_EQ(c.call_state(3), CallState::kWaiting);
  c.accept(1);
  c.accept(2);
  c.end(1);
  EXPECT_EQ(c.with(3), 1) << "a duty phone needs no after-call";
}

TEST(Rings, TheDutyPhoneRingsLastEvenWhenIdleLongest) {
  City c;
  c.duty_phone(1, 5);
  c.pass(hours{1});
  occupy_station(c);
  c.call(1, City::kA);
  c.pass(seconds{119});
  EXPECT_EQ(c.with(1), 0);
  c.pass(seconds{1});
  EXPECT_EQ(c.with(1), 1);
}

TEST(Rings, PositionCountsThoseServedBeforeOverAllOpenRings) {
  City c;
  occupy_station(c);
  c.call(1, City::kA);
  c.call(2, City::kB);
  c.call(3, City::line_of(City::kA), {.elder = true});
  EXPECT_EQ(c.core.position(CallId{3}), 1);
  EXPECT_EQ(c.core.position(CallId{1}), 2);
  EXPECT_EQ(c.core.position(CallId{2}), 3);
  c.leave(1);
  EXPECT_EQ(c.core.position(CallId{2}), 2);
  EXPECT_EQ(c.core.position(CallId{90}), 0);
}

}  // namespace
}  // namespace kapok::routing
