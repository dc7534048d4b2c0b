#include "cli/time_text.h"

#include <gtest/gtest.h>

namespace kapok::cli {
namespace {

constexpr int kChina = 480;
constexpr std::int64_t kNow = 1'795'267'800'000'000;  // 2026-11-21T21:30:00+08:00

TEST(TimeText, InstantsAreWrittenInTheCitysOffset) {
  EXPECT_EQ(iso_time(kNow, kChina), "2026-11-21T21:30:00+08:00");
  EXPECT_EQ(iso_time(kNow, 0), "2026-11-21T13:30:00+00:00");
  EXPECT_EQ(minute_text(kNow, kChina), "2026-11-21 21:30");
  EXPECT_EQ(minute_text(0, kChina), "—");
}

TEST(TimeText, LengthsAreNeverNegative) {
  EXPECT_EQ(duration_text(42'000'000), "0:42");
  EXPECT_EQ(duration_text(11'045'000'000), "3:04:05");
  EXPECT_EQ(duration_text(-5), "0:00");
}

TEST(TimeText, AClockTimeAloneIsTheNextOrTheLastOne) {
  EXPECT_EQ(iso_time(*time_from("22:00", kNow, kChina), kChina), "2026-11-21T22:00:00+08:00");
  EXPECT_EQ(iso_time(*time_from("08:30", kNow, kChina), kChina), "2026-11-22T08:30:00+08:00");
  EXPECT_EQ(iso_time(*time_from("22:00", kNow, kChina, true), kChina), "2026-11-20T22:00:00+08:00");
}

TEST(TimeText, AWholeTimeMayCarryItsZone) {
  EXPECT_EQ(*time_from("2026-11-21T21:30", 0, kChina), kNow);
  EXPECT_EQ(*time_from("2026-11-21 13:30:00Z", 0, kChina), kNow);
  EXPECT_EQ(*time_from("2026-11-21T22:30:00+09:00", 0, kChina), kNow);
}

TEST(TimeText, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "25:00", "12:60", "24:01", "2026-02-30T10:00", "2026-11-21", "21:30x", "-1:00"})
    EXPECT_FALSE(time_from(text, kNow, kChina)) << text;
}

TEST(TimeText, ADayHasTwentyFourHoursOfTheCity) {
  const auto day = day_from("2026-11-21", kNow, kChina);
  ASSERT_TRUE(day);
  EXPECT_EQ(iso_time(day->from_us, kChina), "2026-11-21T00:00:00+08:00");
  EXPECT_EQ(day->to_us - day->from_us, 86'400'000'000);
  EXPECT_EQ(day_from("今天", kNow, kChina)->from_us, day->from_us);
  EXPECT_EQ(day_from("yesterday", kNow, kChina)->to_us, day->from_us);
  EXPECT_FALSE(day_from("2026-13-01", kNow, kChina));
}

}  // namespace
}  // namespace kapok::cli
