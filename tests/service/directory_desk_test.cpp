#include "service/directory_desk.h"

#include <gmock/gmock.h>

#include "core/skill.h"
#include "service/city_fixture.h"

namespace kapok::service {
namespace {

using testing::ElementsAre;

/// The small city of the fixture with the district's callers kept local and a line for legal advice.
struct DirectoryDesks : testing::Test {
  DirectoryDesks() {
    std::vector<Unit> units(before->tree().units().begin(), before->tree().units().end());
    units[2].rings = RingPreset::kLocal;
    auto lines = before->lines();
    lines[0].required_skills = bit_of(Skill::kLegal);
    auto workers = before->workers();
    workers[0].skills = bit_of(Skill::kLegal) | bit_of(Skill::kElderCare);
    city.office().directory = std::make_shared<Directory>(Tree::build(std::move(units)).value(), lines, workers);
  }
  template <class Answer, class Body>
  Answer answer(Body body) {
    DirectoryDesk desk(city.office());
    return std::get<Answer>(city.ask(desk, client, std::move(body)).body.value());
  }
  City city;
  std::shared_ptr<const Directory> before = city.office().directory;
  TestClient client = city.connect(City::kAn);
};

TEST_F(DirectoryDesks, AUnitIsShownWithThePresetInForceAndWhetherItIsItsOwn) {
  const auto district = answer<api::UnitList>(api::FindUnits{.text = "440103", .parent = {}});
  ASSERT_EQ(district.units.size(), 1U);
  EXPECT_EQ(district.units[0].rings, RingPreset::kLocal);
  EXPECT_TRUE(district.units[0].rings_own);
  const auto station = answer<api::UnitList>(api::FindUnits{.text = "440103001", .parent = {}});
  ASSERT_EQ(station.units.size(), 1U);
  EXPECT_EQ(station.units[0].rings, RingPreset::kLocal);
  EXPECT_FALSE(station.units[0].rings_own);
}

TEST_F(DirectoryDesks, LinesAreShownWithTheSkillsTheyNeedAndPeopleWithTheirs) {
  const auto lines = answer<api::LineList>(api::ListLines{City::kStation});
  ASSERT_FALSE(lines.lines.empty());
  EXPECT_THAT(lines.lines[0].required_skills, ElementsAre(Skill::kLegal));
  const auto people = answer<api::WorkerList>(api::FindWorkers{.text = "an", .unit = {}});
  ASSERT_EQ(people.workers.size(), 1U);
  EXPECT_THAT(people.workers[0].skills, ElementsAre(Skill::kElderCare, Skill::kLegal));
}

}  // namespace
}  // namespace kapok::service
