#include "routing/policy.h"
#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

/// Nobody is on duty at station A: its callers are answered by station D, four workers in another region.
struct Fairness : testing::Test {
  Fairness() {
    for (std::int64_t w = 1; w <= 4; ++w) c.desk(w, City::kD);
    for (std::int64_t n = 1; n <= 4; ++n) {
      c.call(n, City::kA);
      c.accept(n);
    }
  }
  /// The worker who talks to caller `n` becomes free.
  void free(std::int64_t n) {
    const std::int64_t worker = c.with(n);
    c.end(n);
    c.ready(worker);
  }
  City c;
};

TEST_F(Fairness, ALineBeyondItsShareIsPassedOverWhileAnotherLineWaits) {
  c.call(5, City::kA);
  c.pass(seconds{1});
  c.call(6, City::kC);
  free(4);  // line A still holds three overflow workers of four on duty
  EXPECT_EQ(c.call_state(6), CallState::kOffered);
  EXPECT_EQ(c.call_state(5), CallState::kWaiting);
}

TEST_F(Fairness, ALineWithinItsShareKeepsItsPlace) {
  c.call(5, City::kA);
  c.call(7, City::kA);
  c.pass(seconds{1});
  c.call(6, City::kC);
  free(4);  // 6 goes first, A holds three
  ASSERT_EQ(c.call_state(6), CallState::kOffered);
  free(3);  // A holds two: no more than max(2, a quarter of four)
  EXPECT_EQ(c.call_state(5), CallState::kOffered);
  EXPECT_EQ(c.call_state(7), CallState::kWaiting);
}

TEST_F(Fairness, AloneALineIsNeverHeldBack) {
  c.call(5, City::kA);
  free(4);
  EXPECT_EQ(c.call_state(5), CallState::kOffered);
}

TEST_F(Fairness, ACallerOfAnotherClassDoesNotHoldItBack) {
  c.call(5, City::line_of(City::kA), {.elder = true});
  c.call(6, City::kC);
  free(4);
  EXPECT_EQ(c.call_state(5), CallState::kOffered);
}

TEST_F(Fairness, ACrisisCallerIsExempt) {
  c.call(5, City::kCrisisLine);
  c.call(6, City::kCrisisLine);
  for (std::int64_t n = 7; n <= 9; ++n) c.call(n, City::kCrisisLine);
  c.pass(seconds{1});
  c.call(10, City::line_of(City::kC), {.operator_flag = true});
  for (std::int64_t n = 1; n <= 4; ++n) free(n);
  // The crisis line holds four workers of station D by now, and its fifth caller still goes before the other line's.
  const std::int64_t worker = c.with(5);
  c.accept(5);
  c.end(5);
  c.ready(worker);
  EXPECT_EQ(c.call_state(9), CallState::kOffered);
  EXPECT_EQ(c.call_state(10), CallState::kWaiting);
}

TEST_F(Fairness, TheLinesOwnWorkersDoNotCountAndAreNotKeptFromIt) {
  c.call(5, City::kA);
  c.pass(seconds{1});
  c.call(6, City::kC);
  c.pass(seconds{30});
  c.desk(5, City::kA);  // covers A itself: no overflow
  EXPECT_EQ(c.with(5), 5);
}

TEST_F(Fairness, ACallerTheWorkerMayNotTakeHoldsNobodyBack) {
  c.call(5, City::kA);
  c.call(6, City::kC);
  free(4);
  c.decline(6);  // never again this worker for 6
  EXPECT_EQ(c.call_state(5), CallState::kOffered);
}

TEST_F(Fairness, AQuarterOfAFullRingIsMoreThanTwo) {
  for (std::int64_t w = 11; w <= 18; ++w) {
    c.desk(w, City::kD);
    c.call(w, City::kD);  // D's own callers
    c.accept(w);
  }
  c.call(5, City::kA);
  c.pass(seconds{1});
  c.call(6, City::kC);
  free(4);  // twelve on duty in the city: three are within the share
  EXPECT_EQ(c.call_state(5), CallState::kOffered);
}

TEST_F(Fairness, ACallGivenBackGivesItsShareBack) {
  c.call(5, City::kA);
  c.pass(seconds{1});
  c.call(6, City::kC);
  c.apply(HandedBack{CallId{3}, WorkerId{c.with(3)}});
  free(4);                                          // A holds two again
  EXPECT_EQ(c.call_state(3), CallState::kOffered);  // its old place is the first
}

TEST_F(Fairness, TheShareIsCountedAnewAfterARestart) {
  c.call(5, City::kA);
  c.pass(seconds{1});
  c.call(6, City::kC);
  crash(c);
  for (std::int64_t w = 1; w <= 4; ++w) c.apply(EndpointUp{City::desk_of(w)});
  free(4);
  EXPECT_EQ(c.call_state(6), CallState::kOffered);
}

TEST_F(Fairness, AFloodOfAThousandCallersIsNotReadThroughForOneDecision) {
  for (std::int64_t n = 1001; n <= 2000; ++n) c.call(n, City::kA);
  c.call(6, City::kC);
  const auto before = c.core.work();
  free(4);
  const auto after = c.core.work();
  EXPECT_EQ(c.call_state(6), CallState::kOffered);
  EXPECT_LT(after.candidates_read - before.candidates_read, 30);
}

}  // namespace
}  // namespace kapok::routing
