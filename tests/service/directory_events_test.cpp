#include "service/directory_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/skill.h"

namespace kapok::service {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr UnitId kCity{1}, kDistrict{3}, kStation{10}, kNeighbour{11};

/// A city of one district and two stations, which tests change before they make it.
struct SmallCity {
  std::vector<Unit> units{{kCity, {}, UnitKind::kCity, "4401", "广州市", "Guangzhou"},
                          {kDistrict, kCity, UnitKind::kDistrict, "440103", "荔湾区", "Liwan"},
                          {kStation, kDistrict, UnitKind::kStation, "440103001", "沙面街道", "Shamian"},
                          {kNeighbour, kDistrict, UnitKind::kStation, "440103002", "岭南街道", "Lingnan"}};
  std::vector<DirectoryLine> lines{{.id = LineId{21}, .unit = kStation, .number = "+862081210001", .name_zh = "热线"}};

  [[nodiscard]] Directory made() const { return {Tree::build(units).value(), lines, {}}; }
};

auto is_unit(UnitId id, RingPreset rings) {
  return AllOf(Field(&routing::Unit::id, id), Field(&routing::Unit::rings, rings));
}

TEST(DirectoryEvents, RoutingIsToldThePresetInForceAtEachUnit) {
  SmallCity city;
  city.units[1].rings = RingPreset::kLocal;
  city.units[3].rings = RingPreset::kNormal;
  EXPECT_THAT(whole_directory(city.made()).units,
              UnorderedElementsAre(is_unit(kCity, RingPreset::kNormal), is_unit(kDistrict, RingPreset::kLocal),
                                   is_unit(kStation, RingPreset::kLocal), is_unit(kNeighbour, RingPreset::kNormal)));
}

TEST(DirectoryEvents, APresetChangedAboveIsToldForEachUnitBelowThatHasNoneOfItsOwn) {
  SmallCity city;
  city.units[3].rings = RingPreset::kNormal;
  const Directory before = city.made();
  city.units[0].rings = RingPreset::kLocal;
  EXPECT_THAT(directory_difference(before, city.made()).units,
              UnorderedElementsAre(is_unit(kCity, RingPreset::kLocal), is_unit(kDistrict, RingPreset::kLocal),
                                   is_unit(kStation, RingPreset::kLocal)));
}

TEST(DirectoryEvents, APresetThatSaysWhatTheParentSaysAlreadyChangesNothing) {
  SmallCity city;
  const Directory before = city.made();
  city.units[2].rings = RingPreset::kNormal;
  EXPECT_THAT(directory_difference(before, city.made()).units, IsEmpty());
}

TEST(DirectoryEvents, ALineIsToldWithTheSkillsItNeedsAndAgainWhenTheyChange) {
  SmallCity city;
  const Directory before = city.made();
  city.lines[0].required_skills = bit_of(Skill::kLegal);
  const auto needs_legal = Field(&routing::Line::required_skills, bit_of(Skill::kLegal));
  EXPECT_THAT(whole_directory(city.made()).lines, ElementsAre(needs_legal));
  EXPECT_THAT(directory_difference(before, city.made()).lines, ElementsAre(needs_legal));
  EXPECT_THAT(directory_difference(city.made(), city.made()).lines, IsEmpty());
}

}  // namespace
}  // namespace kapok::service
