#include "load/progress_bar.h"

#include <gtest/gtest.h>

namespace kapok::load {
namespace {

TEST(ProgressBar, FillsWithItsShareAndStaysInItsBounds) {
  EXPECT_EQ(bar_text("week", 0.5, "Wed 13:00"), "week ███████████████░░░░░░░░░░░░░░░  50 %  Wed 13:00");
  EXPECT_EQ(bar_text("w", 2, ""), "w ██████████████████████████████ 100 %");
  EXPECT_EQ(bar_text("w", -1, ""), "w ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %");
}

TEST(ProgressBar, NothingIsWrittenWhereNobodyWatches) {
  testing::internal::CaptureStderr();
  {
    ProgressBar bar("week");
    bar.show(0.5);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace kapok::load
