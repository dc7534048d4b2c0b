#include "casework/callback.h"

#include <gtest/gtest.h>

#include "casework/missed_caller.h"
#include "casework/unanswered.h"

namespace kapok::casework {
namespace {

constexpr WorkerId kWorker{1}, kColleague{2};

Instant at(std::string_view text) { return parse_local(text, kChinaOffset).value(); }

Callback hung_up(Instant when, bool high_risk = false) {
  return open_callback({.id = FollowUpId{8},
                        .unit = UnitId{30},
                        .line = LineId{6},
                        .number = "+8613800138000",
                        .call = CallId{5},
                        .hung_up_at = when,
                        .high_risk = high_risk},
                       kChinaOffset);
}

bool may_ring(const Callback& callback, std::string_view when) {
  return may_ring_back(callback, at(when), kChinaOffset);
}

template <class T>
ErrorCode code(const Result<T>& result) {
  return result ? ErrorCode::kInternal : result.error().code;
}

const Instant kNoon = at("2026-11-21 12:00");

// What an ended call leaves (decision 25).

TEST(Unanswered, EveryOutcomeLeavesOneThing) {
  for (const auto& row : kEnumNames<CallOutcome>) {
    if (row.value == CallOutcome::kNone) continue;
    const KpiBucket bucket = bucket_of(row.value);
    const bool lost = bucket == KpiBucket::kAbandoned || bucket == KpiBucket::kMissed || bucket == KpiBucket::kFailure;
    const bool brief = bucket == KpiBucket::kShortAbandoned;
    const auto otherwise = brief ? AfterUnanswered::kCountedOnly : AfterUnanswered::kNothing;
    EXPECT_EQ(after_unanswered(row.value, true), lost ? AfterUnanswered::kCallback : otherwise) << row.name;
    EXPECT_EQ(after_unanswered(row.value, false), lost ? AfterUnanswered::kMissedEntry : otherwise) << row.name;
  }
}

// When (domain.md §0.10, §2.4).

TEST(Callback, ByDayItIsDueInTenMinutesAndInFiveForHighRisk) {
  EXPECT_EQ(hung_up(kNoon).due_at, kNoon + minutes{10});
  EXPECT_EQ(hung_up(kNoon, true).due_at, kNoon + minutes{5});
}

TEST(Callback, AtNightItIsDueInFifteenMinutesUnlessRiskOrASecondAttemptPresses) {
  const Instant night = at("2026-11-21 23:00");
  EXPECT_EQ(callback_due(night, false, 1, kChinaOffset), night + minutes{15});
  EXPECT_EQ(callback_due(night, false, 2, kChinaOffset), night + minutes{10});
  EXPECT_EQ(callback_due(night, true, 1, kChinaOffset), night + minutes{5});
}

TEST(Callback, AtNightThePhoneRingsWithinFifteenMinutesOrNotBeforeEight) {
  const Callback callback = hung_up(at("2026-11-21 23:00"));
  EXPECT_TRUE(may_ring(callback, "2026-11-21 23:15"));
  EXPECT_FALSE(may_ring(callback, "2026-11-21 23:15:01"));
  EXPECT_FALSE(may_ring(callback, "2026-11-22 07:59:59"));
  EXPECT_TRUE(may_ring(callback, "2026-11-22 08:00"));
  EXPECT_FALSE(may_ring(callback, "2026-11-22 22:00"));
}

TEST(Callback, WhoHungUpByDayIsNotRungAtNightEither) {
  const Callback callback = hung_up(at("2026-11-21 21:50"));
  EXPECT_TRUE(may_ring(callback, "2026-11-21 22:05"));
  EXPECT_FALSE(may_ring(callback, "2026-11-21 22:05:01"));
  EXPECT_TRUE(may_ring(callback, "2026-11-22 08:00"));
}

TEST(Callback, WhoHungUpAfterHalfPastSevenIsAwake) {
  EXPECT_TRUE(may_ring(hung_up(at("2026-11-21 07:31")), "2026-11-21 07:55"));
  EXPECT_FALSE(may_ring(hung_up(at("2026-11-21 07:29")), "2026-11-21 07:55"));
}

TEST(Callback, RiskAndASecondAttemptRingAtAnyHour) {
  EXPECT_TRUE(may_ring(hung_up(at("2026-11-21 23:00"), true), "2026-11-22 03:00"));
  const Callback twice =
      join_attempt(hung_up(at("2026-11-21 23:00")), CallId{6}, at("2026-11-21 23:20"), false, kChinaOffset);
  EXPECT_TRUE(may_ring(twice, "2026-11-22 03:00"));
}

TEST(Callback, TheNextAllowedInstantIsNowOrEight) {
  const Callback callback = hung_up(at("2026-11-21 23:00"));
  EXPECT_EQ(ring_back_from(callback, at("2026-11-21 23:05"), kChinaOffset), at("2026-11-21 23:05"));
  EXPECT_EQ(ring_back_from(callback, at("2026-11-21 23:30"), kChinaOffset), at("2026-11-22 08:00"));
  EXPECT_EQ(ring_back_from(callback, at("2026-11-22 03:00"), kChinaOffset), at("2026-11-22 08:00"));
}

TEST(Callback, WhatSleepForbidsIsNotLate) {
  const Callback callback = hung_up(at("2026-11-21 23:00"));
  EXPECT_FALSE(overdue(callback, at("2026-11-21 23:15"), kChinaOffset));
  EXPECT_FALSE(overdue(callback, at("2026-11-22 03:00"), kChinaOffset));
  EXPECT_TRUE(overdue(callback, at("2026-11-22 08:00"), kChinaOffset));
  EXPECT_TRUE(overdue(hung_up(kNoon), kNoon + minutes{10} + seconds{1}, kChinaOffset));
}

// One per number (decision 25).

TEST(Callback, FurtherAttemptsJoinAndNeverDelayIt) {
  const Callback first = hung_up(kNoon);
  const Callback joined = join_attempt(first, CallId{6}, kNoon + minutes{4}, false, kChinaOffset);
  EXPECT_EQ(joined.unanswered_arrivals, 2U);
  EXPECT_EQ(joined.first_call, CallId{5});
  EXPECT_EQ(joined.last_call, CallId{6});
  EXPECT_EQ(joined.due_at, first.due_at);
  EXPECT_EQ(joined.version, 2U);
  const Callback at_risk = join_attempt(joined, CallId{7}, kNoon + minutes{4}, true, kChinaOffset);
  EXPECT_EQ(at_risk.due_at, kNoon + minutes{9});
  EXPECT_TRUE(join_attempt(at_risk, CallId{8}, kNoon + minutes{5}, false, kChinaOffset).high_risk);
}

TEST(CallbackDeathTest, AClosedOneIsNotJoined) {
  const Callback closed = supersede(hung_up(kNoon), kNoon);
  EXPECT_DEATH((void)join_attempt(closed, CallId{6}, kNoon, false, kChinaOffset), "KAPOK_CHECK");
}

// Who.

Callback claimed() { return claim(hung_up(kNoon), 1, kWorker, kNoon).value(); }

TEST(Callback, OneClaimsItAndTheNextIsTold) {
  const Callback mine = claimed();
  EXPECT_EQ(mine.owner, kWorker);
  EXPECT_EQ(code(claim(mine, 1, kColleague, kNoon)), ErrorCode::kAlreadyTaken);
  EXPECT_EQ(code(claim(mine, 2, kColleague, kNoon + minutes{30})), ErrorCode::kAlreadyTaken);
  EXPECT_EQ(code(claim(hung_up(kNoon), 4, kColleague, kNoon)), ErrorCode::kVersionConflict);
}

TEST(Callback, AForgottenClaimCanBeTakenOver) {
  const auto taken = claim(claimed(), 2, kColleague, kNoon + minutes{30} + seconds{1});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->owner, kColleague);
}

TEST(Callback, OnlyTheOwnerDialsAndReports) {
  const Callback mine = claimed();
  EXPECT_TRUE(may_dial(mine, 2, kWorker, kNoon, kChinaOffset));
  EXPECT_EQ(code(may_dial(mine, 2, kColleague, kNoon, kChinaOffset)), ErrorCode::kNotYours);
  EXPECT_EQ(code(may_dial(mine, 1, kWorker, kNoon, kChinaOffset)), ErrorCode::kVersionConflict);
  EXPECT_EQ(code(may_dial(mine, 2, kWorker, at("2026-11-22 03:00"), kChinaOffset)), ErrorCode::kWrongState);
  EXPECT_EQ(code(record_attempt(hung_up(kNoon), 1, kWorker, AttemptResult::kReached, "", kNoon, kChinaOffset)),
            ErrorCode::kNotYours);
}

TEST(Callback, ReachingHimClosesIt) {
  const auto done = record_attempt(claimed(), 2, kWorker, AttemptResult::kReached, "已答复", kNoon, kChinaOffset);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, CallbackState::kDone);
  EXPECT_EQ(done->attempts, (std::vector<CallbackAttempt>{{1, kNoon, kWorker, AttemptResult::kReached}}));
  EXPECT_EQ(code(claim(*done, 3, kWorker, kNoon)), ErrorCode::kWrongState);
  EXPECT_FALSE(overdue(*done, kNoon + hours{24}, kChinaOffset));
}

TEST(Callback, SomeoneElseAnsweringIsNoSuccess) {
  const auto again =
      record_attempt(claimed(), 2, kWorker, AttemptResult::kOtherPersonAnswered, "", kNoon, kChinaOffset);
  EXPECT_EQ(again->state, CallbackState::kScheduled);
  EXPECT_FALSE(again->owner.is_set());
  EXPECT_EQ(again->due_at, kNoon + minutes{30});
}

TEST(Callback, ARetryThatFallsIntoTheNightWaitsForEight) {
  const Callback late = claim(hung_up(at("2026-11-21 21:40")), 1, kWorker, at("2026-11-21 21:41")).value();
  const auto again =
      record_attempt(late, 2, kWorker, AttemptResult::kNoAnswer, "", at("2026-11-21 21:45"), kChinaOffset);
  EXPECT_EQ(again->due_at, at("2026-11-22 08:00"));
}

TEST(Callback, ThreeFailedAttemptsMakeItUnreachable) {
  Callback callback = hung_up(kNoon);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(callback.state, CallbackState::kScheduled);
    callback = claim(callback, callback.version, kWorker, kNoon).value();
    callback =
        record_attempt(callback, callback.version, kWorker, AttemptResult::kBusy, "", kNoon, kChinaOffset).value();
  }
  EXPECT_EQ(callback.state, CallbackState::kUnreachable);
  EXPECT_EQ(callback.attempts.back().number, 3U);
  EXPECT_EQ(callback.closed_at, kNoon);
}

TEST(Callback, IsSupersededWhenHeGetsThrough) {
  const Callback over = supersede(claimed(), kNoon);
  EXPECT_EQ(over.state, CallbackState::kSuperseded);
  EXPECT_FALSE(is_open(over));
}

// Who cannot be rung back.

TEST(MissedCaller, IsAcknowledgedOnce) {
  MissedCaller entry;
  entry.id = MissedCallerId{4};
  const auto known = acknowledge(entry, 1, kWorker, "夜间无声", kNoon);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->acknowledged_by, kWorker);
  EXPECT_EQ(known->version, 2U);
  EXPECT_EQ(code(acknowledge(*known, 2, kColleague, "", kNoon)), ErrorCode::kAlreadyTaken);
  EXPECT_EQ(code(acknowledge(entry, 3, kColleague, "", kNoon)), ErrorCode::kVersionConflict);
  EXPECT_EQ(code(acknowledge(entry, 1, kColleague, std::string(8001, 'x'), kNoon)), ErrorCode::kTextTooLong);
}

}  // namespace
}  // namespace kapok::casework
