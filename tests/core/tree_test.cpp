#include "core/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/small_city.h"

namespace kapok {
namespace {

using namespace testing_city;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Tree, KnowsItsUnitsByIdAndCode) {
  const Tree city = tree();
  EXPECT_EQ(city.root(), kProvince);
  EXPECT_EQ(city.find_code("440103001")->id, kShamian);
  EXPECT_EQ(city.find_code("nowhere"), nullptr);
  EXPECT_EQ(city.find(UnitId{999}), nullptr);
  EXPECT_THAT(city.children(kLiwan), ElementsAre(kShamian, kLingnan));
  EXPECT_THAT(city.children(UnitId{999}), IsEmpty());
}

TEST(Tree, StaysWholeWhenCopied) {
  Tree copy;
  {
    const Tree city = tree();
    copy = city;
  }
  EXPECT_EQ(copy.find_code("440103001101")->name_zh, "翠洲社区居民委员会");
}

TEST(Tree, AUnitIsWithinItselfAndAllAbove) {
  const Tree city = tree();
  for (const UnitId top : {kCuizhou, kShamian, kLiwan, kEast, kCity, kProvince})
    EXPECT_TRUE(city.is_within(kCuizhou, top));
  for (const UnitId top : {kLingnan, kYuexiu, kWest, UnitId{}, UnitId{999}})
    EXPECT_FALSE(city.is_within(kCuizhou, top));
  EXPECT_FALSE(city.is_within(kLiwan, kShamian));
  EXPECT_FALSE(city.is_within(UnitId{}, kCity));
}

TEST(Tree, ASubtreeListsParentsFirst) {
  EXPECT_THAT(tree().subtree(kLiwan), ElementsAre(kLiwan, kShamian, kLingnan, kCuizhou));
  EXPECT_THAT(tree().subtree(UnitId{999}), IsEmpty());
}

TEST(Tree, RingsRunFromTheStationToTheCityAndNeverBeyond) {
  EXPECT_THAT(tree().rings(kShamian), ElementsAre(kShamian, kLiwan, kEast, kCity));
  EXPECT_THAT(tree().rings(kLiwan), ElementsAre(kLiwan, kEast, kCity));
  EXPECT_THAT(tree().rings(kCity), ElementsAre(kCity));
  EXPECT_THAT(tree().rings(kProvince), IsEmpty());
}

TEST(Tree, APointsCallersRingItsStation) {
  EXPECT_EQ(tree().desk_of(kCuizhou), kShamian);
  EXPECT_THAT(tree().rings(kCuizhou), ElementsAre(kShamian, kLiwan, kEast, kCity));
}

TEST(Tree, ACityWithoutDistrictsPassesTheLevelOver) {
  const auto dongguan = Tree::build({{UnitId{1}, {}, UnitKind::kCity, "4419", "东莞市", "Dongguan"},
                                     {UnitId{2}, UnitId{1}, UnitKind::kStation, "441900003", "东城街道", "Dongcheng"}});
  ASSERT_TRUE(dongguan);
  EXPECT_THAT(dongguan->rings(UnitId{2}), ElementsAre(UnitId{2}, UnitId{1}));
  EXPECT_FALSE(dongguan->ancestor_of_kind(UnitId{2}, UnitKind::kDistrict).is_set());
  EXPECT_EQ(dongguan->ancestor_of_kind(UnitId{2}, UnitKind::kCity), UnitId{1});
}

/// The small city, with presets of its own at these units.
Tree with_presets(const std::vector<std::pair<UnitId, RingPreset>>& own) {
  auto changed = units();
  for (Unit& unit : changed)
    for (const auto& [id, preset] : own)
      if (unit.id == id) unit.rings = preset;
  return Tree::build(std::move(changed)).value();
}

TEST(Tree, AUnitWithoutAPresetTakesThatOfTheNearestUnitAboveThatHasOne) {
  const Tree city = with_presets({{kCity, RingPreset::kLocal}, {kYuexiu, RingPreset::kNormal}});
  EXPECT_EQ(city.preset_of(kCuizhou), RingPreset::kLocal);
  EXPECT_EQ(city.preset_of(kEast), RingPreset::kLocal);
  EXPECT_EQ(city.preset_of(kHongqiao), RingPreset::kNormal);
}

TEST(Tree, AUnitsOwnPresetGoesBeforeThatOfItsParent) {
  const Tree city = with_presets({{kLiwan, RingPreset::kNormal}, {kShamian, RingPreset::kLocal}});
  EXPECT_EQ(city.preset_of(kShamian), RingPreset::kLocal);
  EXPECT_EQ(city.preset_of(kCuizhou), RingPreset::kLocal) << "its callers ring the station";
  EXPECT_EQ(city.preset_of(kLingnan), RingPreset::kNormal);
}

TEST(Tree, WhereNobodyAsksForAPresetItIsTheNormalOne) {
  EXPECT_EQ(tree().preset_of(kShamian), RingPreset::kNormal);
  EXPECT_EQ(tree().preset_of(UnitId{999}), RingPreset::kNormal);
}

TEST(Tree, APathReadsFromTheCityDown) { EXPECT_EQ(tree().path_zh(kShamian), "广州市 ▸ 东片 ▸ 荔湾区 ▸ 沙面街道"); }

/// The reasons found after changing the small city.
std::vector<std::string> reasons_after(void (*change)(std::vector<Unit>&)) {
  auto changed = units();
  change(changed);
  std::vector<std::string> reasons;
  for (const auto& problem : tree_problems(changed))
    reasons.push_back(std::to_string(problem.index) + " " + problem.reason);
  EXPECT_EQ(Tree::build(changed).ok(), reasons.empty());
  return reasons;
}

TEST(Tree, RefusesEachFaultByItsPosition) {
  EXPECT_THAT(reasons_after([](auto&) {}), IsEmpty());
  EXPECT_THAT(reasons_after([](auto& list) { list[6].parent = {}; }), ElementsAre("6 a second root"));
  EXPECT_THAT(reasons_after([](auto& list) { list[6].parent = UnitId{999}; }),
              ElementsAre("6 parent is not in the list"));
  EXPECT_THAT(reasons_after([](auto& list) { list[12].code = "440103001"; }), ElementsAre("12 code is given twice"));
  EXPECT_THAT(reasons_after([](auto& list) { list[12].code.clear(); }), ElementsAre("12 code is missing"));
  EXPECT_THAT(reasons_after([](auto& list) { list[12].id = kCuizhou; }), ElementsAre("12 id is given twice"));
  EXPECT_THAT(reasons_after([](auto& list) { list[6].parent = kLingnan; }),
              ElementsAre("6 a station cannot stand below a station"));
  EXPECT_THAT(reasons_after([](auto& list) { list.clear(); }), ElementsAre("0 no root"));
}

TEST(Tree, RefusesACycle) {
  EXPECT_FALSE(reasons_after([](auto& list) {
                 list[2].parent = kLiwan;  // the region below its own district
               }).empty());
}

}  // namespace
}  // namespace kapok
