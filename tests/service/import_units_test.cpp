#include <array>

#include "service/imports_fixture.h"

namespace kapok::service {
namespace {

/// Both stations, each with this cell in the column of presets.
std::string stations(const std::string& first, const std::string& second) {
  return "code,district_code,district_zh,district_en,name_zh,name_en,kind,rings\n"
         "440103001,440103,荔湾区,Liwan,沙面街道,Shamian Subdistrict,street," +
         first + "\n440104001,440104,越秀区,Yuexiu,洪桥街道,Hongqiao Subdistrict,street," + second + "\n";
}

/// Presets of city, region and district in the rows of the first and the second district.
std::string regions(const std::array<std::string, 3>& first, const std::array<std::string, 3>& second) {
  const auto cells = [](const std::array<std::string, 3>& of) { return of[0] + "," + of[1] + "," + of[2] + "\n"; };
  return "city_code,city_zh,city_en,region_code,region_zh,region_en,district_code,district_zh,district_en,invented,"
         "city_rings,region_rings,district_rings\n"
         "4401,广州市,Guangzhou,4401R1,中部区域,Central,440103,荔湾区,Liwan,yes," +
         cells(first) + "4401,广州市,Guangzhou,4401R1,中部区域,Central,440104,越秀区,Yuexiu,yes," + cells(second);
}

TEST_F(Imports, AStationHasThePresetOfItsColumnAndAnEmptyCellLeavesItToItsParent) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  ASSERT_TRUE(take(api::ImportKind::kStations, stations("local", "")).committed);
  const auto city = directory();
  EXPECT_EQ(city->tree().find_code("440103001")->rings, RingPreset::kLocal);
  EXPECT_EQ(city->tree().find_code("440104001")->rings, std::nullopt);
}

TEST_F(Imports, APresetIsChangedAndTakenBackByALaterFile) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  ASSERT_TRUE(take(api::ImportKind::kStations, stations("local", "")).committed);
  EXPECT_EQ(take(api::ImportKind::kStations, stations("normal", "")).changed, 1U);
  EXPECT_EQ(directory()->tree().find_code("440103001")->rings, RingPreset::kNormal);
  EXPECT_EQ(take(api::ImportKind::kStations, stations("", "")).changed, 1U);
  EXPECT_EQ(directory()->tree().find_code("440103001")->rings, std::nullopt);
}

TEST_F(Imports, AFileWithoutTheColumnLeavesPresetsAsTheyAre) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  ASSERT_TRUE(take(api::ImportKind::kStations, stations("local", "")).committed);
  EXPECT_EQ(take(api::ImportKind::kStations, kStations).changed, 0U);
  EXPECT_EQ(directory()->tree().find_code("440103001")->rings, RingPreset::kLocal);
}

TEST_F(Imports, AnUnknownPresetIsRefusedWithItsRow) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  EXPECT_EQ(only_problem(take(api::ImportKind::kStations, stations("", "isolated"))),
            "3: rings: unknown word \"isolated\"");
}

TEST_F(Imports, PresetsOfCityRegionAndDistrictHoldForTheStationsBelow) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, regions({"local", "", "normal"}, {"local", "", ""})).committed);
  ASSERT_TRUE(take(api::ImportKind::kStations, kStations).committed);
  const auto city = directory();
  EXPECT_EQ(city->tree().preset_of(city->tree().find_code("440103001")->id), RingPreset::kNormal);
  EXPECT_EQ(city->tree().preset_of(city->tree().find_code("440104001")->id), RingPreset::kLocal);
}

TEST_F(Imports, RowsOfOneRegionThatAskForDifferentPresetsAreRefused) {
  EXPECT_EQ(only_problem(take(api::ImportKind::kRegions, regions({"", "local", ""}, {"", "normal", ""}))),
            "3: region_rings: an earlier row of 4401R1 has another preset");
}

}  // namespace
}  // namespace kapok::service
