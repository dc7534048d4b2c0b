#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

TEST(Duty, ADeskNeedsShiftLiveClientAndReady) {
  City c;
  c.hire(1);
  c.call(1, City::kA);
  c.start_shift(1, {City::kA}, {City::desk_of(1)});
  EXPECT_EQ(c.state(1), WorkerState::kAway);
  c.ready(1);
  EXPECT_EQ(c.reason(1), AwayReason::kDevice);
  c.apply(EndpointUp{City::desk_of(1)});
  EXPECT_EQ(c.with(1), 1);
}

TEST(Duty, APhoneIsReadyByItselfFromTheStartOfItsShift) {
  City c;
  c.hire(1);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 0);
  c.start_shift(1, {City::kA}, {City::phone_of(1)});
  EXPECT_EQ(c.with(1), 1);
}

TEST(Duty, OnlyTheEndpointsOfTheShiftRing) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.offer_of(1).endpoints, std::vector{City::desk_of(1)});
}

TEST(Duty, ShiftEndInATalkDrainsAndThenSignsOff) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.end_shift(1);
  EXPECT_TRUE(c.only<WorkerStateChanged>().draining);
  c.call(2, City::kA);
  c.end(1);
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  EXPECT_EQ(c.with(2), 0);
  c.pass(kAfterCall);
  EXPECT_EQ(c.state(1), WorkerState::kOffDuty);
  EXPECT_EQ(c.with(2), 0);
}

TEST(Duty, ShiftEndWhileOfferedLeavesTheOfferToBeAnswered) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.end_shift(1);
  EXPECT_EQ(c.call_state(1), CallState::kOffered);
  c.accept(1);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

TEST(Duty, ShiftEndWhileIdleSignsOffAtOnce) {
  City c;
  c.phone(1, {City::kA});
  c.end_shift(1);
  EXPECT_EQ(c.state(1), WorkerState::kOffDuty);
  c.call(1, City::kA);
  EXPECT_EQ(c.with(1), 0);
}

TEST(Duty, AHandoverKeepsTheWorkerOnDutyThroughBothShifts) {
  City c;
  c.phone(1, {City::kA});
  c.apply(ShiftStarted{ShiftId{50}, WorkerId{1}, {City::kB}, {City::phone_of(1)}});
  c.end_shift(1);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
  c.call(1, City::kB);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kStation);
}

TEST(Duty, AfterCallLastsFiveMinutesFifteenAfterHighRisk) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.end(1);
  EXPECT_EQ(c.only<WorkerStateChanged>().until - c.now, seconds{300});
  c.pass(seconds{300} - Duration{1});
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  c.pass(Duration{1});
  EXPECT_EQ(c.state(1), WorkerState::kReady);
  c.call(2, City::kA);
  c.accept(2);
  c.apply(CallEnded{CallId{2}, WorkerId{1}, true});
  EXPECT_EQ(c.only<WorkerStateChanged>().until - c.now, seconds{900});
}

TEST(Duty, ReadyEndsAfterCallEarlyAndTakesWhoeverWaits) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.call(2, City::kA);
  c.end(1);
  EXPECT_EQ(c.with(2), 0) << "a waiting caller is a prompt, the worker decides";
  c.ready(1);
  EXPECT_EQ(c.with(2), 1);
}

TEST(Duty, FinishingTheRecordDoesNotUndoAnAway) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.away(1);
  EXPECT_EQ(c.state(1), WorkerState::kTalking);
  c.end(1);
  c.apply(AfterCallEnded{WorkerId{1}});
  EXPECT_EQ(c.state(1), WorkerState::kAway);
  c.apply(AfterCallEnded{WorkerId{1}});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kWrongState);
}

TEST(Duty, AStationWithoutAnyoneOnDutyIsAGapFromTheFirstSecondToTheFirstWorker) {
  City c(hours{10}, false);
  c.apply(Restarted{});
  EXPECT_EQ(c.ordered<NoteGap>().size(), 10u) << "every unit with a line";
  c.pass(minutes{5});
  c.phone(1, {City::kA});
  std::vector<UnitId> closed;
  for (const CloseGap& gap : c.ordered<CloseGap>()) {
    closed.push_back(gap.unit);
    EXPECT_EQ(gap.to - gap.from, minutes{5});
  }
  EXPECT_EQ(closed, (std::vector{City::kCity, City::kRegion, City::kDistrict, City::kA}));
  c.end_shift(1);
  EXPECT_EQ(c.ordered<NoteGap>().size(), 4u);
  EXPECT_EQ(c.ordered<NoteGap>().front().kind, GapKind::kNobodyOnShift);
}

TEST(Duty, APausedPhoneIsNoGapButALostDeskIs) {
  City c;
  c.phone(1, {City::kA});
  c.call(1, City::kA);
  c.pass(kPhoneOffer);
  EXPECT_TRUE(c.ordered<NoteGap>().empty());
  City d;
  d.desk(1, City::kA);
  d.apply(EndpointDown{City::desk_of(1)});
  EXPECT_EQ(d.ordered<NoteGap>().front().kind, GapKind::kNobodyReachable);
}

TEST(Duty, AJointShiftCountsOnceInEachStationAndOnceAbove) {
  City c;
  c.phone(1, {City::kA, City::kB});
  EXPECT_EQ(c.core.counters(City::kA).ready, 1);
  EXPECT_EQ(c.core.counters(City::kB).ready, 1);
  EXPECT_EQ(c.core.counters(City::kDistrict).ready, 1);
  EXPECT_EQ(c.core.workers_of(City::kDistrict).size(), 1u);
}

TEST(Duty, AShiftThatCannotStandIsRefusedAndChangesNothing) {
  City c;
  c.hire(1);
  c.hire(2);
  const auto hash = c.core.state_hash();
  const auto refused = [&](ShiftStarted s) {
    c.apply(s);
    return c.only<RefuseEvent>().why;
  };
  EXPECT_EQ(refused({ShiftId{1}, WorkerId{77}, {City::kA}, {City::desk_of(1)}}), ErrorCode::kUnknownWorker);
  EXPECT_EQ(refused({ShiftId{1}, WorkerId{1}, {UnitId{77}}, {City::desk_of(1)}}), ErrorCode::kUnknownUnit);
  EXPECT_EQ(refused({ShiftId{1}, WorkerId{1}, {City::kA}, {City::desk_of(2)}}), ErrorCode::kUnknownEndpoint);
  EXPECT_EQ(refused({ShiftId{1}, WorkerId{1}, {}, {City::desk_of(1)}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused({ShiftId{1}, WorkerId{1}, {City::kA}, {City::desk_of(1), City::duty_of(1)}}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(c.core.state_hash(), hash);
  c.start_shift(1, {City::kA}, {City::desk_of(1)});
  EXPECT_EQ(refused({ShiftId{1}, WorkerId{2}, {City::kA}, {City::desk_of(2)}}), ErrorCode::kAlreadyOnDuty);
  c.end_shift(2);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownShift);
  c.ready(2);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kNotOnDuty);
}

TEST(Duty, ARunningShiftToldAgainTakesItsNewUnitsAndNobodyIsOffDutyBetween) {
  City c;
  c.phone(1, {City::kA});
  c.phone(2, {City::kA});
  c.pass(minutes{1});
  c.apply(ShiftStarted{ShiftId{1}, WorkerId{1}, {City::kA, City::kB}, {City::phone_of(1)}});
  EXPECT_TRUE(c.ordered<NoteGap>().empty());
  EXPECT_EQ(c.core.counters(City::kB).ready, 1);
  c.call(1, City::kA);
  EXPECT_EQ(c.only<OfferCall>().worker, WorkerId{1});  // idle longest, as before
  c.end_shift(1);
  EXPECT_EQ(c.core.counters(City::kB).on_duty, 0);
}

}  // namespace
}  // namespace kapok::routing
