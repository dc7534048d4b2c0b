#include "ops/disk_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace kapok::ops {
namespace {

TEST(DiskWatch, AlarmsAreAtTwentyTenAndFivePercent) {
  EXPECT_EQ(free_space_alarm(200, 1000), 0);
  EXPECT_EQ(free_space_alarm(199, 1000), 20);
  EXPECT_EQ(free_space_alarm(99, 1000), 10);
  EXPECT_EQ(free_space_alarm(49, 1000), 5);
  EXPECT_EQ(free_space_alarm(0, 1000), 5);
}

TEST(DiskWatch, EachAlarmIsToldOnceUntilItWasLeft) {
  AlarmLevel level;
  EXPECT_FALSE(level.is_worse(0));
  EXPECT_TRUE(level.is_worse(20));
  EXPECT_FALSE(level.is_worse(20));
  EXPECT_TRUE(level.is_worse(5));
  EXPECT_FALSE(level.is_worse(10));
  EXPECT_FALSE(level.is_worse(0));
  EXPECT_TRUE(level.is_worse(20));
}

TEST(DiskWatch, AWriteAheadLogOf256MiBIsNamed) {
  const auto file = std::filesystem::temp_directory_path() / ("kapok-wal-" + std::to_string(::getpid()));
  std::ofstream(file).close();
  std::filesystem::resize_file(file, kLogBytesAlarm + 1);  // sparse: takes no room
  std::ostringstream text;
  {
    Log log(Severity::kInfo, text);
    const DiskWatch watch(log, {{}, file, std::chrono::hours(1)});
  }
  std::filesystem::remove(file);
  EXPECT_THAT(text.str(), testing::HasSubstr("WAL_LARGE mib=256"));
}

}  // namespace
}  // namespace kapok::ops
