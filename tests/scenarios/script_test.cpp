#include "scenarios/script.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kapok::scenario {
namespace {

const std::string kCity = "unit 广州 city\nunit 沙面 station in 广州\nline 沙面热线 of 沙面\n";
const std::string kHead = "rule: a rule\nsource: here\n";
const std::string kWorker = "worker 小明 desk at 沙面\n";
const std::string kCall = "10:00:00 甲 calls 沙面热线\n";

std::vector<std::string> told(const std::string& text) { return play("f.txt", text, "city.txt", kCity).told; }

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(told(text));
  } catch (const FileFault& fault) {
    return fault.text;
  }
  return "taken";
}

TEST(Script, SaysTheAnswerBeneathTheEvent) {
  const auto lines = told(kHead + kWorker + kCall);
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(lines[3], "10:00:00 甲 calls 沙面热线");
  EXPECT_EQ(lines[4], "> 甲 is recorded for 沙面, class normal");
  EXPECT_EQ(lines[5], "> offer 甲 to 小明 by desk until 10:00:12, ring station, class normal");
  EXPECT_EQ(lines[6], "> 小明 is offered");
}

TEST(Script, GivesWhatTimersDoTheirOwnTime) {
  const auto lines = told(kHead + kWorker + kCall + "10:01:00 nothing happens\n");
  EXPECT_EQ(std::ranges::count(lines, "> 10:00:12 小明 has missed 甲"), 1);
}

TEST(Script, WritesOldAnswersAnew) {
  const auto fresh = told(kHead + kWorker + kCall);
  EXPECT_EQ(told(kHead + kWorker + kCall + "> 甲 is sent away\n"), fresh);
}

TEST(Script, KeepsRemarksInTheirPlaces) {
  const auto lines = told(kHead + "\n# who\n" + kWorker + kCall + "# then\n10:00:01 甲 hangs up\n");
  EXPECT_EQ(lines[3], "# who");
  EXPECT_EQ(lines[9], "# then");
}

TEST(Script, NamesAMustThatDidNotComeToPass) {
  const auto played = play("f.txt", kHead + "must 10:00:12 小明 is off_duty\n" + kWorker + kCall, "c", kCity);
  ASSERT_EQ(played.unmet.size(), 1u);
  EXPECT_TRUE(played.unmet.front().starts_with("f.txt:3: ")) << played.unmet.front();
}

TEST(Script, NamesANeverThatCameToPass) {
  const std::string never =
      "never 小明 is offered\nnever before 10:00:00 小明 is offered\nnever after 10:00:00 小明 is offered\n";
  const auto played = play("f.txt", kHead + never + kWorker + kCall, "c", kCity);
  ASSERT_EQ(played.unmet.size(), 1u);
  EXPECT_TRUE(played.unmet.front().starts_with("f.txt:3: ")) << played.unmet.front();
}

TEST(Script, HoldsMustsToTheirOrder) {
  const std::string wrong = "must 10:00:00 小明 is offered\nmust 10:00:00 offer 甲 to 小明\n";
  EXPECT_EQ(play("f.txt", kHead + wrong + kWorker + kCall, "c", kCity).unmet.size(), 1u);
}

TEST(Script, TakesANameWholeInAMust) {
  const std::string text = kHead + "never offer 甲 to 小\n" + kWorker + kCall;
  EXPECT_TRUE(play("f.txt", text, "c", kCity).unmet.empty());
}

TEST(Script, CountsOnAfterMidnightOnlyWhenToldSo) {
  const std::string late = "23:59:59 甲 calls 沙面热线\n";
  EXPECT_EQ(refusal(kHead + late + "00:00:01 甲 hangs up\n").substr(0, 8), "f.txt:4:");
  EXPECT_EQ(refusal(kHead + late + "next day\n00:00:01 甲 hangs up\n"), "taken");
}

TEST(Script, RefusesWithFileAndLine) {
  const auto place = [](const std::string& text) { return refusal(text).substr(0, 8); };
  EXPECT_EQ(place(kCall), "f.txt:1:");                                           // no rule
  EXPECT_EQ(place(kHead), "f.txt:2:");                                           // no event
  EXPECT_EQ(place(kHead + "worker 小明 desk in 沙面\n" + kCall), "f.txt:3:");    // wrong word
  EXPECT_EQ(place(kHead + "worker 小明 chair at 沙面\n" + kCall), "f.txt:3:");   // no such endpoint
  EXPECT_EQ(place(kHead + "worker 小明 desk at 逢源\n" + kCall), "f.txt:3:");    // no such unit
  EXPECT_EQ(place(kHead + "worker 沙面 desk at 沙面\n" + kCall), "f.txt:3:");    // the name of a unit
  EXPECT_EQ(place(kHead + kWorker + kWorker + kCall), "f.txt:4:");               // twice
  EXPECT_EQ(place(kHead + kWorker + "25:00:00 小明 is ready\n"), "f.txt:4:");    // no such time
  EXPECT_EQ(place(kHead + kWorker + "9:00:00 小明 is ready\n"), "f.txt:4:");     // no time at all
  EXPECT_EQ(place(kHead + kCall + "10:00:01 甲 sings\n"), "f.txt:4:");           // no such event
  EXPECT_EQ(place(kHead + kCall + "10:00:01 乙 hangs up\n"), "f.txt:4:");        // nobody of this name
  EXPECT_EQ(place(kHead + kCall + "10:00:01 甲 calls 沙面热线\n"), "f.txt:4:");  // twice
  EXPECT_EQ(place(kHead + kCall + "10:00:01 甲 hangs  up\n"), "f.txt:4:");       // a blank too many
  EXPECT_EQ(place(kHead + "10:00:00 甲 calls 沙面热线, tall\n"), "f.txt:3:");    // no such fact
  EXPECT_EQ(place(kHead + kCall + "09:59:59 甲 hangs up\n"), "f.txt:4:");        // backwards
  EXPECT_EQ(place(kHead + kCall + "then\n"), "f.txt:4:");                        // no event
  EXPECT_EQ(place(kHead + "must 小明 is ready\n" + kCall), "f.txt:3:");          // when?
}

TEST(Script, RefusesAWrongCityByItsOwnName) {
  EXPECT_THROW(static_cast<void>(play("f.txt", kHead + kCall, "city.txt", "unit 广州 town\n")), FileFault);
}

}  // namespace
}  // namespace kapok::scenario
