#include "routing/callbacks.h"

#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

void keep(City& c, std::int64_t n) { c.apply(CallbackAccepted{CallId{n}}); }
void reach(City& c, std::int64_t n) { c.apply(CallerReached{CallId{n}}); }

/// Caller 1 of station A has waited three minutes beside nobody, chose to be rung back and hung up.
class KeptCallback : public testing::Test {
 protected:
  KeptCallback() {
    arrived = c.now;
    c.call_with_number(1, City::line_of(City::kA));
    c.pass(minutes{3});
    keep(c, 1);
    EXPECT_EQ(c.only<KeepCallback>().call, CallId{1});
    c.leave(1);
  }
  /// Worker 1 accepts, and the gateway dials.
  void dial() {
    c.desk(1, City::kA);
    c.accept(1);
  }
  City c;
  Instant arrived;
};

TEST_F(KeptCallback, WaitsOnInItsPlaceAfterTheCallerHungUp) {
  EXPECT_TRUE(c.last.empty()) << "nothing ends and nobody is blamed";
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  EXPECT_TRUE(c.core.call(CallId{1})->kept);
  EXPECT_EQ(c.core.call(CallId{1})->arrived_at, arrived);
  c.call(2, City::kA);
  EXPECT_EQ(c.core.position(CallId{1}), 1);
  c.desk(1, City::kA);
  EXPECT_EQ(c.with(1), 1) << "before whoever came later";
}

TEST_F(KeptCallback, TheCallerIsDialledWhenAWorkerAcceptsAndAnsweredWhenHeIsReached) {
  dial();
  EXPECT_TRUE(c.only<ConnectCall>().dial_caller);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  EXPECT_FALSE(c.core.call(CallId{1})->answered_at.is_set());
  c.pass(seconds{15});
  reach(c, 1);
  EXPECT_EQ(c.only<RecordCallerReached>().worker, WorkerId{1});
  EXPECT_EQ(c.core.call(CallId{1})->answered_at, c.now);
  EXPECT_FALSE(c.core.call(CallId{1})->kept);
  c.leave(1);
  EXPECT_EQ(c.outcome(), CallOutcome::kAnswered);
  EXPECT_EQ(c.only<EndCall>().ended_by, EndedBy::kCaller);
  EXPECT_EQ(c.only<EndCall>().waited, minutes{3} + seconds{15});
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
}

TEST_F(KeptCallback, EndsAsMissedWhenNobodyAnswersAndTheWorkerIsFree) {
  dial();
  c.pass(seconds{40});
  c.leave(1, LeftCause::kNotReached);
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
  EXPECT_EQ(c.only<EndCall>().ended_by, EndedBy::kSystem);
  EXPECT_EQ(c.only<EndCall>().waited, minutes{3} + seconds{40});
  EXPECT_EQ(c.state(1), WorkerState::kReady) << "there is nothing to write";
}

TEST_F(KeptCallback, AWorkerWhoGivesUpDiallingLeavesItMissedToo) {
  dial();
  c.end(1);
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
  EXPECT_EQ(c.only<EndCall>().ended_by, EndedBy::kWorker);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
}

TEST_F(KeptCallback, IsNotEndedByWhateverHappensToALineTheCallerIsNotOn) {
  for (const LeftCause cause : {LeftCause::kHungUp, LeftCause::kGatewayLetGo, LeftCause::kGatewayLost,
                                LeftCause::kNetworkFailure, LeftCause::kLostOnRestart}) {
    c.leave(1, cause);
    EXPECT_EQ(c.call_state(1), CallState::kWaiting) << name_of(cause);
  }
  c.desk(1, City::kA);
  c.leave(1, LeftCause::kGatewayLost);
  EXPECT_EQ(c.call_state(1), CallState::kOffered);
}

TEST_F(KeptCallback, AnOldLineThatClosesLateDoesNotStopTheDialling) {
  dial();
  c.leave(1, LeftCause::kHungUp);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
}

TEST_F(KeptCallback, AGatewayThatDiesWhileDiallingSendsItBackToItsPlaceAndStillKept) {
  dial();
  c.leave(1, LeftCause::kGatewayLost);
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kLegLost);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  EXPECT_TRUE(c.core.call(CallId{1})->kept);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
  EXPECT_EQ(c.with(1), 0) << "somebody else is asked first";
  c.desk(2, City::kA);
  c.accept(1);
  EXPECT_TRUE(c.only<ConnectCall>().dial_caller);
}

TEST_F(KeptCallback, AWorkerLostWhileDiallingLeavesItKept) {
  c.phone(1, {City::kA});
  c.accept(1);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  c.leave(1);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST_F(KeptCallback, AWorkerWhoHandsItBackBeforeAnybodyAnsweredHasNothingToWrite) {
  dial();
  c.apply(HandedBack{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.state(1), WorkerState::kReady);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  EXPECT_EQ(c.with(1), 0);
}

TEST_F(KeptCallback, AMissOrADeclineSendsItBackToItsPlace) {
  c.desk(1, City::kA);
  c.pass(kDeskOffer);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  c.desk(2, City::kB);
  c.decline(1);
  EXPECT_TRUE(c.core.call(CallId{1})->kept);
  EXPECT_EQ(c.core.call(CallId{1})->arrived_at, arrived);
}

TEST_F(KeptCallback, OnceReachedItIsACallAsAnyOther) {
  dial();
  reach(c, 1);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.call_state(1), CallState::kWaiting) << "he is on the line and hears the music";
  c.desk(2, City::kB);
  c.accept(1);
  EXPECT_FALSE(c.only<ConnectCall>().dial_caller);
  c.leave(1, LeftCause::kGatewayLost);
  EXPECT_EQ(c.outcome(), CallOutcome::kAnswered);
}

TEST_F(KeptCallback, MayBeKeptAgainWhenItsTalkBrokeOff) {
  dial();
  reach(c, 1);
  c.apply(WorkerLegLost{CallId{1}, WorkerId{1}});
  keep(c, 1);
  c.leave(1);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  c.leave(1, LeftCause::kNotReached);
  EXPECT_EQ(c.outcome(), CallOutcome::kAnswered) << "he was answered once";
}

TEST_F(KeptCallback, TheShellMayGiveItUpWhileItWaits) {
  c.desk(1, City::kA);
  c.leave(1, LeftCause::kNotReached);
  EXPECT_EQ(c.only<WithdrawOffer>().why, OfferEnd::kCallerLeft);
  EXPECT_EQ(c.outcome(), CallOutcome::kMissed);
}

TEST_F(KeptCallback, CannotBePassedOnBeforeHeIsReached) {
  dial();
  c.desk(2, City::kA);
  c.pass(1, TransferKind::kWarm, WorkerId{2});
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  c.pass(1, TransferKind::kCold, City::kB);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  reach(c, 1);
  c.pass(1, TransferKind::kWarm, WorkerId{2});
  EXPECT_EQ(c.second(1), 2);
}

TEST_F(KeptCallback, SurvivesARestartWaitingAndWhileDialling) {
  const auto restart = [this](std::int64_t epoch) {
    const DirectoryChanged directory = directory_of(c.core);
    const Restarted stored = as_stored(c.core, epoch);
    c.core = RoutingCore();
    c.apply(directory);
    c.apply(stored);
  };
  restart(2);
  c.leave(1, LeftCause::kLostOnRestart);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  dial();
  restart(3);
  EXPECT_EQ(c.call_state(1), CallState::kTalking);
  c.apply(EndpointUp{City::desk_of(1)});
  reach(c, 1);
  EXPECT_EQ(c.only<RecordCallerReached>().worker, WorkerId{1});
}

TEST(CallbackAcceptedByACaller, WhileItRingsTheWorkerWhoAcceptsDialsHim) {
  City c;
  c.desk(1, City::kA);
  c.call_with_number(1, City::line_of(City::kA));
  keep(c, 1);
  c.leave(1);
  c.accept(1);
  EXPECT_TRUE(c.only<ConnectCall>().dial_caller);
}

TEST(CallbackAcceptedByACaller, NeedsAUsableNumber) {
  City c;
  c.call(1, City::kA);
  keep(c, 1);
  EXPECT_EQ(c.refusal(), ErrorCode::kNumberNotUsable);
  c.call_with_number(2, City::line_of(City::kA), {}, Channel::kWebChat);
  keep(c, 2);
  EXPECT_EQ(c.refusal(), ErrorCode::kNumberNotUsable);
}

TEST(CallbackAcceptedByACaller, IsNotForACrisisCaller) {
  City c;
  c.call_with_number(1, City::kCrisisLine);
  keep(c, 1);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  c.leave(1);
  EXPECT_EQ(c.ordered<EndCall>().size(), 1u);
}

TEST(CallbackAcceptedByACaller, OnlyWhileHeWaitsAndOnlyOnce) {
  City c;
  keep(c, 7);
  EXPECT_EQ(c.refusal(), ErrorCode::kUnknownCall);
  c.talk(1, 1, City::kA);
  keep(c, 1);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState) << "the worker won the race";
  c.call_with_number(2, City::line_of(City::kA));
  keep(c, 2);
  keep(c, 2);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
}

TEST(CallbackAcceptedByACaller, WhoWasNotDialledCannotBeReachedOrMissed) {
  City c;
  c.call_with_number(1, City::line_of(City::kA));
  reach(c, 1);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  c.leave(1, LeftCause::kNotReached);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
  reach(c, 7);
  EXPECT_EQ(c.refusal(), ErrorCode::kUnknownCall);
  c.leave(1);
  c.talk(2, 1, City::kB);
  reach(c, 2);
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
}

TEST(CallbackAcceptedByACaller, ATestCallEndsAllTheSame) {
  City c;
  c.call_with_number(1, City::line_of(City::kA));
  keep(c, 1);
  c.leave(1, LeftCause::kTest);
  EXPECT_EQ(c.outcome(), CallOutcome::kTest);
}

TEST(CallbackAcceptedByACaller, StillAgesAndKeepsHisOrder) {
  City c;
  c.call_with_number(1, City::line_of(City::kA));
  keep(c, 1);
  c.leave(1);
  c.pass(kNormalAgesAfter);
  EXPECT_EQ(c.effective(1), CallerClass::kVulnerable);
  EXPECT_EQ(c.ring(1), Ring::kDutyPhone);
}

}  // namespace
}  // namespace kapok::routing
