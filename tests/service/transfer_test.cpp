#include <gtest/gtest.h>

#include "service/whole_city_fixture.h"
#include "storage/call_leg_table.h"
#include "storage/call_table.h"
#include "storage/contact_table.h"

/// A talk passed on (转接), from the desks' and the gateway's side; what routing decides stands in routing/transfers.h.
namespace kapok::service {
namespace {

using routing::TransferEnd;
using routing::TransferKind;

api::OfferView offer_at(WholeCity& city, const TestClient& worker) {
  city.run_until([&] { return worker.outbox->count<api::OfferShown>() > 0; });
  return worker.outbox->last<api::OfferShown>()->offer;
}

/// an talks with the caller; chen of the neighbouring station is free.
struct Talk {
  Talk() {
    city.arrive(gate, "a-1");
    view = WholeCity::got<api::CallView>(city.accept(an));
    chen = city.on_duty("chen");
  }
  api::TransferCall to_chen(TransferKind kind) {
    const auto found = WholeCity::got<api::WorkerList>(city.ask(an, api::FindWorkers{"chen", {}, 1}));
    return {view.call, kind, found.workers.front().worker, {}, false, "客家话"};
  }
  api::Reply accepted_by_chen() {
    const auto offer = offer_at(city, chen);
    return city.change(chen, api::AcceptOffer{offer.offer, offer.epoch});
  }
  storage::CallRow row() {
    return city.stored<storage::CallRow>([&](auto& tx) { return *storage::CallTable::get(tx, view.call); });
  }
  std::vector<storage::CallLegRow> legs() {
    return city.stored<std::vector<storage::CallLegRow>>(
        [&](auto& tx) { return storage::CallLegTable::of_call(tx, view.call).rows; });
  }
  casework::Contact contact() {
    return city.stored<casework::Contact>([&](auto& tx) { return *storage::ContactTable::get(tx, view.contact); });
  }
  template <class P>
  P heard(const TestClient& client) {
    city.run_until([&] { return client.outbox->count<P>() > 0; });
    return *client.outbox->last<P>();
  }

  WholeCity city;
  TestClient gate = city.gateway();
  TestClient an = city.on_duty("an");
  TestClient chen;
  api::CallView view;
};

TEST(Transfer, ColdTheColleagueIsToldFromWhomAndTheCallerWaitsMeanwhile) {
  Talk talk;
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, talk.to_chen(TransferKind::kCold))), std::nullopt);
  const auto offer = offer_at(talk.city, talk.chen);
  EXPECT_EQ(offer.reason, routing::OfferReason::kTransfer);
  EXPECT_EQ(offer.from_name, "陈嘉");
  EXPECT_FALSE(offer.beside);
  EXPECT_EQ(talk.heard<api::Park>(talk.gate).call, talk.view.call);
  EXPECT_EQ(talk.heard<api::CallOver>(talk.an).outcome, CallOutcome::kNone);
  const auto legs = talk.legs();
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].transfer_kind, TransferKind::kCold);
  EXPECT_EQ(legs[0].transfer_to, legs[1].worker);
  EXPECT_EQ(legs[0].waits_again, routing::WaitsAgain::kTransferred);
  EXPECT_EQ(legs[1].reason, routing::OfferReason::kTransfer);
}

TEST(Transfer, TheSecondWritesAtTheSameRecordWhoseAnswererStays) {
  Talk talk;
  talk.city.change(talk.an, talk.to_chen(TransferKind::kCold));
  casework::ContactFields fields;
  fields.summary = "第一位写的";
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.chen, api::SaveDraft{talk.view.contact, 1, fields})),
            ErrorCode::kForbidden)
      << "not before he answers";
  const auto second = WholeCity::got<api::CallView>(talk.accepted_by_chen());
  EXPECT_EQ(second.contact, talk.view.contact);
  EXPECT_EQ(second.from_name, "陈嘉");
  EXPECT_EQ(talk.contact().fields.answered_by, talk.legs()[0].worker);
  const auto saved =
      WholeCity::got<api::ContactSaved>(talk.city.change(talk.an, api::SaveDraft{second.contact, 1, fields}));
  fields.summary = "第二位接着写";
  const auto again = WholeCity::got<api::ContactSaved>(
      talk.city.change(talk.chen, api::SaveDraft{second.contact, saved.version, fields}));
  EXPECT_GT(again.version, saved.version);
  EXPECT_EQ(talk.city.count("contact"), 1);
  const auto shown =
      WholeCity::got<api::ContactView>(talk.city.ask(talk.chen, api::ShowContact{second.contact, {}, false, {}}));
  EXPECT_FALSE(shown.masked);
  EXPECT_EQ(shown.contact.fields.summary, "第二位接着写");
  ASSERT_EQ(shown.talks.size(), 2u);
  EXPECT_EQ(shown.talks[0].worker_name, "陈嘉");
  EXPECT_EQ(shown.talks[0].passed_on, TransferKind::kCold);
  EXPECT_EQ(shown.talks[0].passed_to, "黄明");
  EXPECT_EQ(shown.talks[1].reason, routing::OfferReason::kTransfer);
}

TEST(Transfer, WarmTheFirstTalksOnUntilTheSecondHasTakenOver) {
  Talk talk;
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm))), std::nullopt);
  const auto offer = offer_at(talk.city, talk.chen);
  EXPECT_TRUE(offer.beside);
  EXPECT_EQ(offer.from_name, "陈嘉");
  EXPECT_EQ(talk.heard<api::TransferOffered>(talk.an).to_name, "黄明");
  EXPECT_EQ(talk.row().state, CallState::kTalking);
  EXPECT_EQ(talk.row().worker, talk.legs()[0].worker);
  EXPECT_EQ(talk.gate.outbox->count<api::Park>(), 0u);

  EXPECT_EQ(WholeCity::got<api::CallView>(talk.accepted_by_chen()).contact, talk.view.contact);
  EXPECT_EQ(talk.heard<api::TransferEnded>(talk.an).how, TransferEnd::kTaken);
  EXPECT_EQ(talk.heard<api::CallOver>(talk.an).outcome, CallOutcome::kNone);
  const auto bridge = talk.heard<api::Bridge>(talk.gate);
  EXPECT_TRUE(bridge.beside);
  const auto drop = talk.heard<api::DropEndpoint>(talk.gate);
  const auto legs = talk.legs();
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(drop.endpoint, legs[0].endpoint);
  EXPECT_EQ(bridge.endpoint, legs[1].endpoint);
  EXPECT_EQ(legs[0].transfer_end, TransferEnd::kTaken);
  EXPECT_TRUE(legs[0].ended_at.is_set());
  EXPECT_FALSE(legs[1].ended_at.is_set());
  EXPECT_EQ(talk.row().worker, legs[1].worker);
  EXPECT_EQ(talk.an.outbox->last<api::DeskState>()->state, WorkerState::kAfterCall);
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.chen, api::HangUp{talk.view.call})), std::nullopt);
}

TEST(Transfer, DeclinedWarmTheFirstStillTalksAndIsTold) {
  Talk talk;
  talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm));
  const auto offer = offer_at(talk.city, talk.chen);
  talk.city.change(talk.chen, api::DeclineOffer{offer.offer, offer.epoch, ""});
  EXPECT_EQ(talk.heard<api::TransferEnded>(talk.an).how, TransferEnd::kNotTaken);
  EXPECT_EQ(talk.row().state, CallState::kTalking);
  EXPECT_EQ(talk.legs()[0].transfer_end, TransferEnd::kNotTaken);
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm))), ErrorCode::kNobodyFree)
      << "he has declined this caller";
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, api::HangUp{talk.view.call})), std::nullopt);
}

TEST(Transfer, TakenBackItStopsRingingAtTheSecond) {
  Talk talk;
  talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm));
  const auto offer = offer_at(talk.city, talk.chen);
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, api::CancelTransfer{talk.view.call})), std::nullopt);
  EXPECT_EQ(talk.heard<api::OfferWithdrawn>(talk.chen).why, "cancelled");
  EXPECT_EQ(talk.heard<api::TransferEnded>(talk.an).how, TransferEnd::kCancelled);
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.chen, api::AcceptOffer{offer.offer, offer.epoch})),
            ErrorCode::kOfferGone);
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, api::CancelTransfer{talk.view.call})), ErrorCode::kWrongState);
}

TEST(Transfer, OnlyWhoTalksMayPassOnAndOnlyToOneTarget) {
  Talk talk;
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.chen, talk.to_chen(TransferKind::kWarm))), ErrorCode::kNotYours);
  EXPECT_EQ(WholeCity::refusal(
                talk.city.change(talk.an, api::TransferCall{talk.view.call, TransferKind::kCold, {}, {}, false, {}})),
            ErrorCode::kInvalidArgument);
  auto two = talk.to_chen(TransferKind::kCold);
  two.to_supervisor = true;
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, two)), ErrorCode::kInvalidArgument);
  auto nobody = talk.to_chen(TransferKind::kCold);
  nobody.to_worker = WorkerId{99};
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, nobody)), ErrorCode::kUnknownWorker);
  EXPECT_EQ(talk.row().state, CallState::kTalking);
}

TEST(Transfer, ToASupervisorItRingsAtOneWhoTakesCalls) {
  Talk talk;
  const api::TransferCall to_one{talk.view.call, TransferKind::kWarm, {}, {}, true, {}};
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, to_one)), ErrorCode::kNobodyFree);
  const TestClient supervisor = talk.city.on_duty("su");
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, to_one)), std::nullopt);
  EXPECT_TRUE(offer_at(talk.city, supervisor).beside);
  EXPECT_EQ(talk.chen.outbox->count<api::OfferShown>(), 0u);
}

TEST(Transfer, LineOfTheSecondBrokenSoonAfterGoesBackToTheFirst) {
  Talk talk;
  talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm));
  talk.accepted_by_chen();
  talk.city.change(talk.an, api::EndAfterCall{});
  const auto shown = talk.an.outbox->count<api::OfferShown>();
  talk.city.clock.move(seconds{20});
  const auto lost = api::LegLost{"a-1", talk.row().endpoint, talk.city.clock.now()};
  EXPECT_EQ(WholeCity::refusal(talk.city.ask(talk.gate, lost)), std::nullopt);
  talk.city.run_until([&] { return talk.an.outbox->count<api::OfferShown>() > shown; });
  EXPECT_EQ(talk.an.outbox->last<api::OfferShown>()->offer.reason, routing::OfferReason::kReturned);
}

TEST(Transfer, ARestartInTheMiddleOfAWarmOneLeavesTheCallerWithTheFirst) {
  Talk talk;
  talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm));
  offer_at(talk.city, talk.chen);
  talk.city.restart();
  const auto legs = talk.legs();
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].transfer_end, TransferEnd::kNotTaken);
  EXPECT_EQ(legs[1].offer_end, routing::OfferEnd::kDeviceLost);
  EXPECT_EQ(talk.row().state, CallState::kTalking);
  EXPECT_EQ(talk.row().worker, legs[0].worker);
  const TestClient an = talk.city.sign_in("an");
  const auto state = WholeCity::got<api::DeskState>(talk.city.ask(an, api::OpenDesk{}));
  EXPECT_EQ(state.call, talk.view.call);
  EXPECT_EQ(WholeCity::refusal(talk.city.change(an, api::HangUp{talk.view.call})), std::nullopt);
}

TEST(Transfer, ColdOneIsForTheColleagueAndNotForTheFirstAlsoOverARestart) {
  Talk talk;
  talk.city.disconnect(talk.chen);
  talk.city.ask(talk.gate, api::Beat{});
  auto transfer = talk.to_chen(TransferKind::kCold);
  transfer.to_worker = {};
  transfer.to_unit =
      WholeCity::got<api::UnitList>(talk.city.ask(talk.an, api::FindUnits{"440103002", {}, 1})).units.front().unit;
  EXPECT_EQ(WholeCity::refusal(talk.city.change(talk.an, transfer)), std::nullopt);
  talk.city.restart();
  const TestClient gate = talk.city.gateway(2);
  const TestClient an = talk.city.sign_in("an");
  talk.city.ask(an, api::OpenDesk{});
  talk.city.change(an, api::EndAfterCall{});
  talk.city.change(an, api::SetReady{true});
  EXPECT_EQ(an.outbox->count<api::OfferShown>(), 0u);
  const TestClient chen = talk.city.sign_in("chen");
  talk.city.ask(chen, api::OpenDesk{});
  talk.city.change(chen, api::SetReady{true});
  EXPECT_EQ(offer_at(talk.city, chen).from_name, "陈嘉");
}

TEST(Transfer, WhenTheRecordIsFinalisedNeitherOfTheTwoIsKeptByIt) {
  Talk talk;
  talk.city.change(talk.an, talk.to_chen(TransferKind::kWarm));
  const auto view = WholeCity::got<api::CallView>(talk.accepted_by_chen());
  talk.city.change(talk.chen, api::HangUp{view.call});
  casework::ContactFields fields;
  fields.type = casework::ContactType::kWrongNumber;
  fields.summary = "打错";
  EXPECT_EQ(WholeCity::refusal(
                talk.city.change(talk.chen, api::FinaliseContact{view.contact, view.contact_version, fields, {}})),
            std::nullopt);
  for (const TestClient* client : {&talk.an, &talk.chen})
    talk.city.run_until([&] { return client->outbox->last<api::DeskState>()->state == WorkerState::kReady; });
  EXPECT_FALSE(talk.an.outbox->last<api::DeskState>()->contact.is_set());
}

}  // namespace
}  // namespace kapok::service
