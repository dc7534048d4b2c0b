#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

TEST(Departure, AHangUpWithinFiveSecondsIsShortAndAMicrosecondLaterAbandoned) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.pass(seconds{5});
  c.leave(1);
  EXPECT_EQ(c.outcome(), CallOutcome::kShortAbandoned);
  c.call(2, City::kA);
  c.pass(seconds{5} + Duration{1});
  c.leave(2);
  EXPECT_EQ(c.outcome(), CallOutcome::kAbandoned);
  EXPECT_EQ(c.only<EndCall>().waited, seconds{5} + Duration{1});
}

TEST(Departure, AHangUpWhenNobodyWasEverOnDutyIsMissedForThatReason) {
  City c;
  c.call(1, City::kA);
  c.pass(seconds{30});
  c.leave(1);
  EXPECT_EQ(c.outcome(), CallOutcome::kMissedNobodyOnDuty);
}

TEST(Departure, EachWayOfLeavingHasItsOutcome) {
  const auto outcome = [](LeftCause cause) {
    City c;
    c.desk(1, City::kA);
    c.call(1, City::kA);
    c.pass(seconds{8});
    c.leave(1, cause);
    return c.outcome();
  };
  EXPECT_EQ(outcome(LeftCause::kGatewayLetGo), CallOutcome::kMissed);
  EXPECT_EQ(outcome(LeftCause::kGatewayLost), CallOutcome::kGatewayLost);
  EXPECT_EQ(outcome(LeftCause::kNetworkFailure), CallOutcome::kNetworkFailure);
  EXPECT_EQ(outcome(LeftCause::kLostOnRestart), CallOutcome::kLostOnRestart);
  EXPECT_EQ(outcome(LeftCause::kTest), CallOutcome::kTest);
}

TEST(Departure, EitherSideHangingUpInATalkEndsItAnswered) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.pass(seconds{4});
  c.accept(1);
  c.pass(minutes{3});
  c.leave(1);
  const EndCall end = c.only<EndCall>();
  EXPECT_EQ(end.outcome, CallOutcome::kAnswered);
  EXPECT_EQ(end.ended_by, EndedBy::kCaller);
  EXPECT_EQ(end.worker, WorkerId{1});
  EXPECT_EQ(end.waited, seconds{4});
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  EXPECT_EQ(c.core.call(CallId{1}), std::nullopt);
}

TEST(Departure, OnlyTheTalkingWorkerMayEndOrHandBack) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kA);
  c.call(1, City::kA);
  c.apply(CallEnded{CallId{1}, WorkerId{1}, false});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kWrongState);
  c.accept(1);
  c.apply(CallEnded{CallId{1}, WorkerId{2}, false});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kNotYours);
  c.apply(HandedBack{CallId{1}, WorkerId{2}});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kNotYours);
  c.apply(HandedBack{CallId{7}, WorkerId{2}});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownCall);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

TEST(Departure, AHandedBackCallerWaitsInHisOldPlaceAndNotForTheSameWorker) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.pass(seconds{30});
  c.call(2, City::kA);
  c.apply(HandedBack{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kHandedBack);
  EXPECT_EQ(c.core.position(CallId{1}), 1);
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  c.ready(1);
  EXPECT_EQ(c.with(2), 1);
  c.desk(2, City::kA);
  EXPECT_EQ(c.with(1), 2);
  c.accept(1);
  EXPECT_EQ(c.only<ConnectCall>().leg, 2);
}

TEST(Departure, ATalkingDeskHasFifteenSecondsToComeBack) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.apply(EndpointDown{City::desk_of(1)});
  c.pass(seconds{15} - Duration{1});
  c.apply(EndpointUp{City::desk_of(1)});
  c.pass(minutes{1});
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  c.apply(EndpointDown{City::desk_of(1)});
  c.pass(seconds{15});
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kDeviceLost);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  EXPECT_EQ(c.reason(1), AwayReason::kDevice);
}

TEST(Departure, OnAPracticeClockThoseFifteenSecondsAreReal) {
  City c(hours{10}, true, {.time_factor = 60});
  c.desk(1, City::kA);
  c.call(1, City::kA);
  c.accept(1);
  c.apply(EndpointDown{City::desk_of(1)});
  c.pass(minutes{15} - Duration{1});
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  c.pass(Duration{1});
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kDeviceLost);
}

TEST(Departure, ALostLegSendsTheCallerToSomebodyElseAtOnce) {
  City c;
  c.phone(1, {City::kA});
  c.desk(2, City::kB);
  c.call(1, City::kA);
  c.accept(1);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.reason(1), AwayReason::kPaused);
}

TEST(Departure, ALateHangUpOfACallThatEndedIsRefused) {
  City c;
  c.call(1, City::kA);
  c.leave(1);
  c.leave(1);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownCall);
  EXPECT_TRUE(c.ordered<EndCall>().empty());
}

}  // namespace
}  // namespace kapok::routing
