#include "core/text.h"

#include <gtest/gtest.h>

#include "core/masking.h"

namespace kapok {
namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(Text, TakesEveryPlaneOfUnicode) {
  for (const char* text : {"", "abc", "米面", "𠮷", "阿·凡提", "👵🏽"}) EXPECT_TRUE(is_valid_utf8(text)) << text;
}

TEST(Text, RefusesWhatIsNotUtf8) {
  for (const char* text : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE7\xB1", "\xE7\xB1x", "\xFF"})
    EXPECT_FALSE(is_valid_utf8(text));
}

TEST(Text, CountsCharactersNotBytes) {
  EXPECT_EQ(code_points("米面ab𠮷"), 5U);
  EXPECT_EQ(first_code_points("𠮷米面", 1), "𠮷");
  EXPECT_EQ(first_code_points("米面", 5), "米面");
  EXPECT_EQ(first_code_points("米面", 0), "");
}

TEST(Text, TheLimitIsTheLastThatFits) {
  EXPECT_TRUE(check_line(repeated("𠮷", kNameCharsMax), "name", kNameCharsMax));
  const auto refused = check_line(repeated("米", kNameCharsMax + 1), "name", kNameCharsMax);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::kTextTooLong, "name takes at most 64 characters"}));
  EXPECT_TRUE(check_note(repeated("米", kNoteCharsMax), "summary"));
  EXPECT_FALSE(check_note(repeated("米", kNoteCharsMax + 1), "summary"));
  EXPECT_EQ(check_note(repeated("\xFF", kNoteCharsMax * 5), "summary").error().code, ErrorCode::kTextTooLong);
}

TEST(Text, ANoteMayHaveLinesAndALineMayNot) {
  EXPECT_TRUE(check_note("一\n二", "summary"));
  EXPECT_EQ(check_line("一\n二", "name", 64).error().code, ErrorCode::kInvalidArgument);
  for (const char* text : {"a\tb", "a\rb", "a\x01", "a\x7F"}) EXPECT_FALSE(check_note(text, "summary"));
  EXPECT_FALSE(check_note(std::string_view{"a\0b", 3}, "summary"));
  EXPECT_EQ(check_note("\xFF", "summary").error().code, ErrorCode::kTextNotUtf8);
}

TEST(Text, BlanksAreAsciiAndIdeographic) {
  EXPECT_EQ(trimmed(" 　米 面\t\n　"), "米 面");
  EXPECT_TRUE(is_blank("　 \n"));
  EXPECT_FALSE(is_blank("。"));
}

TEST(Masking, ANameKeepsItsFirstCharacter) {
  EXPECT_EQ(mask_name("张伟"), "张*");
  EXPECT_EQ(mask_name("𠮷永小百合"), "𠮷*");
  EXPECT_EQ(mask_name(""), "");
}

TEST(Masking, ANumberKeepsItsEnds) {
  EXPECT_EQ(mask_number("13812341234"), "138****1234");
  EXPECT_EQ(mask_number("+8613812341234"), "138****1234");
  EXPECT_EQ(mask_number("83123456"), "****56");
  EXPECT_EQ(mask_number("110"), "****");
  EXPECT_EQ(mask_number(""), "");
}

TEST(Text, TheUpperControlCharactersAreControlCharactersToo) {
  EXPECT_TRUE(has_control("a\xC2\x80", true));
  EXPECT_TRUE(
      has_control("\xC2\x9B"
                  "31m",
                  true))
      << "a terminal's escape";
  EXPECT_TRUE(has_control("\xC2\x9F", true));
  EXPECT_FALSE(has_control("\xC2\xA0", true)) << "a no-break space is none";
  EXPECT_FALSE(has_control("棉\xE2\x80\x80", true)) << "80 behind other bytes is none";
  EXPECT_EQ(check_line("x\xC2\x85y", "name", kNameCharsMax).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kapok
