#include <gtest/gtest.h>

#include <optional>

#include "service/whole_city_fixture.h"
#include "storage/call_table.h"

/// A waiting caller chooses to be rung back and keeps class and place (保位回拨; decision 9).
namespace kapok::service {
namespace {

constexpr const char* kFirst = "13800138000";
constexpr const char* kSecond = "13800138001";

/// Two callers wait; the first has chosen to be rung back.
struct Kept {
  Kept() {
    first = WholeCity::got<api::ArrivalTaken>(city.arrive(gate, "a-1", kFirst)).call;
    city.clock.move(seconds{10});
    second = WholeCity::got<api::ArrivalTaken>(city.arrive(gate, "a-2", kSecond)).call;
    EXPECT_EQ(WholeCity::refusal(city.ask(gate, api::CallbackChosen{"a-1", city.clock.now()})), std::nullopt);
  }
  void hangs_up() {
    EXPECT_EQ(WholeCity::refusal(city.ask(gate, api::Left{"a-1", EndedBy::kCaller, "", city.clock.now()})),
              std::nullopt);
  }
  storage::CallRow row(CallId call) {
    return city.stored<storage::CallRow>([&](auto& tx) { return *storage::CallTable::get(tx, call); });
  }
  /// A worker comes on duty and takes the call offered first.
  api::CallView taken_by(const std::string& account) {
    worker = city.on_duty(account);
    return WholeCity::got<api::CallView>(city.accept(worker));
  }
  api::Bridge bridge() {
    city.run_until([&] { return gate.outbox->count<api::Bridge>() > 0; });
    return *gate.outbox->last<api::Bridge>();
  }
  /// The open callback that a call has left, as the worker's list shows it.
  std::optional<api::CallbackView> owed(CallId call) {
    for (const auto& open : WholeCity::got<api::CallbackPage>(city.ask(worker, api::ListCallbacks{})).callbacks)
      if (open.last_call == call) return open;
    return std::nullopt;
  }
  void dialled(bool reached) {
    EXPECT_EQ(WholeCity::refusal(city.ask(gate, api::CallerDialled{"a-1", reached, city.clock.now()})), std::nullopt);
  }

  WholeCity city;
  TestClient gate = city.gateway();
  TestClient worker;
  CallId first, second;
};

TEST(CallbackKept, TheCallerHangsUpAndKeepsHisPlace) {
  Kept kept;
  kept.hangs_up();
  EXPECT_TRUE(kept.row(kept.first).is_kept());
  EXPECT_EQ(kept.row(kept.first).state, CallState::kWaiting);
  EXPECT_EQ(kept.taken_by("an").call, kept.first);
}

TEST(CallbackKept, AfterTheAcceptTheGatewayDialsAndTheRecordBeginsWhenHeIsReached) {
  Kept kept;
  kept.hangs_up();
  const auto view = kept.taken_by("an");
  EXPECT_TRUE(view.being_dialled);
  EXPECT_FALSE(view.contact.is_set());
  const auto bridge = kept.bridge();
  EXPECT_TRUE(bridge.dial_caller);
  EXPECT_EQ(bridge.caller, "+8613800138000");
  EXPECT_EQ(kept.city.count("contact"), 0);

  kept.city.clock.move(seconds{8});
  kept.dialled(true);
  kept.city.run_until([&] { return kept.worker.outbox->count<api::CallConnected>() > 0; });
  const auto connected = kept.worker.outbox->last<api::CallConnected>()->call;
  EXPECT_FALSE(connected.being_dialled);
  EXPECT_TRUE(connected.contact.is_set());
  EXPECT_EQ(kept.row(kept.first).answered_at, kept.city.clock.now());
  EXPECT_EQ(kept.city.count("contact"), 1);
  kept.dialled(true);  // told twice
  kept.city.ask(kept.gate, api::Left{"a-1", EndedBy::kCaller, "", kept.city.clock.now()});
  EXPECT_EQ(kept.row(kept.first).outcome, CallOutcome::kAnswered);
}

TEST(CallbackKept, WhoIsNotReachedIsMissedAndBecomesTheUnitsCallback) {
  Kept kept;
  kept.hangs_up();
  kept.taken_by("an");
  kept.dialled(false);
  EXPECT_EQ(kept.row(kept.first).outcome, CallOutcome::kMissed);
  EXPECT_EQ(kept.city.count("contact"), 0);
  const auto page = WholeCity::got<api::CallbackPage>(kept.city.ask(kept.worker, api::ListCallbacks{}));
  ASSERT_EQ(page.callbacks.size(), 1u);
  EXPECT_EQ(page.callbacks.front().last_call, kept.first);
}

TEST(CallbackKept, SurvivesARestartAndAGatewayThatForgotHim) {
  Kept kept;
  kept.hangs_up();
  kept.city.restart();
  kept.gate = kept.city.gateway(2);
  kept.city.ask(kept.gate, api::KnownBegin{});
  kept.city.ask(kept.gate, api::Known{"a-2", WholeCity::kLineNumber, kSecond, CallState::kWaiting, {}, {}});
  kept.city.ask(kept.gate, api::KnownEnd{});
  EXPECT_EQ(kept.row(kept.first).state, CallState::kWaiting);
  EXPECT_EQ(kept.taken_by("an").call, kept.first);
  EXPECT_TRUE(kept.bridge().dial_caller);
}

TEST(CallbackKept, GatewayThatComesBackDuringTheDialIsToldToDialAgain) {
  Kept kept;
  kept.hangs_up();
  kept.taken_by("an");
  const TestClient gate = kept.city.gateway(2);
  kept.city.ask(gate, api::KnownBegin{});
  kept.city.ask(gate, api::Known{"a-2", WholeCity::kLineNumber, kSecond, CallState::kWaiting, {}, {}});
  kept.city.ask(gate, api::KnownEnd{});
  ASSERT_EQ(gate.outbox->count<api::Bridge>(), 1u);
  EXPECT_TRUE(gate.outbox->last<api::Bridge>()->dial_caller);
}

TEST(CallbackKept, WithheldNumbersAndCallsThatTalkAreRefused) {
  WholeCity city;
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1", "");
  EXPECT_EQ(WholeCity::refusal(city.ask(gate, api::CallbackChosen{"a-1", {}})), ErrorCode::kNumberNotUsable);
  city.ask(gate, api::Left{"a-1", EndedBy::kCaller, "", {}});
  city.arrive(gate, "a-2", kFirst);
  const TestClient an = city.on_duty("an");
  city.accept(an);
  EXPECT_EQ(WholeCity::refusal(city.ask(gate, api::CallbackChosen{"a-2", {}})), ErrorCode::kWrongState);
  EXPECT_EQ(WholeCity::refusal(city.ask(gate, api::CallbackChosen{"a-3", {}})), ErrorCode::kCallEnded);
}

TEST(CallbackKept, WhoCallsAgainTakesOverHisPlaceAndIsOneCallInTheQueue) {
  Kept kept;
  kept.hangs_up();
  kept.city.clock.move(minutes{4});
  const CallId again = WholeCity::got<api::ArrivalTaken>(kept.city.arrive(kept.gate, "a-3", kFirst)).call;
  const auto before = kept.row(kept.first);
  EXPECT_EQ(before.outcome, CallOutcome::kMissed);
  const auto now = kept.row(again);
  EXPECT_FALSE(now.is_kept());
  EXPECT_EQ(now.episode, before.episode);
  EXPECT_EQ(now.waits_from(), before.waits_from());
  EXPECT_EQ(now.arrival_seq, before.arrival_seq);
  ASSERT_EQ(kept.gate.outbox->count<api::Release>(), 1u) << "a line of his that is still open is let go";
  EXPECT_EQ(kept.gate.outbox->last<api::Release>()->gw_ref, "a-1");
  EXPECT_EQ(kept.taken_by("an").call, again) << "before the second caller";
  EXPECT_FALSE(kept.bridge().dial_caller);
  const auto page = WholeCity::got<api::CallbackPage>(kept.city.ask(kept.worker, api::ListCallbacks{}));
  EXPECT_TRUE(page.callbacks.empty()) << "he got through by himself";
}

TEST(CallbackKept, AnotherNumberOrATextTakesNobodysPlace) {
  Kept kept;
  kept.hangs_up();
  kept.city.arrive(kept.gate, "a-3", "13800138009");
  EXPECT_TRUE(kept.row(kept.first).is_kept());
  EXPECT_EQ(kept.row(kept.first).state, CallState::kWaiting);
}

TEST(CallbackKept, WhatNobodyCouldDialInTimeIsTheUnitsCallbackSinceTheHangUp) {
  Kept kept;
  const Instant promised = kept.row(kept.first).kept_at;
  kept.hangs_up();
  kept.city.clock.move(minutes{31});
  kept.city.city().look_at_clock();
  kept.city.run_until([&] { return kept.row(kept.first).state == CallState::kEnded; });
  EXPECT_EQ(kept.row(kept.first).outcome, CallOutcome::kMissed);
  kept.worker = kept.city.on_duty("an");
  const auto owed = kept.owed(kept.first);
  ASSERT_TRUE(owed);
  EXPECT_EQ(owed->due_at, promised + minutes{10});
  EXPECT_TRUE(owed->overdue);
}

TEST(CallbackKept, APromiseMadeAfterABrokenTalkIsOwedAlthoughHeWasAnsweredOnce) {
  Kept kept;
  kept.hangs_up();
  const auto view = kept.taken_by("an");
  kept.dialled(true);
  const EndpointId desk = kept.row(kept.first).endpoint;
  EXPECT_EQ(WholeCity::refusal(kept.city.ask(kept.gate, api::LegLost{"a-1", desk, kept.city.clock.now()})),
            std::nullopt);
  EXPECT_EQ(WholeCity::refusal(kept.city.ask(kept.gate, api::CallbackChosen{"a-1", kept.city.clock.now()})),
            std::nullopt);
  kept.hangs_up();
  kept.city.clock.move(minutes{31});
  kept.city.city().look_at_clock();
  kept.city.run_until([&] { return kept.row(kept.first).state == CallState::kEnded; });
  EXPECT_EQ(kept.row(kept.first).outcome, CallOutcome::kAnswered);
  EXPECT_TRUE(kept.owed(kept.first));
}

}  // namespace
}  // namespace kapok::service
