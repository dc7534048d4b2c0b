#include <gtest/gtest.h>

#include "service/city_fixture.h"

/// "Hang-up returns within 120 s regain their place, keyed by number + station and journalled as a linked contact"
/// (routing.md §1.2).
namespace kapok::service {
namespace {

constexpr const char* kSecond = "13800138001";
constexpr const char* kThird = "13800138002";

CallId arrives(City& city, const TestClient& gate, const std::string& ref, const std::string& caller,
               const char* dialled = City::kLineNumber) {
  return City::call_of(city.arrive(gate, ref, dialled, caller));
}

/// Two callers wait; the first has hung up this long after the second came.
struct GaveUp {
  explicit GaveUp(Duration waited, Duration between = seconds{10}) {
    first = arrives(city, gate, "a-1", City::kCallerNumber);
    city.clock.move(between);
    second = arrives(city, gate, "a-2", kSecond);
    city.clock.move(waited);
    city.left(gate, "a-1");
  }
  City city;
  TestClient gate = city.gateway();
  CallId first, second;
};

TEST(RegainedPlace, ReturnWithinTwoMinutesWaitsBeforeThoseWhoCameLater) {
  GaveUp world(seconds{20});
  world.city.clock.move(seconds{100});
  world.city.ask(world.city.gateways(), world.gate, api::Beat{});
  const CallId again = arrives(world.city, world.gate, "a-3", City::kCallerNumber);
  EXPECT_EQ(world.city.calls().core().position(again), 1);
  EXPECT_EQ(world.city.calls().core().position(world.second), 2);
  const auto before = world.city.stored_call(world.first);
  const auto row = world.city.stored_call(again);
  EXPECT_EQ(row.place_at, before.arrived_at);
  EXPECT_EQ(row.arrival_seq, before.arrival_seq);
  EXPECT_EQ(row.arrived_at, world.city.clock.now()) << "the log shows when he called";
  EXPECT_EQ(row.episode, world.first);
}

TEST(RegainedPlace, HungUpWithinFiveSecondsKeepsItTooAndRaisesNothing) {
  GaveUp world(seconds{2}, seconds{2});
  const CallId again = arrives(world.city, world.gate, "a-3", City::kCallerNumber);
  EXPECT_EQ(world.city.calls().core().position(again), 1);
  EXPECT_EQ(world.city.stored_call(again).base, CallerClass::kNormal);
}

TEST(RegainedPlace, LaterReturnWaitsAtTheEnd) {
  GaveUp world(seconds{20});
  world.city.clock.move(seconds{121});
  const CallId again = arrives(world.city, world.gate, "a-3", City::kCallerNumber);
  EXPECT_EQ(world.city.calls().core().position(again), 2);
  EXPECT_FALSE(world.city.stored_call(again).place_at.is_set());
}

TEST(RegainedPlace, OnlyOfTheSameNumberAndUnitNeverOfWithheldOnes) {
  GaveUp world(seconds{20});
  EXPECT_FALSE(world.city.stored_call(arrives(world.city, world.gate, "a-3", kThird)).place_at.is_set());
  EXPECT_FALSE(world.city.stored_call(arrives(world.city, world.gate, "a-4", "")).place_at.is_set());
  world.city.left(world.gate, "a-4");
  EXPECT_FALSE(world.city.stored_call(arrives(world.city, world.gate, "a-5", "")).place_at.is_set());
  const CallId elsewhere = arrives(world.city, world.gate, "a-6", City::kCallerNumber, City::kNeighbourNumber);
  EXPECT_FALSE(world.city.stored_call(elsewhere).place_at.is_set());
}

TEST(RegainedPlace, IsGivenToOneReturnAlone) {
  GaveUp world(seconds{20});
  const CallId again = arrives(world.city, world.gate, "a-3", City::kCallerNumber);
  const CallId beside = arrives(world.city, world.gate, "a-4", City::kCallerNumber);
  EXPECT_EQ(world.city.calls().core().position(again), 1);
  EXPECT_EQ(world.city.calls().core().position(beside), 3);
}

void spends_its_bucket(City& city, const TestClient& gate) {
  for (int spent = 0; spent < 3; ++spent) {
    const std::string ref = "spent-" + std::to_string(spent);
    arrives(city, gate, ref, City::kCallerNumber);
    city.left(gate, ref);
    city.clock.move(seconds{121});
    city.ask(city.gateways(), gate, api::Beat{});
  }
}

/// "A number beyond its bucket joins its own waiting place" (decision 10).
TEST(RegainedPlace, NumberBeyondItsBucketStandsWhereItWaitsAlreadyOnceForEachPlace) {
  City city;
  const TestClient gate = city.gateway();
  spends_its_bucket(city, gate);
  const CallId waiting = arrives(city, gate, "a-1", City::kCallerNumber);
  city.clock.move(seconds{5});
  const CallId other = arrives(city, gate, "a-2", kSecond);
  city.clock.move(seconds{5});
  const CallId beside = arrives(city, gate, "a-3", City::kCallerNumber);
  const CallId third = arrives(city, gate, "a-4", City::kCallerNumber);
  const auto& core = city.calls().core();
  EXPECT_EQ(core.position(waiting), 1);
  EXPECT_EQ(core.position(beside), 2);
  EXPECT_EQ(core.position(other), 3);
  EXPECT_EQ(core.position(third), 4);
}

TEST(RegainedPlace, APlaceIsSharedOnceAlsoOverARestart) {
  City city;
  const TestClient gate = city.gateway();
  spends_its_bucket(city, gate);
  const CallId waiting = arrives(city, gate, "a-1", City::kCallerNumber);
  city.clock.move(seconds{5});
  const CallId other = arrives(city, gate, "a-2", kSecond);
  const CallId beside = arrives(city, gate, "a-3", City::kCallerNumber);
  city.restart();
  const CallId third = arrives(city, city.gateway(2), "a-4", City::kCallerNumber);
  const auto& core = city.calls().core();
  EXPECT_EQ(core.position(waiting), 1);
  EXPECT_EQ(core.position(beside), 2);
  EXPECT_EQ(core.position(other), 3);
  EXPECT_EQ(core.position(third), 4);
}

TEST(RegainedPlace, IsKeptOverRestarts) {
  GaveUp world(seconds{20});
  world.city.restart();
  const TestClient gate = world.city.gateway(2);
  const CallId again = arrives(world.city, gate, "a-3", City::kCallerNumber);
  EXPECT_EQ(world.city.calls().core().position(again), 1);
  world.city.restart();
  EXPECT_EQ(world.city.calls().core().position(again), 1);
  EXPECT_EQ(world.city.calls().core().position(world.second), 2);
}

TEST(RegainedPlace, WhoWasAnsweredBeginsAnew) {
  City city;
  const TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  arrives(city, gate, "a-1", City::kCallerNumber);
  city.settle();
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  city.clock.move(seconds{10});
  arrives(city, gate, "a-2", kSecond);
  city.left(gate, "a-1");
  const CallId again = arrives(city, gate, "a-3", City::kCallerNumber);
  EXPECT_FALSE(city.stored_call(again).place_at.is_set());
}

}  // namespace
}  // namespace kapok::service
