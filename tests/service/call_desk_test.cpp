#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "storage/call_leg_table.h"
#include "storage/contact_table.h"
#include "storage/journal_table.h"

namespace kapok::service {
namespace {

api::OfferView offer_at(const TestClient& client) {
  const auto shown = client.outbox->last<api::OfferShown>();
  EXPECT_TRUE(shown.has_value());
  return shown ? shown->offer : api::OfferView{};
}

api::AcceptOffer accept(const api::OfferView& offer) { return {offer.offer, offer.epoch}; }

std::string count(City& city, const std::string& table) {
  return city.stored<std::string>([&](auto& tx) { return tx.connection().text_of("SELECT COUNT(*) FROM " + table); });
}

TEST(CallDesk, CallReachesTheWorkerIsAnsweredAndEndsOnDisk) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.settle();
  const api::OfferView offer = offer_at(an);
  EXPECT_EQ(offer.call, call);
  EXPECT_EQ(offer.line_zh, "沙面热线");
  EXPECT_EQ(offer.caller_masked, "138****8000");

  const auto reply = city.ask(city.calls(), an, accept(offer));
  ASSERT_TRUE(reply.body.ok());
  const auto view = std::get<api::CallView>(reply.body.value());
  EXPECT_EQ(view.call, call);
  EXPECT_EQ(view.display_number, "GZ-260923-0001");
  EXPECT_EQ(view.contact_version, 1u);
  EXPECT_EQ(reply.saved, api::Saved::kStore);
  ASSERT_EQ(gate.outbox->count<api::Bridge>(), 1u);
  EXPECT_EQ(gate.outbox->last<api::Bridge>()->gw_ref, "a-1");
  EXPECT_EQ(city.stored_call(call).state, CallState::kTalking);

  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HangUp{call})), std::nullopt);
  const auto row = city.stored_call(call);
  EXPECT_EQ(row.state, CallState::kEnded);
  EXPECT_EQ(row.outcome, CallOutcome::kAnswered);
  EXPECT_EQ(row.contact, view.contact);
  EXPECT_EQ(an.outbox->last<api::CallOver>()->contact, view.contact);
  EXPECT_EQ(an.outbox->last<api::DeskState>()->state, WorkerState::kAfterCall);
  EXPECT_EQ(gate.outbox->last<api::Release>()->gw_ref, "a-1");
}

TEST(CallDesk, NothingRingsBeforeTheOfferIsSaved) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const std::size_t pushed = an.outbox->pushes.size();
  // Asked, decided, but the writer has not been heard yet.
  auto asked = std::make_shared<Question>();
  asked->connection = gate.connection;
  asked->session = gate.session;
  asked->now = city.clock.now();
  bool answered = false;
  asked->reply = [&](const api::Reply&) {
    answered = true;
    // The reply is the last thing of the delivery, and the row is there when it comes.
    EXPECT_EQ(an.outbox->count<api::OfferShown>(), 1u);
  };
  city.gateways().handle(asked, api::Arrived{.gw_ref = "a-1", .dialled = City::kLineNumber, .caller = "", .at = {}});
  EXPECT_FALSE(answered);
  EXPECT_EQ(an.outbox->pushes.size(), pushed);
  city.run_until([&] { return answered; });
  const auto calls =
      city.stored<std::size_t>([](auto& tx) { return storage::CallTable::open(tx, CityId{1}).rows.size(); });
  EXPECT_EQ(calls, 1u);
}

TEST(CallDesk, WhenSavingFailsNothingRingsAndNobodyIsToldYes) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  city.break_saving();
  const auto refused = city.arrive(gate, "a-1");
  EXPECT_FALSE(refused.body.ok());
  city.settle();
  EXPECT_EQ(an.outbox->count<api::OfferShown>(), 0u);
  EXPECT_EQ(gate.outbox->count<api::RingEndpoint>(), 0u);
  EXPECT_EQ(gate.outbox->closed, "STORE_UNAVAILABLE");
  EXPECT_EQ(City::refusal(city.arrive(gate, "a-2")), ErrorCode::kStoreUnavailable);
}

TEST(CallDesk, WhenTheStoreIsBackTheCityGoesOnFromWhatWasSaved) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId kept = City::call_of(city.arrive(gate, "a-1"));
  const api::OfferView first = offer_at(an);
  city.break_saving();
  EXPECT_FALSE(city.ask(city.calls(), an, accept(first)).body.ok());
  city.settle();
  EXPECT_EQ(an.outbox->count<api::CallConnected>(), 0u);
  EXPECT_EQ(gate.outbox->count<api::Bridge>(), 0u);
  city.mend_saving();
  city.run_until([&] { return city.calls().running(); });
  city.run_until([&] { return an.outbox->count<api::OfferShown>() == 2; });
  const api::OfferView second = offer_at(an);
  EXPECT_EQ(second.call, kept);
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, accept(first))), ErrorCode::kOfferGone);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, accept(second))), std::nullopt);
}

TEST(CallDesk, OfferIsAcceptedOnceAndOnlyByItsWorker) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient chen = city.on_duty(City::kChen);
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  const api::OfferView offer = offer_at(an);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), chen, accept(offer))), ErrorCode::kNotYours);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch + 1})),
            ErrorCode::kOfferGone);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, accept(offer))), std::nullopt);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, accept(offer))), ErrorCode::kOfferGone);
  EXPECT_EQ(gate.outbox->count<api::Bridge>(), 1u);
}

TEST(CallDesk, LateAcceptIsRefusedAndTheCallWaitsOn) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const api::OfferView offer = offer_at(an);
  city.pass(seconds{13});
  ASSERT_EQ(an.outbox->count<api::OfferWithdrawn>(), 1u);
  EXPECT_EQ(an.outbox->last<api::OfferWithdrawn>()->why, "timeout");
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, accept(offer))), ErrorCode::kOfferGone);
  EXPECT_EQ(city.stored_call(call).state, CallState::kWaiting);
}

TEST(CallDesk, AcceptAfterHangUpIsRefused) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const api::OfferView offer = offer_at(an);
  city.clock.move(seconds{6});
  city.left(gate, "a-1");
  EXPECT_EQ(an.outbox->last<api::OfferWithdrawn>()->why, "caller_left");
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, accept(offer))), ErrorCode::kOfferGone);
  EXPECT_EQ(city.stored_call(call).outcome, CallOutcome::kAbandoned);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HangUp{call})), ErrorCode::kCallEnded);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HangUp{CallId{5}})), ErrorCode::kUnknownCall);
}

TEST(CallDesk, OfTwoDevicesOfOneWorkerTheFirstWinsAndTheOtherIsTold) {
  City city;
  const TestClient desk = city.on_duty(City::kAn);
  const TestClient tablet = city.connect(City::kAn);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), tablet, api::OpenDesk{})), std::nullopt);
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  const api::OfferView offer = offer_at(desk);
  EXPECT_EQ(offer_at(tablet).offer, offer.offer);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), tablet, accept(offer))), std::nullopt);
  EXPECT_EQ(desk.outbox->last<api::OfferWithdrawn>()->why, "answered_elsewhere");
  EXPECT_EQ(tablet.outbox->count<api::OfferWithdrawn>(), 0u);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), desk, accept(offer))), ErrorCode::kOfferGone);
}

TEST(CallDesk, DeviceLostWhileOfferedFreesTheCallWithoutBlame) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient chen = city.on_duty(City::kChen);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  ASSERT_EQ(an.outbox->count<api::OfferShown>(), 1u);
  city.disconnect(an);
  EXPECT_EQ(offer_at(chen).call, call);
  const auto legs = city.stored<std::vector<storage::CallLegRow>>(
      [&](auto& tx) { return storage::CallLegTable::of_call(tx, call).rows; });
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].offer_end, routing::OfferEnd::kDeviceLost);
}

TEST(CallDesk, DeviceLostInATalkGetsGraceThenTheCallWaitsAgain) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.ask(city.calls(), an, accept(offer_at(an)));
  city.disconnect(an);
  city.pass(seconds{14});
  EXPECT_EQ(city.stored_call(call).state, CallState::kTalking);
  city.pass(seconds{2});
  EXPECT_EQ(city.stored_call(call).state, CallState::kWaiting);
  EXPECT_EQ(gate.outbox->last<api::Park>()->call, call);
}

TEST(CallDesk, ADeskTakenOutOfTheDirectoryInATalkAndThenLostGivesItsCallerBack) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.ask(city.calls(), an, accept(offer_at(an)));
  city.take_desk_away(City::kAn);
  EXPECT_EQ(city.stored_call(call).state, CallState::kTalking);
  city.disconnect(an);
  city.pass(seconds{16});
  EXPECT_EQ(city.stored_call(call).state, CallState::kWaiting);
  EXPECT_EQ(gate.outbox->last<api::Park>()->call, call);
}

TEST(CallDesk, HandedBackCallKeepsItsContactForTheNextAnswerer) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto first = std::get<api::CallView>(city.ask(city.calls(), an, accept(offer_at(an))).body.value());
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HandBack{call, "客家话"})), std::nullopt);
  EXPECT_EQ(gate.outbox->last<api::Park>()->call, call);
  const TestClient bai = city.on_duty(City::kBai);
  const auto second = std::get<api::CallView>(city.ask(city.calls(), bai, accept(offer_at(bai))).body.value());
  EXPECT_EQ(second.contact, first.contact);
  EXPECT_EQ(second.display_number, first.display_number);
  EXPECT_EQ(second.contact_version, 2u);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HangUp{call})), ErrorCode::kNotYours);
}

TEST(CallDesk, RestartKeepsEveryCallInItsPlace) {
  City city;
  TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  const CallId talking = City::call_of(city.arrive(gate, "a-1"));
  city.ask(city.calls(), an, accept(offer_at(an)));
  city.clock.move(seconds{1});
  const CallId second = City::call_of(city.arrive(gate, "a-2", City::kLineNumber, "13800138001"));
  city.clock.move(seconds{1});
  const CallId third = City::call_of(city.arrive(gate, "a-3", City::kLineNumber, "13800138002"));

  city.restart();
  const auto& core = city.calls().core();
  EXPECT_EQ(core.call(talking)->state, CallState::kTalking);
  EXPECT_EQ(core.position(second), 1);
  EXPECT_EQ(core.position(third), 2);
  EXPECT_EQ(city.stored_call(talking).state, CallState::kTalking);

  gate = city.gateway(2);
  city.ask(city.gateways(), gate, api::KnownBegin{});
  for (const char* ref : {"a-1", "a-2", "a-3"})
    city.ask(city.gateways(), gate, api::Known{ref, City::kLineNumber, "", CallState::kWaiting, {}, {}});
  city.ask(city.gateways(), gate, api::KnownEnd{});
  EXPECT_EQ(gate.outbox->last<api::Bridge>()->gw_ref, "a-1");
  const TestClient bai = city.on_duty(City::kBai);
  EXPECT_EQ(offer_at(bai).call, second);
}

TEST(CallDesk, OfferedCallWaitsInItsOldPlaceAfterARestart) {
  City city;
  const TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  const CallId first = City::call_of(city.arrive(gate, "a-1"));
  ASSERT_EQ(city.stored_call(first).state, CallState::kOffered);
  city.clock.move(seconds{1});
  const CallId second = City::call_of(city.arrive(gate, "a-2", City::kLineNumber, "13800138001"));
  city.restart();
  EXPECT_EQ(city.stored_call(first).state, CallState::kWaiting);
  EXPECT_EQ(city.calls().core().position(first), 1);
  EXPECT_EQ(city.calls().core().position(second), 2);
}

TEST(CallDesk, WhatACallWritesMayBeWrittenASecondTime) {
  City city;
  city.apply_twice();
  const TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto first = std::get<api::CallView>(city.ask(city.calls(), an, accept(offer_at(an))).body.value());
  EXPECT_EQ(first.display_number, "GZ-260923-0001");
  const TestClient bai = city.on_duty(City::kBai);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HandBack{call, "客家话"})), std::nullopt);
  const auto second = std::get<api::CallView>(city.ask(city.calls(), bai, accept(offer_at(bai))).body.value());
  EXPECT_EQ(second.contact_version, 2u);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), bai, api::HangUp{call})), std::nullopt);
  // One is declined and given up, and was answered after all.
  city.ask(city.duty(), an, api::EndAfterCall{});
  city.arrive(gate, "a-2", City::kLineNumber, "13700137000");
  const auto declined = offer_at(an);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::DeclineOffer{declined.offer, declined.epoch, ""})),
            std::nullopt);
  city.pass(seconds{8});
  city.left(gate, "a-2");
  const Instant now = city.clock.now();
  EXPECT_EQ(City::refusal(city.ask(city.gateways(), gate,
                                   api::Backfill{"a-2", City::kLineNumber, "13700137000", now - seconds{8},
                                                 now - seconds{4}, now, EndpointId{44}})),
            std::nullopt);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::LeaveDuty{})), std::nullopt);
  city.settle();
  EXPECT_TRUE(city.calls().running());
  EXPECT_EQ(count(city, "call"), "2");
  EXPECT_EQ(count(city, "contact"), "2");
  EXPECT_EQ(count(city, "follow_up"), "1");
}

TEST(CallDesk, EveryEventIsInTheJournalInOrderWithoutAGap) {
  City city;
  const TestClient gate = city.gateway();
  city.on_duty(City::kAn);
  city.arrive(gate, "a-1");
  city.left(gate, "a-1");
  city.settle();
  const auto rows = city.stored<std::vector<storage::JournalRow>>(
      [](auto& tx) { return storage::JournalTable::from(tx, CityId{1}, 1, 100).rows; });
  ASSERT_GE(rows.size(), 7u);
  EXPECT_EQ(rows[0].event.substr(0, 17), "DirectoryChanged ");
  EXPECT_EQ(rows[1].event.substr(0, 10), "Restarted ");
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].seq, static_cast<std::int64_t>(i + 1));
  EXPECT_EQ(rows.back().event.substr(0, 11), "CallerLeft ");
}

}  // namespace
}  // namespace kapok::service
