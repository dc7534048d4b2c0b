#include <gtest/gtest.h>

#include "service/city_fixture.h"

/// Which calls belong together (decision 1).
namespace kapok::service {
namespace {

/// Calls, waits so long, hangs up.
CallId unanswered(City& city, const TestClient& gate, const std::string& ref, Duration waits,
                  const std::string& caller = City::kCallerNumber) {
  const CallId call = City::call_of(city.arrive(gate, ref, City::kLineNumber, caller));
  city.clock.move(waits);
  city.left(gate, ref);
  return call;
}

CallId episode(City& city, CallId call) { return city.stored_call(call).episode; }

TEST(Episode, FirstCallIsItsOwnEpisode) {
  City city;
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  EXPECT_EQ(episode(city, call), call);
}

TEST(Episode, RepeatedUnansweredAttemptsWithinThirtyMinutesAreOneAlsoOverARestart) {
  City city;
  const TestClient gate = city.gateway();
  const CallId first = unanswered(city, gate, "a-1", seconds{20});
  city.clock.move(minutes{20});
  city.ask(city.gateways(), gate, api::Beat{});
  const CallId second = unanswered(city, gate, "a-2", seconds{20});
  EXPECT_EQ(episode(city, second), first);
  city.restart();
  const TestClient back = city.gateway(2);
  city.clock.move(minutes{25});
  city.ask(city.gateways(), back, api::Beat{});
  EXPECT_EQ(episode(city, unanswered(city, back, "a-3", seconds{20})), first);
  city.clock.move(minutes{30});
  const CallId later = City::call_of(city.arrive(back, "a-4"));
  EXPECT_EQ(episode(city, later), later);
}

TEST(Episode, ReturnWithinTwoMinutesAfterATalkIsTheSameEpisodeAlsoOverARestart) {
  City city;
  const TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  const CallId first = City::call_of(city.arrive(gate, "a-1"));
  city.settle();
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  city.left(gate, "a-1");
  city.restart();
  const TestClient back = city.gateway(2);
  city.clock.move(seconds{120});
  const CallId second = City::call_of(city.arrive(back, "a-2"));
  EXPECT_EQ(episode(city, second), first);
  EXPECT_EQ(city.stored_call(second).attempts, 0);
}

TEST(Episode, AfterAnAnsweredCallALaterOneIsAnotherEpisode) {
  City city;
  const TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  city.arrive(gate, "a-1");
  city.settle();
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  city.left(gate, "a-1");
  city.clock.move(seconds{121});
  const CallId second = City::call_of(city.arrive(gate, "a-2"));
  EXPECT_EQ(episode(city, second), second);
}

TEST(Episode, OtherLinesOtherNumbersAndWithheldNumbersAreNotLinked) {
  City city;
  const TestClient gate = city.gateway();
  unanswered(city, gate, "a-1", seconds{20});
  const CallId elsewhere = City::call_of(city.arrive(gate, "a-2", City::kNeighbourNumber));
  EXPECT_EQ(episode(city, elsewhere), elsewhere);
  const CallId other = City::call_of(city.arrive(gate, "a-3", City::kLineNumber, "13700137000"));
  EXPECT_EQ(episode(city, other), other);
  unanswered(city, gate, "a-4", seconds{20}, "");
  const CallId withheld = City::call_of(city.arrive(gate, "a-5", City::kLineNumber, ""));
  EXPECT_EQ(episode(city, withheld), withheld);
}

}  // namespace
}  // namespace kapok::service
