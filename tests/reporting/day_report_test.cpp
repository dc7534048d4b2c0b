#include "reporting/day_report.h"

#include <gtest/gtest.h>

#include <set>

namespace kapok::reporting {
namespace {

using namespace std::chrono_literals;
using casework::NeedKind;

constexpr CivilDay kDay = std::chrono::year{2026} / 11 / 21;

Instant at(std::string_view text) { return parse_local(text, kChinaOffset).value(); }

const Instant kMorning = at("2026-11-21 09:00");
const Instant kNextMorning = at("2026-11-22 08:30");

DayReportAsked asked() {
  return {.unit = UnitId{30},
          .unit_code = "440103001",
          .day = kDay,
          .offset = kChinaOffset,
          .now = kNextMorning,
          .short_abandon = seconds{5}};
}

CallFact call(CallOutcome outcome, Duration waited = 10s, Instant arrived = kMorning) {
  return {arrived, outcome == CallOutcome::kAnswered ? arrived + waited : Instant{}, outcome};
}

DayFacts facts() {
  DayFacts day;
  day.lines_measured = 2;
  return day;
}

Figure figure(const DayFacts& day, std::string_view key) {
  const DayReport report = day_report(asked(), day);
  const Figure* found = find_figure(report, key);
  EXPECT_NE(found, nullptr) << key;
  return found == nullptr ? Figure{} : *found;
}

std::int64_t value(const DayFacts& day, std::string_view key) { return figure(day, key).value; }

// Arrivals (domain.md §4, decision 2).

TEST(DayReport, ArrivalsAreTheSumOfTheirFiveBuckets) {
  DayFacts day = facts();
  for (const auto& outcome : kEnumNames<CallOutcome>) day.calls.push_back(call(outcome.value));
  day.calls.push_back(call(CallOutcome::kMissedNobodyOnDuty));
  EXPECT_EQ(value(day, "answered"), 1);
  EXPECT_EQ(value(day, "abandoned"), 1);
  EXPECT_EQ(value(day, "short_abandoned"), 1);
  EXPECT_EQ(value(day, "missed"), 3);
  EXPECT_EQ(value(day, "failed"), 3);
  EXPECT_EQ(value(day, "arrivals"), 1 + 1 + 1 + 3 + 3);
  EXPECT_EQ(value(day, "not_offered"), 1);
  EXPECT_EQ(value(day, "in_progress"), 1);
}

TEST(DayReport, MissesAndFailuresAreSplitByReason) {
  DayFacts day = facts();
  day.calls = {call(CallOutcome::kMissed), call(CallOutcome::kMissedNobodyOnDuty),
               call(CallOutcome::kMissedNobodyOnDuty), call(CallOutcome::kGatewayLost)};
  EXPECT_EQ(value(day, "M.missed"), 1);
  EXPECT_EQ(value(day, "M.missed_nobody_on_duty"), 2);
  EXPECT_EQ(value(day, "F.gateway_lost"), 1);
  EXPECT_EQ(value(day, "F.lost_on_restart"), 0);
}

TEST(DayReport, ACallCountsInTheHalfOpenDayItArrived) {
  DayFacts day = facts();
  day.calls = {call(CallOutcome::kMissed, 0s, at("2026-11-21 00:00")),
               call(CallOutcome::kMissed, 0s, at("2026-11-21 00:00") - 1us),
               call(CallOutcome::kAnswered, 30s, at("2026-11-22 00:00") - 1us),  // answered tomorrow
               call(CallOutcome::kAnswered, 30s, at("2026-11-22 00:00"))};
  EXPECT_EQ(value(day, "arrivals"), 2);
  EXPECT_EQ(value(day, "answered"), 1);
}

TEST(DayReport, TheConnectionRateIsShownWithAndWithoutShortAbandons) {
  DayFacts day = facts();
  for (int i = 0; i < 19; ++i) day.calls.push_back(call(CallOutcome::kAnswered));
  day.calls.push_back(call(CallOutcome::kShortAbandoned));
  day.calls.push_back(call(CallOutcome::kMissed));
  EXPECT_EQ(written(figure(day, "connection_rate")), "90.4 % (19/21)");
  EXPECT_EQ(written(figure(day, "connection_rate_without_short")), "95.0 % (19/20)");
}

TEST(DayReport, AShareIsCutSoThatATargetIsNotMetByRounding) {
  Figure share;
  share.kind = FigureKind::kShare;
  share.value = 94'999;
  share.of = 100'000;
  EXPECT_EQ(written(share), "94.9 % (94999/100000)");
}

TEST(DayReport, WaitsAreThoseOfAnsweredCallsByNearestRank) {
  DayFacts day = facts();
  for (int i = 1; i <= 10; ++i) day.calls.push_back(call(CallOutcome::kAnswered, seconds{i * 2}));
  day.calls.push_back(call(CallOutcome::kAbandoned));
  EXPECT_EQ(written(figure(day, "wait_p50")), "0:10");
  EXPECT_EQ(written(figure(day, "wait_p90")), "0:18");
  EXPECT_EQ(written(figure(day, "wait_max")), "0:20");
  EXPECT_EQ(written(figure(day, "answered_in_15s")), "70.0 % (7/10)");
}

TEST(DayReport, AnAnswerAfterExactlyFifteenSecondsIsInTime) {
  DayFacts day = facts();
  day.calls = {call(CallOutcome::kAnswered, 15s), call(CallOutcome::kAnswered, 15s + 1us)};
  EXPECT_EQ(value(day, "answered_in_15s"), 1);
}

TEST(DayReport, APercentileIsAValueThatOccurred) {
  EXPECT_EQ(percentile({3s}, 50), 3s);
  EXPECT_EQ(percentile({9s, 1s}, 50), 1s);
  EXPECT_EQ(percentile({9s, 1s}, 51), 9s);
  EXPECT_EQ(percentile({9s, 1s, 5s}, 100), 9s);
}

TEST(DayReport, NothingToDivideIsShownAsNothing) {
  EXPECT_EQ(written(figure(facts(), "connection_rate")), "—");
  EXPECT_EQ(written(figure(facts(), "wait_p90")), "—");
  EXPECT_EQ(written(figure(facts(), "arrivals")), "0");
}

// Lines that ring elsewhere (domain.md §0.2).

TEST(DayReport, AUnitWhoseLinesAllRingElsewhereIsNotMeasured) {
  DayFacts day;
  day.lines_recorded_only = 3;
  day.contacts.emplace_back();
  day.contacts.back().started_at = kMorning;
  day.contacts.back().manual = true;
  for (const char* key :
       {"arrivals", "answered", "missed", "failed", "connection_rate", "wait_p50", "answered_in_15s"}) {
    EXPECT_EQ(written(figure(day, key)), "未测量") << key;
    EXPECT_EQ(value(day, key), 0) << key;
  }
  EXPECT_EQ(written(figure(day, "lines_recorded_only")), "3");
  EXPECT_EQ(written(figure(day, "contacts_manual")), "1");
}

TEST(DayReport, OneMeasuredLineMakesCallsMeasured) {
  DayFacts day = facts();
  day.lines_recorded_only = 3;
  EXPECT_EQ(written(figure(day, "arrivals")), "0");
}

// What waits for somebody.

TEST(DayReport, GapsAreCutToTheDayAndRunUntilNow) {
  DayFacts day = facts();
  day.gaps = {{UnitId{30}, {at("2026-11-20 23:00"), at("2026-11-21 01:00")}},
              {UnitId{30}, {at("2026-11-21 03:00"), at("2026-11-21 03:30")}},
              {UnitId{31}, {at("2026-11-21 23:00"), {}}},
              {UnitId{31}, {at("2026-11-22 01:00"), {}}}};
  EXPECT_EQ(value(day, "gaps"), 3);
  EXPECT_EQ(written(figure(day, "gap_time")), "2:30:00");
}

TEST(DayReport, AGapThatLastsIsCountedUpToNow) {
  DayFacts day = facts();
  day.gaps = {{UnitId{30}, {kMorning, {}}}};
  DayReportAsked early = asked();
  early.now = kMorning + 5min;
  EXPECT_EQ(written(*find_figure(day_report(early, day), "gap_time")), "5:00");
}

TEST(DayReport, CallbacksAndMissedCallersCountWhileOpenWhateverTheirDay) {
  using casework::CallbackState;
  DayFacts day = facts();
  const Instant last_week = kMorning - hours{7 * 24};
  day.callbacks = {{last_week, last_week, CallbackState::kScheduled, true},
                   {kMorning, kMorning, CallbackState::kClaimed, false},
                   {kMorning, kMorning, CallbackState::kDone, false},
                   {kMorning, kMorning, CallbackState::kUnreachable, false}};
  day.missed_callers = {{last_week, casework::MissedCallerState::kOpen},
                        {kMorning, casework::MissedCallerState::kAcknowledged}};
  EXPECT_EQ(value(day, "callbacks_open"), 2);
  EXPECT_EQ(value(day, "callbacks_overdue"), 1);
  EXPECT_EQ(value(day, "missed_callers_open"), 1);
}

ContactFact drafted(Instant minimal_at = {}) {
  ContactFact contact;
  contact.started_at = kMorning;
  contact.minimal_due = kMorning + 30min;
  contact.full_due = kNextMorning + 1h;
  contact.minimal_at = minimal_at;
  return contact;
}

TEST(DayReport, DraftsAreLateByTheirOwnTwoLimits) {
  DayFacts day = facts();
  ContactFact full_late = drafted(kMorning);
  full_late.full_due = kNextMorning - 1us;
  ContactFact done = full_late;
  done.state = casework::ContactState::kFinalised;
  day.contacts = {drafted(), drafted(kMorning + 10min), full_late, done};
  EXPECT_EQ(value(day, "drafts_late_minimal"), 1);
  EXPECT_EQ(value(day, "drafts_late_full"), 1);
  EXPECT_EQ(value(day, "contacts"), 4);
}

TEST(DayReport, NeedsOfFinalisedContactsCountByGroupAndKind) {
  DayFacts day = facts();
  ContactFact helped = drafted();
  helped.state = casework::ContactState::kFinalised;
  helped.needs = {NeedKind::kRiceFlour, NeedKind::kRiceFlour, NeedKind::kOil, NeedKind::kAnxiety};
  ContactFact yesterday = helped, unfinished = helped;
  yesterday.started_at = kMorning - hours{24};
  unfinished.state = casework::ContactState::kDraft;
  day.contacts = {helped, yesterday, unfinished};
  EXPECT_EQ(value(day, "needs.material_aid"), 3);
  EXPECT_EQ(value(day, "need.rice_flour"), 2);
  EXPECT_EQ(value(day, "needs.emotional_support"), 1);
  EXPECT_EQ(value(day, "needs.other"), 0);
  EXPECT_EQ(find_figure(day_report(asked(), day), "need.legal"), nullptr);
}

TEST(DayReport, ReferralsOfTheDayCountByStateAndOverdueOnesAlways) {
  using casework::ReferralState;
  DayFacts day = facts();
  day.referrals = {{kMorning, ReferralState::kAccepted, false},
                   {kMorning, ReferralState::kDispatched, true},
                   {kMorning - hours{48}, ReferralState::kDispatched, true},
                   {kMorning - hours{48}, ReferralState::kCompleted, false}};
  EXPECT_EQ(value(day, "referrals.accepted"), 1);
  EXPECT_EQ(value(day, "referrals.dispatched"), 1);
  EXPECT_EQ(value(day, "referrals.completed"), 0);
  EXPECT_EQ(value(day, "referrals_overdue"), 2);
}

// Filters: every figure leads back to its rows.

TEST(DayReport, EachFigureCarriesTheFilterOfItsRows) {
  DayFacts day = facts();
  EXPECT_EQ(figure(day, "abandoned").filter,
            "log from=2026-11-21T00:00:00+08:00 to=2026-11-22T00:00:00+08:00 unit=440103001 bucket=AB");
  EXPECT_EQ(figure(day, "M.missed_nobody_on_duty").filter,
            "log from=2026-11-21T00:00:00+08:00 to=2026-11-22T00:00:00+08:00 unit=440103001 "
            "outcome=missed_nobody_on_duty");
  EXPECT_EQ(figure(day, "callbacks_overdue").filter, "callbacks unit=440103001 open overdue");
  std::set<std::string> keys;
  for (const Figure& one : day_report(asked(), day).figures) {
    EXPECT_NE(one.filter.find("unit=440103001"), std::string::npos) << one.key;
    EXPECT_TRUE(keys.insert(one.key).second) << one.key;
    EXPECT_FALSE(one.name_zh.empty() || one.name_en.empty()) << one.key;
  }
}

TEST(DayReport, ThePageSaysWhatItRestsOn) {
  const DayReport report = day_report(asked(), facts());
  EXPECT_EQ(report.period, period_of_day(kDay, kChinaOffset));
  EXPECT_EQ(report.as_of, kNextMorning);
  EXPECT_EQ(report.short_abandon, 5s);
  EXPECT_EQ(report.lines_measured, 2U);
}

}  // namespace
}  // namespace kapok::reporting
