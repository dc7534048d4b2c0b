#include "load/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kapok::load {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

/// A caller who dialled at 0, was taken within 0.1 s and left between `said` and `acknowledged` seconds.
LedgerCall left(double said, double acknowledged, int offers) {
  LedgerCall call;
  call.arrived = {0, seconds_us(0.1)};
  call.left = {seconds_us(said), seconds_us(acknowledged)};
  call.offers = offers;
  call.end = CallEnd::kCallerLeft;
  return call;
}

TEST(Ledger, AConfirmedAnswerIsAnsweredHoweverItEnded) {
  LedgerCall call = left(2, 2.1, 1);
  call.answered = true;
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kAnswered));
}

TEST(Ledger, WhoLeavesWithinFiveSecondsIsShortAndLaterIsAbandoned) {
  EXPECT_THAT(expected_buckets(left(3, 3.1, 1)), ElementsAre(Bucket::kShortAbandoned));
  EXPECT_THAT(expected_buckets(left(9, 9.1, 1)), ElementsAre(Bucket::kAbandoned));
}

TEST(Ledger, AroundTheThresholdOnlyTheServersClockKnows) {
  EXPECT_THAT(expected_buckets(left(4.9, 5.2, 1)), UnorderedElementsAre(Bucket::kAbandoned, Bucket::kShortAbandoned));
}

TEST(Ledger, WhomNobodyRangForMayHaveMetNobodyOnDuty) {
  EXPECT_THAT(expected_buckets(left(60, 60.1, 0)), ElementsAre(Bucket::kAbandoned, Bucket::kMissed));
}

TEST(Ledger, OverARestartTheServersClockStoodStill) {
  LedgerCall call = left(60, 60.1, 1);
  call.restarted = true;
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kAbandoned, Bucket::kShortAbandoned));
}

TEST(Ledger, WhatTheServerNamedWhenItLetGoCounts) {
  LedgerCall call;
  call.end = CallEnd::kReleased;
  call.told = "missed";
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kMissed));
  call.told = "lost_on_restart";
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kFailure));
}

TEST(Ledger, TheHuntListsCallIsAnsweredOrMissed) {
  LedgerCall call;
  call.end = CallEnd::kBackfilled;
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kMissed));
  call.hunted_answered = true;
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kAnswered));
}

TEST(Ledger, AnUnconfirmedAnswerMayHaveHappened) {
  LedgerCall call = left(60, 60.1, 1);
  call.answer_doubtful = true;
  EXPECT_THAT(expected_buckets(call), ElementsAre(Bucket::kAbandoned, Bucket::kAnswered));
}

TEST(Ledger, ACallThatHasNotEndedBelongsNowhere) { EXPECT_TRUE(expected_buckets(LedgerCall{}).empty()); }

TEST(Ledger, WhatAWorkerHearsBeforeTheGatewayIsNotLost) {
  Ledger ledger;
  LedgerCall& call = ledger.arrive("a-1", 1, "020-00100001", 0);
  ledger.rang(77);
  ledger.answered(77, "chen", 9);
  EXPECT_FALSE(call.answered);
  ledger.take(call, 77, 10);
  EXPECT_TRUE(call.answered);
  EXPECT_EQ(call.offers, 1);
  EXPECT_EQ(call.answered_by, "chen");
  EXPECT_EQ(call.contact, 9);
  EXPECT_EQ(ledger.by_call(77), &call);
}

}  // namespace
}  // namespace kapok::load
