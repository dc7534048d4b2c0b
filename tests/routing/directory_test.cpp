#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

DirectoryChanged units(std::vector<Unit> u) { return {std::move(u), {}, {}, {}}; }

TEST(Directory, AStationMovedToAnotherDistrictTakesItsCallersAndWorkersAlong) {
  City c;
  c.desk(9, City::kA);
  c.call(90, City::kA);
  c.accept(90);  // A is present, so its rings open by time
  c.desk(1, City::kD);
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 0) << "D is in another region, its ring opens at 20 s";
  c.apply(units({City::unit(1001, 110, UnitKind::kStation)}));
  EXPECT_EQ(c.with(1), 1) << "now a sibling station";
  EXPECT_EQ(c.core.counters(UnitId{110}).calls_talking, 1);
  EXPECT_EQ(c.core.counters(City::kDistrict).talking, 0);
}

TEST(Directory, APresetThatChangesOpensRingsOfThoseWaiting) {
  City c;
  c.apply(units({City::unit(1001, 100, UnitKind::kStation, RingPreset::kLocal)}));
  c.desk(9, City::kA);
  c.call(90, City::kA);
  c.accept(90);
  c.desk(1, City::kB);
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 0);
  c.apply(units({City::unit(1001, 100, UnitKind::kStation)}));
  EXPECT_EQ(c.with(1), 1);
}

TEST(Directory, ANewSkillIsFoundAmongWorkersAlreadyFree) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kA, 8);
  DirectoryChanged d;
  d.lines = {{LineId{5}, City::kA, LineMode::kTrunk, false, 8}};
  c.apply(d);
  c.call(1, LineId{5});
  EXPECT_EQ(c.with(1), 2);
}

TEST(Directory, AWorkerWhoLearnsASkillTakesTheCallerWhoWaitedForIt) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kLegalLine);
  ASSERT_EQ(c.with(1), 0);
  c.hire(1, City::kLegalSkill);
  EXPECT_EQ(c.with(1), 1);
}

/// The line of station A needs these skills from now on.
DirectoryChanged line_needs(std::uint64_t skills) {
  DirectoryChanged d;
  d.lines = {{City::line_of(City::kA), City::kA, LineMode::kTrunk, false, skills}};
  return d;
}

TEST(Directory, APresetMadeLocalWhileACallerWaitsClosesNoRingOpenToHim) {
  City c;
  c.desk(9, City::kA);
  c.call(90, City::kA);
  c.accept(90);
  c.call(1, City::kA);
  ASSERT_EQ(c.ring(1), Ring::kDistrict);
  c.apply(units({City::unit(1001, 100, UnitKind::kStation, RingPreset::kLocal)}));
  EXPECT_EQ(c.ring(1), Ring::kDistrict);
  c.desk(2, City::kB);
  EXPECT_EQ(c.with(1), 2);
}

TEST(Directory, WhoWaitsOnALineThatBeginsToNeedASkillIsKeptForWhoHasIt) {
  City c;
  c.call(1, City::kA);
  c.apply(line_needs(8));
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(1), 0);
  c.desk(2, City::kB, 8);
  EXPECT_EQ(c.with(1), 2);
}

TEST(Directory, WhoWaitsOnALineThatNeedsNoSkillAnyMoreTakesTheWorkerWhoIsFree) {
  City c;
  c.apply(line_needs(8));
  c.desk(1, City::kA);
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 0);
  c.apply(line_needs(0));
  EXPECT_EQ(c.with(1), 1);
}

TEST(Directory, AnOfferGoesOnWhenTheLineBeginsToNeedASkillAndTheNextOneIsByIt) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 1);
  c.apply(line_needs(8));
  EXPECT_EQ(c.with(1), 1);
  c.desk(3, City::kA);
  c.desk(2, City::kB, 8);
  c.decline(1);
  EXPECT_EQ(c.with(1), 2);
}

TEST(Directory, ALastWorkerWithoutTheSkillALineBeginsToNeedIsWaitedForNoMore) {
  City c;
  c.desk(1, City::kD);
  c.call(90, City::kD);
  c.accept(90);
  c.end(90);
  c.pass(kAfterCall - seconds{10});
  CallerFacts again;
  again.last_worker = WorkerId{1};
  c.call(1, City::line_of(City::kA), again);
  c.desk(2, City::kA, 8);
  ASSERT_EQ(c.with(1), 0) << "held for the last worker, who has 10 s of writing left";
  c.apply(line_needs(8));
  EXPECT_EQ(c.with(1), 2);
}

TEST(Directory, AnEndpointDroppedWhileItRingsWithdrawsTheOfferWithoutBlame) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  DirectoryChanged d;
  d.workers = {{WorkerId{1}, City::kA, {{City::phone_of(1), EndpointKind::kPhone, 1}}, 0, 0}};
  c.apply(d);
  EXPECT_EQ(c.only<RecordOfferEnded>().how, OfferEnd::kDeviceLost);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  EXPECT_EQ(c.state(1), WorkerState::kAway);
}

TEST(Directory, ADeskDroppedInATalkAndThenLostGivesItsCallerBackAfterTheGrace) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  DirectoryChanged d;
  d.workers = {{WorkerId{1}, City::kA, {{City::phone_of(1), EndpointKind::kPhone, 1}}, 0, 0}};
  c.apply(d);
  ASSERT_EQ(c.call_state(1), CallState::kTalking) << "a talk on it goes on";
  c.apply(EndpointDown{City::desk_of(1)});
  c.pass(kTalkingDeskGrace - Duration{1});
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  c.pass(Duration{1});
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kDeviceLost);
  c.apply(EndpointDown{City::desk_of(1)});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownEndpoint) << "nobody talks there any more";
}

TEST(Directory, CallersOnALineThatClosesAreStillAnswered) {
  City c;
  c.call(1, City::kA);
  c.apply(DirectoryChanged{{}, {}, {}, {City::line_of(City::kA)}});
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(1), 1);
}

TEST(Directory, CirclesUnknownParentsAndSharedEndpointsAreRefusedWhole) {
  City c;
  c.hire(1);
  const auto hash = c.core.state_hash();
  c.apply(units({City::unit(10, 100, UnitKind::kRegion)}));  // 100 stands below 10
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownUnit);
  c.apply(units({City::unit(2000, 1, UnitKind::kDistrict), City::unit(2001, 4711, UnitKind::kStation)}));
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownUnit);
  DirectoryChanged d;
  d.workers = {{WorkerId{2}, City::kA, {{City::desk_of(1), EndpointKind::kDesk, 1}}, 0, 0}};
  c.apply(d);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownEndpoint);
  EXPECT_EQ(c.core.state_hash(), hash);
}

}  // namespace
}  // namespace kapok::routing
