#include "routing/arrival.h"

#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

TEST(Arrival, ClassComesFromLineAndFacts) {
  EXPECT_EQ(class_of({}, false), CallerClass::kNormal);
  EXPECT_EQ(class_of({}, true), CallerClass::kCrisis);
  EXPECT_EQ(class_of({.open_imminent = true}, false), CallerClass::kCrisis);
  EXPECT_EQ(class_of({.operator_flag = true}, false), CallerClass::kCrisis);
  EXPECT_EQ(class_of({.open_high = true}, false), CallerClass::kVulnerable);
  EXPECT_EQ(class_of({.minor = true}, false), CallerClass::kVulnerable);
  EXPECT_EQ(class_of({.elder = true}, false), CallerClass::kVulnerable);
}

TEST(Arrival, ANumberBeyondItsBucketStartsNoHigherThanNormalUnlessFlaggedAtRisk) {
  CallerFacts often;
  often.over_bucket = often.minor = often.elder = true;
  often.unanswered_attempts_30min = 5;
  EXPECT_EQ(class_of(often, false), CallerClass::kNormal);
  EXPECT_EQ(class_of(often, true), CallerClass::kCrisis);
  CallerFacts high = often, imminent = often, flagged = often;
  high.open_high = imminent.open_imminent = flagged.operator_flag = true;
  EXPECT_EQ(class_of(high, false), CallerClass::kVulnerable);
  EXPECT_EQ(class_of(imminent, false), CallerClass::kCrisis);
  EXPECT_EQ(class_of(flagged, false), CallerClass::kCrisis);
}

TEST(Arrival, TheThirdAttemptAfterTwoUnansweredOnesIsVulnerableTheSecondIsNot) {
  EXPECT_EQ(class_of({.unanswered_attempts_30min = 1}, false), CallerClass::kNormal);
  EXPECT_EQ(class_of({.unanswered_attempts_30min = 2}, false), CallerClass::kVulnerable);
}

TEST(Arrival, IsRecordedBeforeAnythingRings) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::kA);
  ASSERT_GE(c.last.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<RecordArrival>(c.last.front()));
  EXPECT_EQ(c.only<RecordArrival>().unit, City::kA);
  EXPECT_EQ(c.ordered<OfferCall>().size(), 1u);
}

TEST(Arrival, NobodyIsRefusedHoweverManyWait) {
  City c;
  for (std::int64_t n = 1; n <= 300; ++n) c.call(n, City::kA);
  EXPECT_EQ(c.core.counters(City::kA).calls_waiting, 300);
  EXPECT_EQ(c.core.position(CallId{300}), 300);
}

TEST(Arrival, UnknownClosedAndRecordedOnlyLinesAndRepeatedCallsAreRefused) {
  City c;
  c.call(1, LineId{4711});
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownLine);
  c.call(1, City::kRecordedLine);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownLine);
  c.apply(DirectoryChanged{{}, {}, {}, {City::line_of(City::kB)}});
  c.call(1, City::kB);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kUnknownLine);
  c.call(1, City::kA);
  c.call(1, City::kA);
  EXPECT_EQ(c.only<RefuseEvent>().why, ErrorCode::kWrongState);
}

TEST(Arrival, AReturningCallerKeepsTheInstantGivenByTheShell) {
  City c;
  c.call(1, City::kA);
  c.pass(seconds{30});
  CallArrived back{CallId{2}, City::line_of(City::kA), Channel::kPhone, std::nullopt, {}, c.now - Duration{seconds{60}},
                   0};
  c.apply(back);
  EXPECT_EQ(c.core.position(CallId{2}), 1);
}

TEST(Arrival, ATextIsOfferedForSixtySeconds) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::line_of(City::kA), {}, Channel::kSms);
  EXPECT_EQ(c.offer_of(1).ring_until - c.now, seconds{60});
}

}  // namespace
}  // namespace kapok::routing
