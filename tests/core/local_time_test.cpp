#include "core/local_time.h"

#include <gtest/gtest.h>

#include "core/display_number.h"

namespace kapok {
namespace {

using namespace std::chrono_literals;
using std::chrono::year;

constexpr CivilDay kDay = year{2026} / 11 / 21;

Instant at(std::string_view text) { return parse_local(text, kChinaOffset).value(); }

TEST(LocalTime, ADayIsTheCitysNotUtcs) {
  EXPECT_EQ(day_of(at("2026-11-21 00:00"), kChinaOffset), kDay);
  EXPECT_EQ(day_of(at("2026-11-21 00:00") - 1us, kChinaOffset), add_days(kDay, -1));
  EXPECT_EQ(day_of(at("2026-11-21 00:00"), UtcOffset{0}), add_days(kDay, -1));
  EXPECT_EQ(at("1970-01-01 08:00").us, 0);
}

TEST(LocalTime, ThePeriodOfADayIsHalfOpen) {
  const Period day = period_of_day(kDay, kChinaOffset);
  EXPECT_TRUE(day.contains(at("2026-11-21 00:00")));
  EXPECT_TRUE(day.contains(at("2026-11-22 00:00") - 1us));
  EXPECT_FALSE(day.contains(at("2026-11-22 00:00")));
  EXPECT_EQ(day.length(), 24h);
}

TEST(LocalTime, BeforeTheEpochTimeStillRunsForward) {
  const LocalTime local = to_local(Instant{-1}, UtcOffset{0});
  EXPECT_EQ(local.day, year{1969} / 12 / 31);
  EXPECT_EQ(local.since_midnight, 24h - 1us);
}

TEST(LocalTime, NightRunsFromTenToHalfPastSeven) {
  EXPECT_FALSE(is_night(at("2026-11-21 21:59:59"), kChinaOffset));
  EXPECT_TRUE(is_night(at("2026-11-21 22:00"), kChinaOffset));
  EXPECT_TRUE(is_night(at("2026-11-22 00:00"), kChinaOffset));
  EXPECT_TRUE(is_night(at("2026-11-22 07:29:59"), kChinaOffset));
  EXPECT_FALSE(is_night(at("2026-11-22 07:30"), kChinaOffset));
}

TEST(LocalTime, WritesWhatItReads) {
  EXPECT_EQ(format_local(at("2026-11-21 03:05:09"), kChinaOffset), "2026-11-21T03:05:09+08:00");
  EXPECT_EQ(format_local(at("2026-11-21 03:05:09"), -210min), "2026-11-20T15:35:09-03:30");
  EXPECT_EQ(format_local_minute(at("2026-11-21 03:05:59"), kChinaOffset), "2026-11-21 03:05");
  for (const char* text : {"2026-02-28T23:59:59+08:00", "2028-02-29T00:00:00+08:00", "1969-07-20T20:17:40+08:00"})
    EXPECT_EQ(format_local(*parse_local(text, UtcOffset{0}), kChinaOffset), text);
  EXPECT_EQ(format_day(*parse_day("2026-01-02")), "2026-01-02");
}

TEST(LocalTime, AZoneWrittenDownWins) {
  EXPECT_EQ(*parse_local("2026-11-21T03:05:00Z", kChinaOffset), at("2026-11-21 11:05"));
  EXPECT_EQ(*parse_local("2026-11-21T03:05-03:30", kChinaOffset), at("2026-11-21 14:35"));
  EXPECT_EQ(at("2026-11-21 24:00"), at("2026-11-22 00:00"));
}

TEST(LocalTime, RefusesOtherText) {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21 3:05", "2026-13-01 00:00", "2026-02-29 00:00", "2026-11-21 24:01",
        "2026-11-21 23:60", "2026-11-21 23:59:60", "2026-11-21 23:59 ", "2026-11-21T23:59+8", "2026-11-21T23:59+08:00x",
        "26-11-21 00:00", "2026/11/21 00:00", "2026-11-21T00:00+15:00"})
    EXPECT_FALSE(parse_local(text, kChinaOffset)) << text;
  for (const char* text : {"2026-11-31", "2026-11-2", "2026-11-21 ", "x", "2026-00-01"})
    EXPECT_FALSE(parse_day(text)) << text;
}

TEST(DisplayNumber, ReadsAloudAsCityDayAndNumber) {
  EXPECT_EQ(format_display_number({"GZ", kDay, 42}), "GZ-261121-0042");
  EXPECT_EQ(format_display_number({"GZ", kDay, 12345}), "GZ-261121-12345");
  for (const char* text : {"GZ-261121-0042", "GZ-261121-12345", "DGSZ-280229-9999"})
    EXPECT_EQ(format_display_number(*parse_display_number(text)), text);
  EXPECT_EQ(parse_display_number("gz-261121-0042"), (DisplayNumber{"GZ", kDay, 42}));
}

TEST(DisplayNumber, RefusesOtherText) {
  for (const char* text : {"", "GZ", "GZ-261121", "GZ-261121-42", "GZ-261131-0042", "GZ-261121-0000", "G-261121-0042",
                           "GZABC-261121-0042", "G1-261121-0042", "GZ-261121-01234", "GZ-261121-0042 ",
                           "GZ-261121-12345678", "GZ-26112-0042", "GZ-261121-00x2"})
    EXPECT_FALSE(parse_display_number(text)) << text;
}

}  // namespace
}  // namespace kapok
