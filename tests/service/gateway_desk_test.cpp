#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "storage/contact_table.h"
#include "storage/follow_up_table.h"
#include "storage/missed_caller_table.h"

namespace kapok::service {
namespace {

bool has_callback(City& city, const char* number) {
  const std::string canonical = parse_phone_number(number).canonical;
  return city.stored<bool>(
      [&](auto& tx) { return storage::FollowUpTable::open_one(tx, City::kStation, canonical).has_value(); });
}

bool has_missed_entry(City& city, CallId call) {
  return city.stored<bool>([&](auto& tx) { return storage::MissedCallerTable::open_of_call(tx, call).has_value(); });
}

TEST(GatewayDesk, ArrivalForAnUnknownOrRecordedOnlyLineIsRefused) {
  City city;
  const TestClient gate = city.gateway();
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-1", "020-89999999")), ErrorCode::kUnknownLine);
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-2", "hello")), ErrorCode::kUnknownLine);
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-3", City::kRecordedNumber)), ErrorCode::kWrongState);
  EXPECT_EQ(City::refusal(city.arrive(gate, "", City::kLineNumber)), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(city.calls().calls().all().empty());
}

TEST(GatewayDesk, OnlyAGatewayThatAttachedMayReport) {
  City city;
  const TestClient worker = city.connect(City::kAn);
  EXPECT_EQ(City::refusal(city.ask(city.gateways(), worker, api::AttachGateway{"x", "native", {}, 1, 1})),
            ErrorCode::kForbidden);
  EXPECT_EQ(City::refusal(city.arrive(worker, "a-1")), ErrorCode::kWrongState);
  const TestClient gate = city.connect(City::kGate);
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-1")), ErrorCode::kWrongState);
}

TEST(GatewayDesk, ArrivalReportedTwiceIsOneCall) {
  City city;
  const TestClient gate = city.gateway();
  const CallId first = City::call_of(city.arrive(gate, "a-1"));
  EXPECT_EQ(City::call_of(city.arrive(gate, "a-1")), first);
  EXPECT_EQ(city.calls().calls().all().size(), 1u);
  EXPECT_EQ(City::refusal(city.left(gate, "a-1")), std::nullopt);
  EXPECT_EQ(City::refusal(city.left(gate, "a-1")), std::nullopt);
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-1")), ErrorCode::kCallEnded);
}

TEST(GatewayDesk, UnansweredCallerGetsOneCallbackAndAShortHangUpNone) {
  City city;
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  city.clock.move(seconds{5});
  city.left(gate, "a-1");
  EXPECT_FALSE(has_callback(city, City::kCallerNumber));
  const CallId call = City::call_of(city.arrive(gate, "a-2"));
  city.clock.move(seconds{6});
  city.left(gate, "a-2");
  EXPECT_EQ(city.stored_call(call).outcome, CallOutcome::kMissedNobodyOnDuty);
  EXPECT_TRUE(has_callback(city, City::kCallerNumber));
}

/// Two calls of one number that nobody answered.
void two_unanswered(City& city, const TestClient& gate) {
  for (const char* ref : {"a-1", "a-2"}) {
    EXPECT_EQ(city.stored_call(City::call_of(city.arrive(gate, ref))).base, CallerClass::kNormal);
    city.clock.move(seconds{6});
    city.left(gate, ref);
  }
}

TEST(GatewayDesk, ThirdAttemptAfterTwoUnansweredOnesIsMoreUrgentAndAFourthIsBeyondTheBucket) {
  City city;
  const TestClient gate = city.gateway();
  two_unanswered(city, gate);
  EXPECT_EQ(city.stored_call(City::call_of(city.arrive(gate, "a-3"))).base, CallerClass::kVulnerable);
  city.clock.move(seconds{6});
  city.left(gate, "a-3");
  EXPECT_EQ(city.stored_call(City::call_of(city.arrive(gate, "a-4"))).base, CallerClass::kNormal);
}

TEST(GatewayDesk, NumberIsKnownByItsKeyAfterARestartToo) {
  City city;
  two_unanswered(city, city.gateway());
  city.restart();
  const TestClient back = city.gateway(2);
  EXPECT_EQ(city.stored_call(City::call_of(city.arrive(back, "a-3"))).base, CallerClass::kVulnerable);
}

TEST(GatewayDesk, PhoneOfAShiftIsRungAndItsAnswerConnects) {
  City city;
  const TestClient night = city.connect(City::kNight);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), night, api::TakeDuty{})), std::nullopt);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto ring = gate.outbox->last<api::RingEndpoint>();
  ASSERT_TRUE(ring.has_value());
  EXPECT_EQ(ring->number, "+8613900139000");
  EXPECT_EQ(ring->gw_ref, "a-1");
  const auto answered =
      city.ask(city.gateways(), gate,
               api::OfferAnswered{.offer = ring->offer, .epoch = ring->epoch, .endpoint = ring->endpoint, .at = {}});
  EXPECT_EQ(City::refusal(answered), std::nullopt);
  EXPECT_EQ(gate.outbox->last<api::Bridge>()->endpoint, ring->endpoint);
  EXPECT_EQ(gate.outbox->count<api::WithdrawRing>(), 0u);
  EXPECT_EQ(city.left(gate, "a-1", EndedBy::kWorker).body.ok(), true);
  EXPECT_EQ(city.stored_call(call).ended_by, EndedBy::kWorker);
}

TEST(GatewayDesk, AnswerThatIsNotSavedYetIsNotOrderedAgain) {
  City city;
  const TestClient night = city.connect(City::kNight);
  city.ask(city.duty(), night, api::TakeDuty{});
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  const auto ring = *gate.outbox->last<api::RingEndpoint>();
  city.say(city.gateways(), gate,
           api::OfferAnswered{.offer = ring.offer, .epoch = ring.epoch, .endpoint = ring.endpoint, .at = {}});
  // The gateway lists what it holds before that answer is on the disk.
  city.say(city.gateways(), gate, api::KnownBegin{});
  city.say(city.gateways(), gate, api::Known{"a-1", City::kLineNumber, "", CallState::kWaiting, {}, {}});
  city.say(city.gateways(), gate, api::KnownEnd{});
  EXPECT_EQ(gate.outbox->count<api::Bridge>(), 0u);
  city.settle();
  EXPECT_EQ(gate.outbox->count<api::Bridge>(), 1u);
}

TEST(GatewayDesk, BusyPhoneEndsTheOffer) {
  City city;
  const TestClient night = city.connect(City::kNight);
  city.ask(city.duty(), night, api::TakeDuty{});
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto ring = *gate.outbox->last<api::RingEndpoint>();
  const auto failed =
      city.ask(city.gateways(), gate, api::OfferFailed{.offer = ring.offer, .endpoint = ring.endpoint, .why = "busy"});
  EXPECT_EQ(City::refusal(failed), std::nullopt);
  EXPECT_EQ(city.stored_call(call).state, CallState::kWaiting);
  const auto late =
      city.ask(city.gateways(), gate,
               api::OfferAnswered{.offer = ring.offer, .epoch = ring.epoch, .endpoint = ring.endpoint, .at = {}});
  EXPECT_EQ(City::refusal(late), ErrorCode::kOfferGone);
}

TEST(GatewayDesk, WhatAGatewayNoLongerHoldsEndsAsLostWithACallback) {
  City city;
  const TestClient gate = city.gateway(1);
  const CallId kept = City::call_of(city.arrive(gate, "a-1"));
  const CallId gone = City::call_of(city.arrive(gate, "a-2", City::kLineNumber, "13700137000"));
  city.disconnect(gate);
  city.clock.move(seconds{3});
  const TestClient back = city.gateway(2);
  city.ask(city.gateways(), back, api::KnownBegin{});
  city.ask(city.gateways(), back, api::Known{"a-1", City::kLineNumber, "", CallState::kWaiting, {}, {}});
  city.ask(city.gateways(), back, api::KnownEnd{});
  city.settle();
  EXPECT_EQ(city.stored_call(kept).state, CallState::kWaiting);
  EXPECT_EQ(city.stored_call(gone).outcome, CallOutcome::kGatewayLost);
  EXPECT_TRUE(has_callback(city, "13700137000"));
}

TEST(GatewayDesk, WhatIsGoneAfterOurRestartIsLostOnRestartAlsoWhenTheGatewayComesTwice) {
  City city;
  const TestClient gate = city.gateway(1);
  const CallId kept = City::call_of(city.arrive(gate, "a-1"));
  const CallId usable = City::call_of(city.arrive(gate, "a-2", City::kLineNumber, "13700137000"));
  const CallId withheld = City::call_of(city.arrive(gate, "a-3", City::kLineNumber, ""));
  city.clock.move(seconds{1});
  city.restart();
  // The first connection breaks before the list is complete.
  city.disconnect(city.gateway(2));
  city.clock.move(seconds{2});
  const TestClient back = city.gateway(3);
  city.ask(city.gateways(), back, api::KnownBegin{});
  city.ask(city.gateways(), back, api::Known{"a-1", City::kLineNumber, "", CallState::kWaiting, {}, {}});
  city.ask(city.gateways(), back, api::KnownEnd{});
  city.settle();
  EXPECT_EQ(city.stored_call(kept).state, CallState::kWaiting);
  EXPECT_EQ(city.stored_call(usable).outcome, CallOutcome::kLostOnRestart);
  EXPECT_TRUE(has_callback(city, "13700137000"));
  EXPECT_EQ(city.stored_call(withheld).outcome, CallOutcome::kLostOnRestart);
  EXPECT_TRUE(has_missed_entry(city, withheld));
  // From now on what it loses is its own loss.
  city.disconnect(back);
  city.clock.move(seconds{2});
  const TestClient again = city.gateway(4);
  city.ask(city.gateways(), again, api::KnownBegin{});
  city.ask(city.gateways(), again, api::KnownEnd{});
  city.settle();
  EXPECT_EQ(city.stored_call(kept).outcome, CallOutcome::kGatewayLost);
}

TEST(GatewayDesk, AnArrivalRepeatedAfterItsEndIsThatCallAlsoAfterARestart) {
  City city;
  const TestClient gate = city.gateway(1);
  city.arrive(gate, "a-1");
  city.left(gate, "a-1");
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-1")), ErrorCode::kCallEnded);
  city.restart();
  EXPECT_EQ(City::refusal(city.arrive(city.gateway(2), "a-1")), ErrorCode::kCallEnded);
}

TEST(GatewayDesk, AGatewayThatFellBehindIsToldEveryListAndPlaceAgain) {
  City city;
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  city.settle();
  const std::size_t lists = gate.outbox->count<api::HuntList>();
  ASSERT_GT(lists, 0u);
  ASSERT_TRUE(gate.outbox->last<api::Progress>().has_value());
  gate.outbox->pushes.clear();
  city.gateways().fell_behind(gate.connection);
  EXPECT_EQ(gate.outbox->count<api::HuntList>(), 2u);
  ASSERT_EQ(gate.outbox->count<api::Progress>(), 1u);
  EXPECT_EQ(gate.outbox->last<api::Progress>()->gw_ref, "a-1");
  EXPECT_EQ(gate.outbox->last<api::Progress>()->position, 1u);
}

TEST(GatewayDesk, SilentGatewayLosesItsCallsAfterThirtySecondsNotBefore) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.pass(seconds{29});
  EXPECT_EQ(city.stored_call(call).state, CallState::kWaiting);
  city.pass(seconds{1});
  EXPECT_EQ(city.stored_call(call).outcome, CallOutcome::kGatewayLost);
  EXPECT_EQ(gate.outbox->closed, "SILENT");
}

TEST(GatewayDesk, CallsWhoseGatewayDoesNotComeBackAfterARestartDoNotStayOpen) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.restart();
  EXPECT_EQ(city.stored_call(call).state, CallState::kWaiting);
  city.pass(seconds{31});
  EXPECT_EQ(city.stored_call(call).outcome, CallOutcome::kLostOnRestart);
  EXPECT_TRUE(has_callback(city, City::kCallerNumber));
}

TEST(GatewayDesk, BackfilledAnswerBecomesADraftOnceAndAMissedOneACallback) {
  City city;
  const TestClient gate = city.gateway();
  const Instant now = city.clock.now();
  api::Backfill answered{.gw_ref = "b-1",
                         .dialled = City::kLineNumber,
                         .caller = City::kCallerNumber,
                         .arrived_at = now - seconds{100},
                         .answered_at = now - seconds{90},
                         .ended_at = now - seconds{10},
                         .answered_by = EndpointId{44}};
  const auto taken = city.ask(city.gateways(), gate, answered);
  ASSERT_TRUE(taken.body.ok());
  const ContactId contact = std::get<api::BackfillTaken>(taken.body.value()).contact;
  const auto again = city.ask(city.gateways(), gate, answered);
  EXPECT_EQ(std::get<api::BackfillTaken>(again.body.value()).contact, contact);
  const auto draft =
      city.stored<casework::Contact>([&](auto& tx) { return storage::ContactTable::get(tx, contact).value(); });
  EXPECT_EQ(draft.fields.answered_by, City::kNight);
  answered.gw_ref = "b-2";
  answered.caller = "13700137000";
  answered.answered_at = {};
  EXPECT_EQ(City::refusal(city.ask(city.gateways(), gate, answered)), std::nullopt);
  EXPECT_TRUE(has_callback(city, "13700137000"));
}

TEST(GatewayDesk, DeskRingsByItsOwnClientAndBridgeNamesIt) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.settle();
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  EXPECT_EQ(gate.outbox->count<api::RingEndpoint>(), 0u);
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  const auto bridge = gate.outbox->last<api::Bridge>();
  ASSERT_TRUE(bridge.has_value());
  EXPECT_EQ(bridge->call, call);
  EXPECT_EQ(bridge->offer, offer.offer);
  EXPECT_EQ(bridge->endpoint, EndpointId{41});
  EXPECT_EQ(city.office().directory->endpoint(bridge->endpoint)->kind, EndpointKind::kDesk);
}

TEST(GatewayDesk, DialNeedsAGatewayAndAnEndpoint) {
  City city;
  EXPECT_EQ(city.gateways().dial(FollowUpId{1}, City::kNight, "+8613800138000").error().code,
            ErrorCode::kGatewayUnavailable);
  EXPECT_EQ(city.gateways().dial(FollowUpId{1}, City::kSupervisor, "+8613800138000").error().code,
            ErrorCode::kUnknownEndpoint);
  const TestClient gate = city.gateway();
  const auto dial = city.gateways().dial(FollowUpId{1}, City::kNight, "+8613800138000");
  ASSERT_TRUE(dial.ok());
  EXPECT_EQ(gate.outbox->last<api::Dial>()->dial, *dial);
  EXPECT_EQ(gate.outbox->last<api::Dial>()->worker_number, "+8613900139000");
}

}  // namespace
}  // namespace kapok::service
