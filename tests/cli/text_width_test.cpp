#include "cli/text_width.h"

#include <gtest/gtest.h>

namespace kapok::cli {
namespace {

TEST(TextWidth, HanCharactersTakeTwoColumns) {
  EXPECT_EQ(width_of("红棉守护"), 8U);
  EXPECT_EQ(width_of("𠮷"), 2U);  // beyond the basic plane
}

TEST(TextWidth, FullWidthFormsTakeTwoAndLettersOne) { EXPECT_EQ(width_of("Ａa（)"), 6U); }

TEST(TextWidth, CombiningMarksTakeNone) { EXPECT_EQ(width_of("e\xCC\x81"), 1U); }

TEST(TextWidth, EachIllFormedByteTakesOne) { EXPECT_EQ(width_of("\xFF\xE7\xBA"), 3U); }

TEST(TextWidth, CuttingNeverSplitsACharacter) {
  EXPECT_EQ(cut_to("荔湾区沙面街道", 6), "荔湾…");
  EXPECT_EQ(cut_to("荔湾区沙面街道", 5), "荔湾…");
  EXPECT_EQ(cut_to("荔湾", 4), "荔湾");
  EXPECT_EQ(cut_to("荔湾", 0), "");
}

TEST(TextWidth, FittedTextIsExactlyAsWideAsAsked) {
  for (std::size_t columns = 1; columns < 20; ++columns) {
    EXPECT_EQ(width_of(fit("白云区 Baiyun", columns)), columns);
    EXPECT_EQ(width_of(fit_right("白云区 Baiyun", columns)), columns);
  }
  EXPECT_EQ(fit_right("7", 3), "  7");
}

}  // namespace
}  // namespace kapok::cli
