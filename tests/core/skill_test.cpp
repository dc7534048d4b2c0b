#include "core/skill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kapok {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Skill, ASetIsReadFromItsBitsInTheOrderOfTheWords) {
  EXPECT_THAT(skills_in(bit_of(Skill::kLegal) | bit_of(Skill::kCounselling)),
              ElementsAre(Skill::kCounselling, Skill::kLegal));
  EXPECT_THAT(skills_in(0), IsEmpty());
}

TEST(Skill, BitsWithoutAWordAreLeftOut) {
  EXPECT_THAT(skills_in((std::uint64_t{1} << 61) | bit_of(Skill::kCrisis)), ElementsAre(Skill::kCrisis));
}

TEST(Skill, ABitIsForEver) {
  // Stores hold these numbers: a value that moved would give people skills they never had.
  EXPECT_EQ(bit_of(Skill::kCounselling), 1U);
  EXPECT_EQ(bit_of(Skill::kCrisis), 2U);
  EXPECT_EQ(bit_of(Skill::kChildProtection), 4U);
  EXPECT_EQ(bit_of(Skill::kDomesticViolence), 8U);
  EXPECT_EQ(bit_of(Skill::kElderCare), 16U);
  EXPECT_EQ(bit_of(Skill::kDisability), 32U);
  EXPECT_EQ(bit_of(Skill::kLegal), 64U);
}

}  // namespace
}  // namespace kapok
