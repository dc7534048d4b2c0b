#include "core/skill.h"
#include "service/imports_fixture.h"

namespace kapok::service {
namespace {

std::string line_that_needs(const std::string& skills) {
  return "number,name_zh,name_en,unit_code,mode,crisis,invented,required_skills\n"
         "020-00100001,沙面热线,Shamian line,440103001,trunk,no,yes," +
         skills + "\n";
}

std::string skilled_person(const std::string& skills) {
  return "account,name_zh,unit_code,roles,languages,endpoints,invented,skills\n"
         "440103001-01,陈嘉,440103001,worker,putonghua;cantonese,desk;phone:020-02000001,yes," +
         skills + "\n";
}

TEST_F(Imports, ALineNeedsTheSkillsOfItsColumnAndAPersonHasThoseOfHis) {
  take_small_city();
  ASSERT_TRUE(take(api::ImportKind::kPeople, skilled_person("legal;counselling")).committed);
  const auto report = take(api::ImportKind::kLines, line_that_needs("legal"));
  EXPECT_TRUE(report.committed);
  EXPECT_TRUE(report.problems.empty());
  const auto city = directory();
  EXPECT_EQ(city->lines()[0].required_skills, bit_of(Skill::kLegal));
  EXPECT_EQ(city->worker_by_account("440103001-01")->skills, bit_of(Skill::kLegal) | bit_of(Skill::kCounselling));
}

TEST_F(Imports, FilesWithoutTheColumnsLeaveSkillsAsTheyAre) {
  take_small_city();
  ASSERT_TRUE(take(api::ImportKind::kPeople, skilled_person("legal")).committed);
  ASSERT_TRUE(take(api::ImportKind::kLines, line_that_needs("legal")).committed);
  ASSERT_TRUE(take(api::ImportKind::kPeople, kPeople).committed);
  EXPECT_EQ(take(api::ImportKind::kLines,
                 "number,name_zh,name_en,unit_code,mode,crisis,invented\n"
                 "020-00100001,沙面热线,Shamian line,440103001,trunk,no,yes\n")
                .changed,
            0U);
  EXPECT_EQ(directory()->lines()[0].required_skills, bit_of(Skill::kLegal));
  EXPECT_EQ(directory()->worker_by_account("440103001-01")->skills, bit_of(Skill::kLegal));
}

TEST_F(Imports, AnEmptyCellTakesSkillsBack) {
  take_small_city();
  ASSERT_TRUE(take(api::ImportKind::kPeople, skilled_person("legal")).committed);
  ASSERT_TRUE(take(api::ImportKind::kLines, line_that_needs("legal")).committed);
  ASSERT_TRUE(take(api::ImportKind::kPeople, skilled_person("")).committed);
  EXPECT_EQ(take(api::ImportKind::kLines, line_that_needs("")).changed, 1U);
  EXPECT_EQ(directory()->lines()[0].required_skills, 0U);
  EXPECT_EQ(directory()->worker_by_account("440103001-01")->skills, 0U);
}

TEST_F(Imports, AnUnknownSkillIsRefusedWithItsRow) {
  take_small_city();
  EXPECT_EQ(only_problem(take(api::ImportKind::kLines, line_that_needs("magic"))),
            "2: required_skills: unknown word \"magic\"");
  EXPECT_EQ(only_problem(take(api::ImportKind::kPeople, skilled_person("magic"))), "2: skills: unknown word \"magic\"");
}

TEST_F(Imports, ALineThatNeedsSkillsNobodyHasTogetherIsTakenWithAWarning) {
  take_small_city();
  ASSERT_TRUE(take(api::ImportKind::kPeople, skilled_person("legal")).committed);
  const auto report = take(api::ImportKind::kLines, line_that_needs("legal;elder_care"));
  EXPECT_TRUE(report.committed);
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_TRUE(report.problems[0].warning);
  EXPECT_EQ(report.problems[0].row, 2U);
}

}  // namespace
}  // namespace kapok::service
