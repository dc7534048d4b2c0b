#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "storage/contact_table.h"
#include "storage/follow_up_table.h"

/// Calls that the hunt list took while the server was silent.
namespace kapok::service {
namespace {

constexpr EndpointId kNightPhone{44};

api::Backfill answered_by_phone(const City& city, const char* ref, std::string caller = City::kCallerNumber) {
  const Instant now = city.clock.now();
  return {.gw_ref = ref,
          .dialled = City::kLineNumber,
          .caller = std::move(caller),
          .arrived_at = now - seconds{100},
          .answered_at = now - seconds{30},
          .ended_at = now - seconds{1},
          .answered_by = kNightPhone};
}

ContactId take(City& city, const TestClient& gate, const api::Backfill& backfill) {
  const auto taken = city.ask(city.gateways(), gate, backfill);
  EXPECT_TRUE(taken.body.ok());
  city.settle();
  return taken.body ? std::get<api::BackfillTaken>(taken.body.value()).contact : ContactId{};
}

std::int64_t drafts(City& city) {
  return city.stored<std::int64_t>(
      [](auto& tx) { return std::stoll(tx.connection().text_of("SELECT COUNT(*) FROM contact")); });
}

bool has_callback(City& city) {
  const std::string number = parse_phone_number(City::kCallerNumber).canonical;
  return city.stored<bool>(
      [&](auto& tx) { return storage::FollowUpTable::open_one(tx, City::kStation, number).has_value(); });
}

api::UnitCounters board(City& city) { return city.watch().board().unit(*city.office().directory, City::kStation); }

void expect_answered_once(City& city, CallId call, ContactId contact) {
  const auto row = city.stored_call(call);
  EXPECT_EQ(row.outcome, CallOutcome::kAnswered);
  EXPECT_EQ(row.worker, City::kNight);
  EXPECT_EQ(row.endpoint, kNightPhone);
  EXPECT_EQ(row.contact, contact);
  EXPECT_EQ(drafts(city), 1);
  EXPECT_FALSE(has_callback(city));
  EXPECT_EQ(board(city).answered_today, 1u);
  EXPECT_EQ(board(city).unanswered_today, 0u);
  const auto counts = city.stored<std::vector<storage::CallCount>>(
      [&](auto& tx) { return storage::CallTable::counts_since(tx, CityId{1}, row.arrived_at); });
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].outcome, CallOutcome::kAnswered);
  EXPECT_EQ(counts[0].calls, 1);
}

TEST(Backfill, WaitingCallerAnsweredByTheHuntListCountsAsAnsweredWithOneDraft) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const Instant joined = city.clock.now();
  city.clock.move(seconds{100});
  const ContactId contact = take(city, gate, answered_by_phone(city, "a-1"));
  expect_answered_once(city, call, contact);
  EXPECT_EQ(city.stored_call(call).waited, seconds{70});
  EXPECT_EQ(city.stored_call(call).answered_at, joined + seconds{70});
  EXPECT_EQ(take(city, gate, answered_by_phone(city, "a-1")), contact);
  expect_answered_once(city, call, contact);
  // He got through: his next call is no repeated attempt.
  EXPECT_EQ(city.stored_call(City::call_of(city.arrive(gate, "a-2"))).attempts, 0);
}

TEST(Backfill, CallGivenUpForLostAndAnsweredByTheHuntListCountsAsAnswered) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.pass(seconds{31});
  ASSERT_EQ(city.stored_call(call).outcome, CallOutcome::kGatewayLost);
  ASSERT_TRUE(has_callback(city));
  city.clock.move(seconds{69});
  const TestClient back = city.gateway(2);
  expect_answered_once(city, call, take(city, back, answered_by_phone(city, "a-1")));
}

TEST(Backfill, WithheldCallerAnsweredByTheHuntListLeavesNoMissedEntryOpen) {
  City city;
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1", City::kLineNumber, "");
  city.clock.move(seconds{100});
  take(city, gate, answered_by_phone(city, "a-1", ""));
  const auto open = city.stored<std::string>(
      [](auto& tx) { return tx.connection().text_of("SELECT COUNT(*) FROM missed_caller WHERE state = 'open'"); });
  EXPECT_EQ(open, "0");
  EXPECT_EQ(drafts(city), 1);
}

TEST(Backfill, CallGivenBackAndAnsweredByTheHuntListKeepsItsDraft) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.settle();
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  city.ask(city.calls(), an, api::HandBack{call, ""});
  const auto before = city.stored_call(call);
  city.clock.move(seconds{100});
  EXPECT_EQ(take(city, gate, answered_by_phone(city, "a-1")), before.contact);
  EXPECT_EQ(city.stored_call(call).answered_at, before.answered_at);
  EXPECT_EQ(city.stored_call(call).worker, City::kNight);
  EXPECT_EQ(drafts(city), 1);
  const auto draft =
      city.stored<casework::Contact>([&](auto& tx) { return storage::ContactTable::get(tx, before.contact).value(); });
  EXPECT_EQ(draft.fields.answered_by, City::kNight);
  EXPECT_EQ(board(city).answered_today, 1u);
}

TEST(Backfill, CallNobodyKnewIsOnTheBoardAndFeedsTheNumbersAttempts) {
  City city;
  const TestClient gate = city.gateway();
  api::Backfill missed = answered_by_phone(city, "b-1");
  missed.answered_at = {};
  take(city, gate, missed);
  EXPECT_EQ(board(city).arrived_today, 1u);
  EXPECT_EQ(board(city).unanswered_today, 1u);
  EXPECT_EQ(city.stored_call(City::call_of(city.arrive(gate, "a-1"))).attempts, 1);
}

TEST(Backfill, AnAnswerToldForBeforeTheCallerRangIsPutIntoHisCall) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const Instant rang = city.clock.now();
  city.pass(seconds{31});
  const TestClient back = city.gateway(2);
  api::Backfill told = answered_by_phone(city, "a-1");  // by a clock that is behind
  told.arrived_at = rang - seconds{40};
  told.answered_at = rang - seconds{20};
  told.ended_at = rang - seconds{10};
  take(city, back, told);
  const auto row = city.stored_call(call);
  EXPECT_EQ(row.outcome, CallOutcome::kAnswered);
  EXPECT_LE(rang, row.answered_at);
  EXPECT_LE(row.answered_at, row.ended_at);
}

TEST(Backfill, AnswerOutsideItsCallIsRefused) {
  City city;
  const TestClient gate = city.gateway();
  api::Backfill backfill = answered_by_phone(city, "b-1");
  backfill.answered_at = backfill.ended_at + seconds{1};
  EXPECT_EQ(City::refusal(city.ask(city.gateways(), gate, backfill)), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kapok::service
