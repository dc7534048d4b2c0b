#include "service/record_openings.h"

#include <gtest/gtest.h>

namespace kapok::service {
namespace {

using Verdict = RecordOpenings::Verdict;

constexpr Instant kStart{1'790'000'000'000'000};
constexpr WorkerId kWho{7};

RecordOpenings::Opening of(std::int64_t id, bool assigned = false, std::int64_t session = 1) {
  return {SessionId{session}, kWho, storage::AuditObject::kContact, id, assigned};
}

/// Opens `count` different records at `at`; how often each verdict was given.
std::map<Verdict, int> open(RecordOpenings& openings, int count, Instant at, std::int64_t first = 1) {
  std::map<Verdict, int> given;
  for (int i = 0; i < count; ++i) ++given[openings.judge(of(first + i), at)];
  return given;
}

TEST(RecordOpenings, OneReadingPerSessionRecordAndQuarterHour) {
  RecordOpenings openings;
  EXPECT_EQ(openings.judge(of(1), kStart), Verdict::kNew);
  openings.audited(of(1), kStart);
  EXPECT_EQ(openings.judge(of(1), kStart + minutes{14}), Verdict::kSeenBefore);
  EXPECT_EQ(openings.judge(of(2), kStart + minutes{14}), Verdict::kNew);
  EXPECT_EQ(openings.judge(of(1, false, 2), kStart + minutes{14}), Verdict::kNew);
  EXPECT_EQ(openings.judge(of(1), kStart + minutes{15}), Verdict::kNew);
}

TEST(RecordOpenings, TheTwoHundredthWithinAnHourIsToldOnce) {
  RecordOpenings openings;
  int told = 0;
  openings.on_many([&](WorkerId) { ++told; });
  EXPECT_EQ(open(openings, 199, kStart)[Verdict::kNew], 199);
  EXPECT_EQ(told, 0);
  EXPECT_EQ(openings.judge(of(500), kStart), Verdict::kMany);
  EXPECT_EQ(openings.judge(of(501), kStart), Verdict::kNew);
  EXPECT_EQ(told, 1);
}

TEST(RecordOpenings, AfterFourHundredWithinAnHourNoneIsShown) {
  RecordOpenings openings;
  EXPECT_EQ(open(openings, 400, kStart)[Verdict::kMany], 1);
  auto refused = open(openings, 3, kStart + minutes{59}, 1'000);
  EXPECT_EQ(refused[Verdict::kStopped], 1);
  EXPECT_EQ(refused[Verdict::kStoppedAgain], 2);
  EXPECT_EQ(openings.judge(of(2'000), kStart + hours{1}), Verdict::kNew);
}

TEST(RecordOpenings, SpreadOverHoursNobodyIsStopped) {
  RecordOpenings openings;
  for (int i = 0; i < 3'000; ++i) ASSERT_EQ(openings.judge(of(i + 1), kStart + seconds{20} * i), Verdict::kNew) << i;
}

TEST(RecordOpenings, WhatOneIsAssignedToIsNeverStopped) {
  RecordOpenings openings;
  open(openings, 400, kStart);
  EXPECT_EQ(openings.judge(of(1'000), kStart), Verdict::kStopped);
  EXPECT_EQ(openings.judge(of(1'001, true), kStart), Verdict::kNew);
}

}  // namespace
}  // namespace kapok::service
