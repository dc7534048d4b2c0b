#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

constexpr std::uint64_t kHakka = 8;

CallerFacts goes_on_with(std::int64_t worker) {
  CallerFacts facts;
  facts.last_worker = WorkerId{worker};
  return facts;
}
CallerFacts speaks(std::uint64_t language) {
  CallerFacts facts;
  facts.language = language;
  return facts;
}

/// Worker 1 sits in another region and spoke with this caller last; worker 2 sits at the caller's station.
struct Sticky : testing::Test {
  Sticky() { c.desk(1, City::kD); }
  /// Worker 1 has finished a call and has this much of his time to write left.
  void writes(Duration left) {
    c.call(90, City::kD);
    ASSERT_EQ(c.with(90), 1);
    c.accept(90);
    c.end(90);
    c.pass(kAfterCall - left);
  }
  void call(std::int64_t n) { c.call(n, City::line_of(City::kA), goes_on_with(1)); }
  City c;
};

TEST_F(Sticky, TheLastWorkerIsAskedFirstForTenSecondsWhateverHisRing) {
  c.desk(2, City::kA);
  call(1);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kSticky);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kCity);
  EXPECT_EQ(c.offer_of(1).ring_until, c.now + kStickyDeskOffer);
}

TEST_F(Sticky, AMissOrADeclineLeadsToTheNormalPathAndIsNotTriedAgain) {
  c.desk(2, City::kA);
  call(1);
  c.decline(1);
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kRing);
  c.leave(1);
  call(2);
  c.pass(kStickyDeskOffer);
  EXPECT_EQ(c.with(2), 2);
}

TEST_F(Sticky, ALastWorkerWhoTalksIsNotWaitedFor) {
  c.call(90, City::kD);
  c.accept(90);
  c.desk(2, City::kA);
  call(1);
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(Sticky, ALastWorkerWhoIsAwayOrOffDutyIsNotWaitedFor) {
  c.desk(2, City::kA);
  c.away(1);
  call(1);
  EXPECT_EQ(c.with(1), 2);
  c.serve(1);
  c.end_shift(1);
  call(2);
  EXPECT_EQ(c.with(2), 2);
}

TEST_F(Sticky, ACallerIsHeldForALastWorkerWhoHasFifteenSecondsOfWritingLeft) {
  writes(seconds{15});
  c.desk(2, City::kA);
  call(1);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);  // beside worker 2, who is free
  c.pass(seconds{15});
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kSticky);
}

TEST_F(Sticky, ASecondMoreOfWritingIsNotWaitedFor) {
  writes(seconds{16});
  c.desk(2, City::kA);
  call(1);
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(Sticky, AHeldCallerIsOfferedAsSoonAsHisWorkerIsReady) {
  writes(seconds{15});
  call(1);
  c.pass(seconds{3});
  c.ready(1);
  EXPECT_EQ(c.with(1), 1);
}

TEST_F(Sticky, RingsGoOnOpeningInTheMeantime) {
  writes(seconds{15});
  c.desk(2, City::kA);
  call(1);
  c.pass(seconds{12});
  EXPECT_EQ(c.ring(1), Ring::kRegion);
}

TEST_F(Sticky, TheHoldEndsWhenTheWorkerGoesAway) {
  writes(seconds{15});
  c.desk(2, City::kA);
  call(1);
  c.away(1);
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(Sticky, TheHoldEndsWhenTheDeskOfTheWorkerDies) {
  writes(seconds{15});
  c.desk(2, City::kA);
  call(1);
  c.apply(EndpointDown{City::desk_of(1)});
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(Sticky, ACrisisCallerIsNeverHeldButAskedOfAnIdleLastWorker) {
  c.desk(2, City::kA);
  c.call(1, City::kCrisisLine, goes_on_with(1));
  EXPECT_EQ(c.with(1), 1);
  c.serve(1);
  writes(seconds{10});
  c.call(2, City::kCrisisLine, goes_on_with(1));
  EXPECT_EQ(c.with(2), 2);
}

TEST_F(Sticky, AMoreUrgentCallerTakesTheWorkerAndTheHeldOneGoesOn) {
  writes(seconds{15});
  call(1);
  c.call(2, City::line_of(City::kD), {.elder = true});
  c.ready(1);
  EXPECT_EQ(c.with(2), 1);
  c.desk(2, City::kA);
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(Sticky, OfTwoHeldForOneWorkerTheFirstGetsHimAndTheOtherGoesOn) {
  writes(seconds{15});
  call(1);
  call(2);
  c.pass(seconds{2});
  c.ready(1);
  EXPECT_EQ(c.with(1), 1);
  EXPECT_EQ(c.call_state(2), CallState::kWaiting);
  c.desk(2, City::kA);
  EXPECT_EQ(c.with(2), 2);
}

TEST_F(Sticky, AHeldCallerIsHeldAgainAfterARestart) {
  c.phone(1, {City::kD});
  c.phone(2, {City::kA});
  writes(seconds{10});
  call(1);
  crash(c);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  c.pass(seconds{9});
  EXPECT_EQ(c.with(1), 1);
}

/// Worker 1 speaks Hakka and sits at the caller's station, worker 2 does not.
struct LanguageHold : testing::Test {
  void desk(std::int64_t n, UnitId at, std::uint64_t languages) {
    c.hire(n);
    DirectoryChanged d;
    d.workers = {StateOfCore::of(c.core).worker(WorkerId{n}).info};
    d.workers[0].languages = languages;
    c.apply(d);
    c.start_shift(n, {at}, {City::desk_of(n)});
    c.apply(EndpointUp{City::desk_of(n)});
    c.ready(n);
  }
  void call(std::int64_t n, std::uint64_t language = kHakka) { c.call(n, City::line_of(City::kA), speaks(language)); }
  /// Worker 1 is on duty and busy for a long time.
  void busy_speaker(UnitId at = City::kA) {
    desk(1, at, kHakka);
    c.call(90, at);
    c.accept(90);
  }
  City c;
};

TEST_F(LanguageHold, ACallerIsHeldFifteenSecondsForSomebodyWhoSpeaksHisLanguage) {
  busy_speaker();
  c.desk(2, City::kA);
  call(1);
  c.pass(seconds{15} - Duration{1});
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  c.pass(Duration{1});
  EXPECT_EQ(c.with(1), 2);  // then anyone
}

TEST_F(LanguageHold, ASpeakerWhoBecomesFreeMeanwhileTakesHim) {
  busy_speaker();
  c.desk(2, City::kA);
  call(1);
  c.pass(seconds{5});
  c.end(90);
  c.ready(1);
  EXPECT_EQ(c.with(1), 1);
}

TEST_F(LanguageHold, NobodyIsHeldForALanguageThatNobodyPresentSpeaks) {
  desk(1, City::kA, kHakka);
  c.away(1);
  c.desk(2, City::kA);
  call(1);
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(LanguageHold, ItEndsWhenTheLastSpeakerLeaves) {
  busy_speaker(City::kD);
  c.desk(2, City::kA);
  call(1);
  c.pass(seconds{3});
  ASSERT_EQ(c.call_state(1), CallState::kWaiting);
  c.end_shift(1);
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(LanguageHold, ACrisisCallerIsNeverHeld) {
  busy_speaker();
  c.desk(2, City::kA);
  c.call(1, City::kCrisisLine, speaks(kHakka));
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(LanguageHold, InsideARingSpeakersGoBeforeThoseIdleForLonger) {
  c.desk(2, City::kA);
  c.pass(seconds{60});
  desk(1, City::kA, kHakka);
  call(1);
  EXPECT_EQ(c.with(1), 1);
}

TEST_F(LanguageHold, CallersOfOtherLanguagesAreNotHeldUpByIt) {
  busy_speaker();
  call(1);
  c.pass(seconds{1});
  call(2, 0);
  c.desk(2, City::kA);
  EXPECT_EQ(c.with(2), 2);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST_F(LanguageHold, HundredsOfHeldCallersAreNotReadThroughForOneDecision) {
  busy_speaker();
  for (std::int64_t n = 1001; n <= 1300; ++n) call(n);
  const auto before = c.core.work();
  call(1, 0);
  c.desk(2, City::kA);
  EXPECT_EQ(c.with(1), 2);
  EXPECT_LT(c.core.work().candidates_read - before.candidates_read, 30);
}

TEST_F(LanguageHold, ItGoesOnAfterARestart) {
  busy_speaker();
  c.start_shift(1, {City::kA}, {City::phone_of(1)});
  c.phone(2, {City::kA});
  call(1);
  crash(c, seconds{4});
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  c.pass(seconds{11});
  EXPECT_EQ(c.with(1), 2);
}

}  // namespace
}  // namespace kapok::routing
