#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "service/directory_events.h"
#include "storage/contact_table.h"

/// What a restart goes on with although no live event told it (decision 20).
namespace kapok::service {
namespace {

/// The night worker's phone at the station, and a caller whom it was offered to.
struct NightCaller {
  NightCaller() {
    const Instant now = city.clock.now();
    city.roster(City::kNight, City::kStation, {now, now + hours{8}}, EndpointKind::kPhone, ShiftId{51});
    call = City::call_of(city.arrive(gate, "a-1"));
    city.settle();
    offer = rung();
  }
  [[nodiscard]] api::RingEndpoint rung() const {
    const auto ring = gate.outbox->last<api::RingEndpoint>();
    EXPECT_TRUE(ring.has_value());
    return ring.value_or(api::RingEndpoint{});
  }
  /// The server starts anew; the gateway comes back with the caller it holds. Its pushes begin afresh.
  void restart() {
    city.restart();
    gate = city.gateway(2);
    city.ask(city.gateways(), gate, api::KnownBegin{});
    city.ask(city.gateways(), gate, api::Known{"a-1", City::kLineNumber, "", CallState::kWaiting, {}, {}});
    city.ask(city.gateways(), gate, api::KnownEnd{});
    city.settle();
  }
  /// Time passes while the gateway beats.
  void pass(Duration by) {
    for (; by > Duration{0}; by -= seconds{4}) {
      city.ask(city.gateways(), gate, api::Beat{});
      city.pass(std::min<Duration>(by, seconds{4}));
    }
  }
  [[nodiscard]] std::size_t rings() const { return gate.outbox->count<api::RingEndpoint>(); }

  City city;
  TestClient gate = city.gateway();
  CallId call;
  api::RingEndpoint offer;
};

void expect_left_alone_for_two_minutes(NightCaller& world) {
  world.restart();
  world.pass(seconds{116});
  EXPECT_EQ(world.rings(), 0u) << "his phone rests 60 s, but this caller is not for him for 120 s";
  world.pass(seconds{8});
  EXPECT_EQ(world.rings(), 1u);
}

TEST(RestoredState, BusyPhoneIsNotTriedAgainForTwoMinutesAlsoOverARestart) {
  NightCaller world;
  world.city.ask(world.city.gateways(), world.gate, api::OfferFailed{world.offer.offer, EndpointId{44}, "busy"});
  expect_left_alone_for_two_minutes(world);
}

TEST(RestoredState, UnreachablePhoneIsNotTriedAgainForTwoMinutesAlsoOverARestart) {
  NightCaller world;
  world.city.ask(world.city.gateways(), world.gate, api::OfferFailed{world.offer.offer, EndpointId{44}, "unreachable"});
  expect_left_alone_for_two_minutes(world);
}

TEST(RestoredState, WorkerWhoseLineBrokeIsNotAskedForTwoMinutesAlsoOverARestart) {
  NightCaller world;
  world.city.ask(world.city.gateways(), world.gate,
                 api::OfferAnswered{world.offer.offer, world.offer.epoch, EndpointId{44}, world.city.clock.now()});
  world.city.calls().happened(routing::WorkerLegLost{world.call, City::kNight});
  world.city.settle();
  ASSERT_EQ(world.city.stored_call(world.call).state, CallState::kWaiting);
  expect_left_alone_for_two_minutes(world);
}

/// Answers a call and hangs up: the worker is in after-call.
CallId served(City& city, const TestClient& gate, const TestClient& worker) {
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  city.settle();
  const auto offer = worker.outbox->last<api::OfferShown>()->offer;
  city.ask(city.calls(), worker, api::AcceptOffer{offer.offer, offer.epoch});
  city.ask(city.calls(), worker, api::HangUp{call});
  return call;
}

/// Finalises the contact in the store alone: the process dies before anybody hears of it.
void finalise_unheard(City& city, CallId call) {
  bool saved = false;
  city.office().changes.save(
      storage::WriteClass::kCaseWork,
      [call](storage::Transaction& tx) -> Result<> {
        auto contact = storage::ContactTable::get(tx, storage::ContactTable::find_call(tx, call));
        if (!contact) return contact.error();
        casework::ContactFields fields = contact->fields;
        fields.type = casework::ContactType::kWrongNumber;
        fields.summary = "打错";
        fields.same_worker = true;
        fields.language = casework::Language::kHakka;
        auto final = casework::finalise(*contact, contact->version, fields, City::kAn, tx.now());
        return final ? storage::ContactTable::save(tx, *final) : Result<>(final.error());
      },
      [&](const storage::WriteOutcome& outcome) {
        EXPECT_TRUE(outcome.result.ok());
        saved = true;
      });
  city.run_until([&] { return saved; });
}

TEST(RestoredState, WorkerWhoFinalisedJustBeforeAKillIsFreeAfterIt) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = served(city, gate, city.on_duty(City::kAn));
  finalise_unheard(city, call);
  city.restart();
  EXPECT_NE(city.calls().core().worker(City::kAn)->state, WorkerState::kAfterCall);
  const TestClient an = city.connect(City::kAn);
  city.ask(city.duty(), an, api::OpenDesk{});
  EXPECT_EQ(city.calls().core().worker(City::kAn)->state, WorkerState::kReady);
}

TEST(RestoredState, WorkerWhoHasNotFinalisedWritesOnAfterARestart) {
  City city;
  const TestClient gate = city.gateway();
  served(city, gate, city.on_duty(City::kAn));
  city.clock.move(seconds{60});
  city.restart();
  const auto an = city.calls().core().worker(City::kAn);
  EXPECT_EQ(an->state, WorkerState::kAfterCall);
  EXPECT_EQ(an->until, city.clock.now() + seconds{240});
}

TEST(RestoredState, NumberKnowsItsWorkerAndLanguageFromTheStoreAndSoDoesItsOpenCall) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = served(city, gate, city.on_duty(City::kAn));
  finalise_unheard(city, call);
  city.restart();
  const TestClient again = city.gateway(2);
  const CallId next = City::call_of(city.arrive(again, "a-2"));
  const auto expect_known = [&] {
    const routing::CallerFacts facts = city.calls().core().call(next)->facts;
    EXPECT_EQ(facts.last_worker, City::kAn);
    EXPECT_EQ(facts.language, language_bit(casework::Language::kHakka));
    EXPECT_FALSE(facts.over_bucket);
  };
  expect_known();
  city.restart();
  expect_known();
}

TEST(RestoredState, NumberBeyondItsBucketStaysSoOverARestart) {
  City city;
  const TestClient gate = city.gateway();
  for (const char* ref : {"a-1", "a-2", "a-3"}) city.arrive(gate, ref);
  city.restart();
  const TestClient again = city.gateway(2);
  const CallId fourth = City::call_of(city.arrive(again, "a-4"));
  EXPECT_TRUE(city.calls().core().call(fourth)->facts.over_bucket);
  city.restart();
  EXPECT_TRUE(city.calls().core().call(fourth)->facts.over_bucket);
}

}  // namespace
}  // namespace kapok::service
