#include "core/phone_number.h"

#include <gtest/gtest.h>

namespace kapok {
namespace {

struct Example {
  const char* text;
  NumberKind kind;
  const char* canonical;
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.text; }

class PhoneNumberReads : public testing::TestWithParam<Example> {};

TEST_P(PhoneNumberReads, AsKindAndOneSpelling) {
  const PhoneNumber number = parse_phone_number(GetParam().text);
  EXPECT_EQ(name_of(number.kind), name_of(GetParam().kind));
  EXPECT_EQ(number.canonical, GetParam().canonical);
  EXPECT_EQ(number.raw, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Mobiles, PhoneNumberReads,
                         testing::Values(Example{"13800138000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"138-0013-8000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"138 0013 8000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"+8613800138000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"008613800138000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"8613800138000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"013800138000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"１３８００１３８０００", NumberKind::kMobile, "+8613800138000"},
                                         Example{"＋８６ 13800138000", NumberKind::kMobile, "+8613800138000"},
                                         Example{"16620001234", NumberKind::kMobile, "+8616620001234"},
                                         Example{"19912345678", NumberKind::kMobile, "+8619912345678"},
                                         Example{"15412345678", NumberKind::kRaw, ""},
                                         Example{"1380013800", NumberKind::kRaw, ""},
                                         Example{"138001380001", NumberKind::kRaw, ""}));

INSTANTIATE_TEST_SUITE_P(Landlines, PhoneNumberReads,
                         testing::Values(Example{"020-83123456", NumberKind::kLandline, "+862083123456"},
                                         Example{"(020) 8312 3456", NumberKind::kLandline, "+862083123456"},
                                         Example{"（020）83123456", NumberKind::kLandline, "+862083123456"},
                                         Example{"83123456", NumberKind::kLandline, "+862083123456"},
                                         Example{"2083123456", NumberKind::kLandline, "+862083123456"},
                                         Example{"+86 (0)20 8312 3456", NumberKind::kLandline, "+862083123456"},
                                         Example{"0086-20-83123456", NumberKind::kLandline, "+862083123456"},
                                         Example{"010-65123456", NumberKind::kLandline, "+861065123456"},
                                         Example{"0755-82123456", NumberKind::kLandline, "+8675582123456"},
                                         Example{"0763-3312345", NumberKind::kLandline, "+867633312345"},
                                         Example{"020-3123456", NumberKind::kRaw, ""},
                                         Example{"020-13123456", NumberKind::kRaw, ""},
                                         Example{"0260-8312345", NumberKind::kRaw, ""},
                                         Example{"3123456", NumberKind::kRaw, ""}));

INSTANTIATE_TEST_SUITE_P(ShortAndService, PhoneNumberReads,
                         testing::Values(Example{"110", NumberKind::kShortCode, "110"},
                                         Example{"12345", NumberKind::kShortCode, "12345"},
                                         Example{"12356", NumberKind::kShortCode, "12356"},
                                         Example{"10086", NumberKind::kShortCode, "10086"},
                                         Example{"95588", NumberKind::kShortCode, "95588"},
                                         Example{"106900001234", NumberKind::kShortCode, "106900001234"},
                                         Example{"400-123-4567", NumberKind::kService, "+864001234567"},
                                         Example{"8008201234", NumberKind::kService, "+868008201234"}));

INSTANTIATE_TEST_SUITE_P(
    Addresses, PhoneNumberReads,
    testing::Values(Example{"tel:+86-138-0013-8000", NumberKind::kMobile, "+8613800138000"},
                    Example{"tel:83123456;phone-context=+8620", NumberKind::kLandline, "+862083123456"},
                    Example{"sip:13800138000@10.0.0.1:5060", NumberKind::kMobile, "+8613800138000"},
                    Example{"SIPS:+8613800138000@gw.example;user=phone", NumberKind::kMobile, "+8613800138000"},
                    Example{"\"Li\" <sip:02083123456@gw>", NumberKind::kLandline, "+862083123456"},
                    Example{"sip:13800138000:secret@gw", NumberKind::kMobile, "+8613800138000"},
                    Example{"sip:li.wei@gw.example", NumberKind::kRaw, ""}));

INSTANTIATE_TEST_SUITE_P(Foreign, PhoneNumberReads,
                         testing::Values(Example{"+85223456789", NumberKind::kForeign, "+85223456789"},
                                         Example{"0085223456789", NumberKind::kForeign, "+85223456789"},
                                         Example{"+1234567", NumberKind::kForeign, "+1234567"},
                                         Example{"+123456789012345", NumberKind::kForeign, "+123456789012345"},
                                         Example{"+123456", NumberKind::kRaw, ""},
                                         Example{"+1234567890123456", NumberKind::kRaw, ""},
                                         Example{"+0123456789", NumberKind::kRaw, ""},
                                         Example{"+8612345", NumberKind::kRaw, ""}));

INSTANTIATE_TEST_SUITE_P(
    Withheld, PhoneNumberReads,
    testing::Values(Example{"", NumberKind::kWithheld, ""}, Example{"  ", NumberKind::kWithheld, ""},
                    Example{"anonymous", NumberKind::kWithheld, ""}, Example{"Anonymous", NumberKind::kWithheld, ""},
                    Example{"sip:anonymous@anonymous.invalid", NumberKind::kWithheld, ""},
                    Example{"\"Anonymous\" <sip:anonymous@anonymous.invalid>", NumberKind::kWithheld, ""},
                    Example{"unknown", NumberKind::kWithheld, ""}, Example{"未知", NumberKind::kWithheld, ""},
                    Example{"0000000000", NumberKind::kWithheld, ""}, Example{"sip:@gw", NumberKind::kWithheld, ""}));

INSTANTIATE_TEST_SUITE_P(
    AnythingElse, PhoneNumberReads,
    testing::Values(Example{"020-83123456转801", NumberKind::kRaw, ""}, Example{"hello", NumberKind::kRaw, ""},
                    Example{"13800138000 13900139000", NumberKind::kRaw, ""}, Example{"+", NumberKind::kRaw, ""},
                    Example{"138+00138000", NumberKind::kRaw, ""}, Example{"\xEF\xBC", NumberKind::kRaw, ""},
                    Example{"<", NumberKind::kWithheld, ""}, Example{"sip:", NumberKind::kWithheld, ""}));

TEST(PhoneNumber, BeyondTheLimitStaysRaw) {
  EXPECT_EQ(parse_phone_number(std::string(256, '1')).kind, NumberKind::kRaw);
  EXPECT_EQ(parse_phone_number(std::string(257, '0')).kind, NumberKind::kRaw);
  EXPECT_EQ(parse_phone_number(std::string(256, '0')).kind, NumberKind::kWithheld);
}

TEST(PhoneNumber, AnotherCityReadsItsOwnLandlines) {
  EXPECT_EQ(parse_phone_number("82123456", "755").canonical, "+8675582123456");
  EXPECT_EQ(parse_phone_number("3312345", "763").canonical, "+867633312345");
}

TEST(PhoneNumber, ItsOwnSpellingsReadBackAsTheSame) {
  for (const char* text : {"13800138000", "020-83123456", "0763-3312345", "4001234567", "+85223456789", "12345"}) {
    const PhoneNumber number = parse_phone_number(text);
    EXPECT_EQ(parse_phone_number(number.canonical).canonical, number.canonical) << text;
    EXPECT_EQ(parse_phone_number(written(number)).canonical, number.canonical) << text;
    EXPECT_EQ(written(number), text);
  }
}

TEST(PhoneNumber, OnlyNumbersOfPeopleAndOfficesCanBeRung) {
  EXPECT_TRUE(can_ring(parse_phone_number("13800138000")));
  EXPECT_TRUE(can_ring(parse_phone_number("020-83123456")));
  EXPECT_TRUE(can_ring(parse_phone_number("+85223456789")));
  EXPECT_FALSE(can_ring(parse_phone_number("12345")));
  EXPECT_FALSE(can_ring(parse_phone_number("anonymous")));
  EXPECT_FALSE(can_ring(parse_phone_number("hello")));
}

TEST(PhoneNumber, WithheldAndRawMatchNothing) {
  for (const char* text : {"", "anonymous", "hello", "1380013800"}) {
    EXPECT_FALSE(can_match(parse_phone_number(text))) << text;
    EXPECT_EQ(last_four(parse_phone_number(text)), "") << text;
  }
  EXPECT_EQ(last_four(parse_phone_number("138-0013-8765")), "8765");
  EXPECT_EQ(last_four(parse_phone_number("110")), "");
}

TEST(PhoneNumber, MaskingShowsNoWholeNumber) {
  EXPECT_EQ(masked(parse_phone_number("+8613812341234")), "138****1234");
  EXPECT_EQ(masked(parse_phone_number("83123456")), "020****3456");
  EXPECT_EQ(masked(parse_phone_number("+85223456789")), "+852****6789");
  EXPECT_EQ(masked(parse_phone_number("+1234567")), "****67");
  EXPECT_EQ(masked(parse_phone_number("12345")), "12345");
  EXPECT_EQ(masked(parse_phone_number("1380013800 Li")), "****");
  EXPECT_EQ(masked(parse_phone_number("")), "");
}

}  // namespace
}  // namespace kapok
