#include "service/imports_fixture.h"

#include <fstream>
#include <sstream>

#include "storage/shift_table.h"

namespace kapok::service {
namespace {

std::string guangzhou(const std::string& file) {
  std::ifstream stream(std::string(KAPOK_GUANGZHOU) + "/" + file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST_F(Imports, TheRealCityHasElevenDistrictsAndItsStationsPointsAndLines) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, guangzhou("regions.csv")).committed);
  ASSERT_TRUE(take(api::ImportKind::kStations, guangzhou("stations.csv")).committed);
  ASSERT_TRUE(take(api::ImportKind::kPoints, guangzhou("points.csv")).committed);
  ASSERT_TRUE(take(api::ImportKind::kLines, guangzhou("lines.csv")).committed);
  const auto city = directory();
  std::map<UnitKind, int> counts;
  for (const Unit& unit : city->tree().units()) ++counts[unit.kind];
  EXPECT_EQ(counts[UnitKind::kRegion], 4);
  EXPECT_EQ(counts[UnitKind::kDistrict], 11);
  EXPECT_EQ(counts[UnitKind::kStation], 176);
  EXPECT_EQ(counts[UnitKind::kPoint], 2844);
  EXPECT_EQ(city->lines().size(), 236U);
}

TEST_F(Imports, ASecondImportOfTheSameFileChangesNothing) {
  take_small_city();
  const auto again = take(api::ImportKind::kStations, kStations);
  EXPECT_TRUE(again.committed);
  EXPECT_EQ(again.added + again.changed, 0U);
}

TEST_F(Imports, AWrongRowIsNamedAndNothingOfItsFileIsKept) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  const auto report =
      take(api::ImportKind::kStations, std::string(kStations) + "12,440104,越秀区,Yuexiu,某街道,X,street\n");
  EXPECT_EQ(only_problem(report), "4: code: 9 digits expected");
  EXPECT_EQ(directory()->tree().find_code("440103001"), nullptr);
}

TEST_F(Imports, AStationLeadRostersHisOwnUnitsAndNoOther) {
  take_small_city();
  const auto city = directory();
  may_roster_ = [own = city->tree().find_code("440103001")->id](UnitId unit) { return unit == own; };
  const std::string header = kShiftHeader;
  const std::string night = ",desk,2026-11-21T17:30:00+08:00,2026-11-22T08:30:00+08:00,yes\n";
  EXPECT_TRUE(take(api::ImportKind::kShifts, header + "440103001-01,440103001" + night).committed);
  EXPECT_EQ(only_problem(take(api::ImportKind::kShifts, header + "440103001-lead,440104001" + night)),
            "2: FORBIDDEN: the roster of unit 440104001 is not yours");
}

TEST_F(Imports, AStationLeadDoesNotTakeOverAShiftOfAnotherUnit) {
  take_small_city();
  const auto city = directory();
  const std::string header = kShiftHeader;
  const std::string night = ",desk,2026-11-21T17:30:00+08:00,2026-11-22T08:30:00+08:00,yes\n";
  ASSERT_TRUE(take(api::ImportKind::kShifts, header + "440103001-01,440104001" + night).committed);
  may_roster_ = [own = city->tree().find_code("440103001")->id](UnitId unit) { return unit == own; };
  EXPECT_EQ(only_problem(take(api::ImportKind::kShifts, header + "440103001-01,440103001" + night)),
            "2: FORBIDDEN: this shift stands in the roster of a unit that is not yours");
}

TEST_F(Imports, AStationOfAnUnknownDistrictIsRefused) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  const auto report = take(api::ImportKind::kStations,
                           "code,district_code,district_zh,district_en,name_zh,name_en,kind\n"
                           "440199001,440199,某区,X,某街道,X,street\n");
  EXPECT_EQ(only_problem(report), "2: district_code 440199 is not known");
}

TEST_F(Imports, AMissingColumnIsNamed) {
  const auto report = take(api::ImportKind::kPoints, "code,station_code,name_zh\n440103001001,440103001,某社区\n");
  EXPECT_EQ(only_problem(report), "1: column missing: kind");
}

TEST_F(Imports, PeopleComeWithRolesEndpointsAndLanguages) {
  take_small_city();
  const auto city = directory();
  const auto* chen = city->worker_by_account("440103001-01");
  ASSERT_NE(chen, nullptr);
  EXPECT_EQ(chen->name, "陈嘉");
  EXPECT_EQ(chen->endpoints.size(), 2U);
  EXPECT_EQ(chen->languages, (std::vector<std::string>{"putonghua", "cantonese"}));
  EXPECT_EQ(city->worker_by_account("440103001-lead")->roles.size(), 2U);
}

TEST_F(Imports, APersonImportedAgainHasTheRolesAndPhonesOfTheNewFile) {
  take_small_city();
  ASSERT_TRUE(take(api::ImportKind::kPeople,
                   "account,name_zh,unit_code,roles,languages,endpoints,invented\n"
                   "440103001-lead,李敏,440103001,station_lead,putonghua,phone:020-02000009,yes\n")
                  .committed);
  const auto city = directory();
  const auto* lead = city->worker_by_account("440103001-lead");
  ASSERT_EQ(lead->roles.size(), 1U);
  EXPECT_EQ(lead->roles[0].role, Role::kStationLead);
  ASSERT_EQ(lead->endpoints.size(), 1U);
  EXPECT_EQ(lead->endpoints[0].kind, EndpointKind::kPhone);
}

TEST_F(Imports, AnUnknownRoleIsRefused) {
  ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
  ASSERT_TRUE(take(api::ImportKind::kStations, kStations).committed);
  EXPECT_EQ(only_problem(take(api::ImportKind::kPeople,
                              "account,name_zh,unit_code,roles,languages,endpoints,invented\n"
                              "x,陈嘉,440103001,boss,putonghua,desk,yes\n")),
            "2: unknown role: boss");
}

TEST_F(Imports, AShiftMayCrossMidnightAndAMonth) {
  take_small_city();
  EXPECT_TRUE(take(api::ImportKind::kShifts, std::string(kShiftHeader) +
                                                 "440103001-01,440103001,phone,2026-11-30T17:30:00+08:00,"
                                                 "2026-12-01T08:30:00+08:00,yes\n")
                  .committed);
}

TEST_F(Imports, AShiftThatEndsBeforeItStartsIsRefused) {
  take_small_city();
  const auto report = take(api::ImportKind::kShifts, std::string(kShiftHeader) +
                                                         "440103001-01,440103001,phone,2026-12-01T08:30:00+08:00,"
                                                         "2026-11-30T17:30:00+08:00,yes\n");
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_TRUE(report.problems[0].reason.starts_with("SHIFT_ENDS_BEFORE_START")) << report.problems[0].reason;
  EXPECT_FALSE(report.committed);
}

TEST_F(Imports, ARowThatBeginsWithAKnownShiftChangesItsUnitsAndEnd) {
  take_small_city();
  const std::string row = "440103001-01,440103001,desk,2026-11-30T08:00:00+08:00,2026-11-30T18:00:00+08:00,yes\n";
  ASSERT_TRUE(take(api::ImportKind::kShifts, kShiftHeader + row).committed);
  const auto repeated = take(api::ImportKind::kShifts, kShiftHeader + row);
  EXPECT_EQ(repeated.added + repeated.changed, 0U);
  const auto report = take(api::ImportKind::kShifts, std::string(kShiftHeader) +
                                                         "440103001-01,440103001;440104001,desk,"
                                                         "2026-11-30T08:00:00+08:00,2026-11-30T12:00:00+08:00,yes\n");
  EXPECT_EQ(report.changed, 1U);
  EXPECT_EQ(report.added, 0U);
  EXPECT_TRUE(report.problems.empty());
  read([](storage::ReadTransaction& tx) {
    const auto shifts = storage::ShiftTable::touching(tx, kCity, {Instant{1}, Instant{INT64_MAX}}).rows;
    ASSERT_EQ(shifts.size(), 1U);
    EXPECT_EQ(storage::ShiftTable::shift_of(shifts[0]).units.size(), 2U);
    EXPECT_EQ(shifts[0].shift.period.length(), hours{4});
  });
}

TEST_F(Imports, OverlappingShiftsOfOnePersonAreTakenWithAWarning) {
  take_small_city();
  const auto report = take(api::ImportKind::kShifts,
                           std::string(kShiftHeader) +
                               "440103001-01,440103001,desk,2026-11-30T08:00:00+08:00,2026-11-30T18:00:00+08:00,yes\n"
                               "440103001-01,440103001,desk,2026-11-30T12:00:00+08:00,2026-11-30T20:00:00+08:00,yes\n");
  EXPECT_TRUE(report.committed);
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_TRUE(report.problems[0].warning);
  EXPECT_EQ(report.problems[0].row, 3U);
}

TEST_F(Imports, AShiftOnAPhoneNeedsAPhone) {
  take_small_city();
  const auto report = take(api::ImportKind::kShifts, std::string(kShiftHeader) +
                                                         "440103001-lead,440103001,phone,2026-11-30T17:30:00+08:00,"
                                                         "2026-12-01T08:30:00+08:00,yes\n");
  EXPECT_EQ(only_problem(report), "2: this person has no endpoint of kind phone");
}

}  // namespace
}  // namespace kapok::service
