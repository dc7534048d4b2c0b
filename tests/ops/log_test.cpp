#include "ops/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "core/error_code.h"

namespace kapok::ops {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Log, ALineIsTimeSeverityIdAndFields) {
  std::ostringstream out;
  {
    Log log(Severity::kInfo, out);
    log.write(LogId::kAcceptFailed, {{"errno", 24}, {"after", milliseconds(100)}});
  }
  EXPECT_THAT(out.str(), ContainsRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z error KPK-202 ACCEPT_FAILED "
                                       "errno=24 after=100ms\n$"));
}

TEST(Log, IdsAndCodesAreWrittenByTheirNumberAndStableName) {
  std::ostringstream out;
  {
    Log log(Severity::kInfo, out);
    log.write(LogId::kConnectionClosed,
              {{"session", SessionId(77)}, {"why", ErrorCode::kLockedOut}, {"by", Code("hello")}});
  }
  EXPECT_THAT(out.str(), HasSubstr("CONNECTION_CLOSED session=77 why=LOCKED_OUT by=hello\n"));
}

TEST(Log, MessagesBelowTheLeastSeverityAreLeftOut) {
  std::ostringstream out;
  {
    Log log(Severity::kWarning, out);
    log.write(LogId::kServerReady);
    log.write(LogId::kRowDamaged);
  }
  EXPECT_THAT(out.str(), Not(HasSubstr("SERVER_READY")));
  EXPECT_THAT(out.str(), HasSubstr("ROW_DAMAGED"));
}

TEST(Log, LinesDroppedInAFloodAreCountedInTheLog) {
  std::ostringstream out;
  constexpr int kWritten = 50'000;
  {
    Log log(Severity::kInfo, out);
    for (int i = 0; i < kWritten; ++i) log.write(LogId::kServerReady, {{"i", i}});
  }
  std::istringstream lines(out.str());
  int kept = 0;
  for (std::string line; std::getline(lines, line);) kept += line.find("SERVER_READY") != std::string::npos;
  const bool said_so = out.str().find("LOG_LINES_LOST lines=") != std::string::npos;
  EXPECT_EQ(kept < kWritten, said_so) << kept;
}

// What the header promises is a matter of types: these do not compile as fields.
static_assert(!std::is_constructible_v<Field, Literal, std::string>);
static_assert(!std::is_constructible_v<Field, Literal, std::string_view>);
static_assert(!std::is_constructible_v<Field, Literal, double>);
static_assert(!std::is_convertible_v<std::string, Literal>);

TEST(LogField, ANumberOfElevenDigitsDoesNotFitInACount) {
  EXPECT_EQ(Field("n", 13800138000LL).value(), "4294967295");
  EXPECT_EQ(Field("n", -1).value(), "0");
  EXPECT_EQ(Field("n", 512U).value(), "512");
}

TEST(LogMessages, EachIdHasARowWithItsOwnNameNumberAndBothSentences) {
  std::set<std::string_view> names;
  std::set<int> numbers;
  for (int i = 0; i <= static_cast<int>(LogId::kLogLinesLost); ++i) {
    const LogMessage& row = message_of(static_cast<LogId>(i));
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(numbers.insert(row.number).second && row.number > 100 && row.number < 1000) << row.name;
    EXPECT_EQ(row.says.back(), '.') << row.name;
    EXPECT_EQ(row.operator_can.back(), '.') << row.name;
  }
}

/// "kWalLarge" and "WAL_LARGE" alike.
std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char letter : name)
    if (letter != '_') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return letters;
}

TEST(LogMessages, EachIsWrittenSomewhereInTheServer) {
  std::set<std::string> written;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(KAPOK_SOURCE_DIR "/server")) {
    if (entry.path().stem() == "log_message" || entry.path().extension() != ".cpp") continue;
    const std::string text = text_of(entry.path());
    const std::regex use("LogId::k([A-Za-z]+)");
    for (std::sregex_iterator found(text.begin(), text.end(), use), end; found != end; ++found)
      written.insert(letters_of((*found)[1].str()));
  }
  for (int i = 0; i <= static_cast<int>(LogId::kLogLinesLost); ++i) {
    const std::string_view name = message_of(static_cast<LogId>(i)).name;
    EXPECT_TRUE(written.contains(letters_of(name))) << name << " stands in the runbook and is never logged";
  }
}

TEST(LogMessages, OperatorsReadTheSameTableInTheReadme) {
  const std::string readme = text_of(KAPOK_SOURCE_DIR "/deploy/README.md");
  EXPECT_THAT(readme, HasSubstr(log_messages_markdown()))
      << "put this under \"Log messages\" in deploy/README.md (kapokd --explain-log prints it):\n"
      << log_messages_markdown();
}

}  // namespace
}  // namespace kapok::ops
