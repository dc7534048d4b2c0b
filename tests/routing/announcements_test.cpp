#include "routing/announcements.h"

#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

std::vector<std::int32_t> positions(const City& c, std::int64_t n) {
  std::vector<std::int32_t> out;
  for (const AnnounceWait& said : c.ordered<AnnounceWait>())
    if (said.call == CallId{n}) out.push_back(said.position);
  return out;
}

/// Three callers behind one talking desk; told of places 1, 2 and 3.
void three_wait(City& c) {
  c.talk(9, 1, City::kA);
  c.pass(seconds{1});
  for (std::int64_t n : {1, 2, 3}) {
    c.call_with_number(n, City::line_of(City::kA));
    EXPECT_EQ(positions(c, n), std::vector{static_cast<std::int32_t>(n)});
  }
}

TEST(Announcements, ACallerWhoIsOfferedAtOnceHearsNothing) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  EXPECT_TRUE(c.ordered<AnnounceWait>().empty());
  c.pass(kDeskOffer);
  EXPECT_EQ(positions(c, 1), std::vector{1}) << "nobody took it, now he waits";
}

/// How long from now until the first instant of the grid that is at least `after` away.
Duration until_grid(const City& c, Duration after) {
  const std::int64_t grid = Duration{kAnnounceGrid}.count();
  const std::int64_t at = (c.now + after).us;
  return Duration{(at + grid - 1) / grid * grid - c.now.us};
}

TEST(Announcements, ABetterPlaceIsToldOnTheGridThirtySecondsAfterTheLastWord) {
  City c;
  three_wait(c);
  const Duration wait = until_grid(c, kAnnounceEvery);
  c.end(9);
  c.ready(1);  // offered caller 1
  c.accept(1);
  EXPECT_TRUE(positions(c, 3).empty());
  c.pass(wait - Duration{1});
  EXPECT_TRUE(positions(c, 3).empty());
  c.pass(Duration{1});
  EXPECT_EQ(positions(c, 2), std::vector{1});
  EXPECT_EQ(positions(c, 3), std::vector{2});
  c.pass(kAnnounceEvery);
  EXPECT_TRUE(positions(c, 3).empty()) << "nothing new";
}

TEST(Announcements, WhoHasHeardNothingForLongHearsWithinFiveSeconds) {
  City c;
  three_wait(c);
  c.pass(minutes{1});
  c.leave(1);
  EXPECT_TRUE(positions(c, 2).empty()) << "told with everybody else, not one by one";
  const Duration wait = until_grid(c, Duration{1});
  c.pass(wait - Duration{1});
  EXPECT_TRUE(positions(c, 2).empty());
  c.pass(Duration{1});
  EXPECT_EQ(positions(c, 2), std::vector{1});
  EXPECT_EQ(positions(c, 3), std::vector{2});
}

TEST(Announcements, AQueueInWhichNothingMovesSetsNoTimer) {
  City c;
  c.talk(9, 1, City::kA);
  c.pass(seconds{1});
  for (std::int64_t n : {1, 2, 3}) c.call(n, City::kA);  // no number: nobody is offered a callback
  c.pass(kNormalAgesAfter + kAnnounceEvery);             // the last ring and the last class are behind them
  const auto next = c.core.next_timer();
  EXPECT_FALSE(next.has_value()) << next->us;
  c.leave(1);
  EXPECT_EQ(c.core.next_timer(), c.now + until_grid(c, Duration{1}));
}

TEST(Announcements, AHigherClassThatBringsABetterPlaceIsTold) {
  City c;
  c.talk(9, 1, City::kA);
  c.pass(minutes{2});
  CallerFacts elder;
  elder.elder = true;
  c.call(2, City::line_of(City::kA), elder);
  c.pass(seconds{20});  // all the rings of both are open
  const Instant before = c.now - Duration{minutes{1}};
  c.apply(CallArrived{CallId{3}, City::line_of(City::kA), Channel::kPhone, "key", {}, before, 3});
  ASSERT_EQ(positions(c, 3), std::vector{2});
  c.pass(kNormalAgesAfter - minutes{1});
  ASSERT_EQ(c.core.position(CallId{3}), 1) << "of the same class now, and there for longer";
  c.pass(kAnnounceGrid);
  EXPECT_EQ(positions(c, 3), std::vector{1});
}

TEST(Announcements, AWorsePlaceIsNeverTold) {
  City c;
  three_wait(c);
  CallerFacts elder;
  elder.elder = true;
  c.call(4, City::line_of(City::kA), elder);
  ASSERT_EQ(c.core.position(CallId{3}), 4);
  c.pass(kAnnounceEvery);
  EXPECT_TRUE(positions(c, 3).empty());
  c.leave(4);
  c.leave(1);
  c.pass(kAnnounceEvery);
  EXPECT_EQ(positions(c, 3), std::vector{2});
}

TEST(Announcements, AMissedOfferTellsAPlaceAgainOnlyIfItIsBetter) {
  City c;
  three_wait(c);
  c.desk(2, City::kB);
  ASSERT_EQ(c.with(1), 2);
  c.pass(kDeskOffer);
  EXPECT_TRUE(positions(c, 1).empty());
}

TEST(Announcements, TheEstimateIsTheWaitOfTheLastCallerServedThere) {
  City c;
  c.talk(9, 1, City::kA);
  c.call(1, City::kA);
  c.pass(seconds{100});
  c.end(9);
  c.ready(1);
  c.pass(seconds{5});
  c.accept(1);
  c.call(2, City::kA);
  EXPECT_EQ(c.only<AnnounceWait>().estimate, seconds{105});
  c.talk(8, 2, City::kD);
  c.call(3, City::kD);
  EXPECT_EQ(c.only<AnnounceWait>().estimate, Duration{0}) << "nobody waited in the other region's rings";
}

TEST(Announcements, TheEstimateIsThatOfTheWidestRingOpenToTheCaller) {
  City c;
  c.talk(9, 1, City::kA);
  c.talk(8, 2, City::kC);
  c.call(1, City::kC);
  c.pass(seconds{60});
  c.end(8);
  c.ready(2);
  c.accept(1);  // after a minute, in region and city
  c.call(2, City::kA);
  EXPECT_EQ(c.only<AnnounceWait>().estimate, Duration{0}) << "his district's ring served nobody yet";
  c.leave(2);
  c.talk(7, 3, City::kB);
  c.call(3, City::kB);
  c.call(4, City::kB);
  c.pass(seconds{20});  // the city's ring is open
  c.leave(3);
  c.pass(seconds{10});
  EXPECT_EQ(c.only<AnnounceWait>().position, 1);
  EXPECT_EQ(c.only<AnnounceWait>().estimate, seconds{60});
}

TEST(Announcements, NothingBelowThirtySecondsAndNothingOldIsSaid) {
  const auto estimate_after = [](Duration wait, Duration later) {
    City c;
    c.talk(9, 1, City::kA);
    c.call(1, City::kA);
    c.pass(wait);
    c.end(9);
    c.ready(1);
    c.accept(1);
    c.pass(later);
    c.call(2, City::kA);
    return c.only<AnnounceWait>().estimate;
  };
  EXPECT_EQ(estimate_after(seconds{30} - Duration{1}, Duration{0}), Duration{0});
  EXPECT_EQ(estimate_after(seconds{30}, Duration{0}), seconds{30});
  EXPECT_EQ(estimate_after(seconds{30}, kEstimateFresh), seconds{30});
  EXPECT_EQ(estimate_after(seconds{30}, kEstimateFresh + Duration{1}), Duration{0});
}

TEST(Announcements, ACrisisCallerHearsNoEstimateAndMakesNone) {
  City c;
  c.talk(9, 1, City::kA);
  c.call(1, City::kA);
  c.pass(seconds{100});
  c.end(9);
  c.ready(1);
  c.accept(1);
  c.call(2, City::kCrisisLine);
  EXPECT_EQ(c.only<AnnounceWait>().position, 1);
  EXPECT_EQ(c.only<AnnounceWait>().estimate, Duration{0});
  c.pass(seconds{40});
  c.end(1);
  c.ready(1);
  c.accept(2);
  c.call(3, City::kA);
  EXPECT_EQ(c.only<AnnounceWait>().estimate, seconds{100}) << "that of the last other caller";
}

TEST(Announcements, ACallbackIsOfferedOnTheGridAfterThreeMinutesOfWaiting) {
  City c;
  c.pass(seconds{2});
  c.call_with_number(1, City::line_of(City::kA));
  const Duration wait = until_grid(c, kCallbackOfferedAfter);
  EXPECT_LT(wait - kCallbackOfferedAfter, kAnnounceGrid);
  c.pass(wait - Duration{1});
  for (const AnnounceWait& said : c.ordered<AnnounceWait>()) EXPECT_FALSE(said.may_offer_callback);
  c.pass(Duration{1});
  EXPECT_TRUE(c.only<AnnounceWait>().may_offer_callback);
  EXPECT_EQ(c.only<AnnounceWait>().position, 0) << "his place has not got better";
  c.pass(minutes{5});
  EXPECT_TRUE(c.ordered<AnnounceWait>().empty()) << "said once, and then only with a better place";
}

TEST(Announcements, NoCallbackIsOfferedToCrisisCallersWithheldNumbersOrTexts) {
  City c;
  c.call_with_number(1, City::kCrisisLine);
  c.call(2, City::kA);
  c.call_with_number(3, City::line_of(City::kA), {}, Channel::kSms);
  c.pass(minutes{10});
  for (const AnnounceWait& said : c.ordered<AnnounceWait>()) EXPECT_FALSE(said.may_offer_callback);
}

TEST(Announcements, WhoWillBeRungBackHearsNothingMore) {
  City c;
  three_wait(c);
  c.apply(CallbackAccepted{CallId{3}});
  c.leave(1);
  c.leave(2);
  c.pass(minutes{5});
  EXPECT_TRUE(positions(c, 3).empty());
}

TEST(Announcements, ACallWhoseTalkBrokeOffBeginsToHearAnew) {
  City c;
  three_wait(c);
  c.apply(WorkerLegLost{CallId{9}, WorkerId{1}});
  ASSERT_EQ(c.call_state(9), CallState::kWaiting);
  EXPECT_EQ(positions(c, 9), std::vector{1});
  c.pass(kCallbackOfferedAfter - Duration{1});
  for (const AnnounceWait& said : c.ordered<AnnounceWait>())
    if (said.call == CallId{9}) EXPECT_FALSE(said.may_offer_callback) << "three minutes of this wait";
}

TEST(Announcements, AFloodCostsEachCallerOneLookPerIntervalAndTheCityOneEventPerStepOfTheGrid) {
  City c;
  c.talk(1, 1, City::kA);
  c.now = c.now + Duration{seconds{1}};
  for (std::int64_t n = 2; n <= 300; ++n)
    (void)c.core.apply(c.now, CallArrived{CallId{n}, City::line_of(City::kA), Channel::kPhone, "key", {}, c.now, n});
  c.apply(Ticked{});
  c.end(1);
  c.ready(1);
  EXPECT_TRUE(c.ordered<AnnounceWait>().empty()) << "everybody moved up, nobody is told in this event";
  std::size_t told = 0;
  int events = 0;
  const Instant until = c.now + Duration{kAnnounceEvery + kAnnounceGrid};
  c.accept(2);
  for (auto next = c.core.next_timer(); next && *next <= until; next = c.core.next_timer()) {
    c.now = *next;
    const std::size_t before = told;
    for (const Command& command : c.core.apply(c.now, Ticked{}))
      if (const auto* said = std::get_if<AnnounceWait>(&command)) {
        EXPECT_EQ(said->position, c.core.position(said->call)) << "exact when told";
        ++told;
      }
    events += told > before ? 1 : 0;
  }
  EXPECT_EQ(told, 298u);
  EXPECT_EQ(events, 1);
}

}  // namespace
}  // namespace kapok::routing
