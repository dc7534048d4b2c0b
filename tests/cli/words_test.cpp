#include <gtest/gtest.h>

#include <set>
#include <string>

#include "cli/command_line.h"
#include "cli/enum_words.h"

namespace kapok::cli {
namespace {

bool has_han(std::string_view text) {
  for (const char sign : text)
    if (static_cast<unsigned char>(sign) >= 0xE4 && static_cast<unsigned char>(sign) <= 0xE9) return true;
  return false;
}

void check_help(const CLI::App& app, bool chinese, const std::string& path) {
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    EXPECT_EQ(has_han(below->get_description()), chinese) << path << ' ' << below->get_name();
    check_help(*below, chinese, path + " " + below->get_name());
  }
}

TEST(Words, EveryCommandIsExplainedInTheLanguageAskedFor) {
  check_help(Program(Language::kChinese).app, true, "kapokctl");
  check_help(Program(Language::kEnglish).app, false, "kapokctl");
}

TEST(Words, TheLocaleDecidesUnlessAskedOtherwise) {
  EXPECT_EQ(language_of("", "zh_CN.UTF-8"), Language::kChinese);
  EXPECT_EQ(language_of("", "C.UTF-8"), Language::kEnglish);
  EXPECT_EQ(language_of("en", "zh_CN.UTF-8"), Language::kEnglish);
}

template <class E>
void check_enumeration() {
  std::set<std::string> seen;
  for (std::size_t at = 1; at <= kEnumWords<E>.size(); ++at) {
    const auto value = static_cast<E>(at);
    EXPECT_TRUE(has_han(word(value, Language::kChinese)) ||
                word(value, Language::kChinese).find_first_of("0123456789") == 0)
        << stable_name(value);
    EXPECT_FALSE(has_han(word(value, Language::kEnglish))) << stable_name(value);
    EXPECT_EQ(from_word<E>(stable_name(value)), value);
    EXPECT_EQ(from_word<E>(word(value, Language::kChinese)), value);
    EXPECT_TRUE(seen.insert(stable_name(value)).second);
  }
  EXPECT_FALSE(from_word<E>("no such word"));
  EXPECT_EQ(word(static_cast<E>(0), Language::kChinese), "—");
  EXPECT_EQ(word(static_cast<E>(99), Language::kEnglish), "other");
}

TEST(Words, EveryValueHasOneChineseAndOneEnglishWordAndIsReadBack) {
  check_enumeration<v1::NeedKind>();
  check_enumeration<v1::ContactType>();
  check_enumeration<v1::RiskLevel>();
  check_enumeration<v1::Channel>();
  check_enumeration<v1::CallOutcome>();
  check_enumeration<v1::ReturnReason>();
  check_enumeration<v1::ClosureResult>();
  check_enumeration<v1::AttemptResult>();
  check_enumeration<v1::Role>();
  check_enumeration<v1::WorkerState>();
  check_enumeration<v1::OfferReason>();
  check_enumeration<v1::TransferKind>();
  check_enumeration<v1::TransferEnd>();
}

TEST(Words, StableNamesAreThoseOfLogAndDatabase) {
  EXPECT_EQ(stable_name(v1::CALL_OUTCOME_MISSED_NOBODY_ON_DUTY), "missed_nobody_on_duty");
  EXPECT_EQ(stable_name(v1::CHANNEL_TRANSFER_12345), "transfer_12345");
  EXPECT_EQ(stable_name(v1::KPI_BUCKET_AB), "ab");
}

}  // namespace
}  // namespace kapok::cli
