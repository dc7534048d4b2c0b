#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "service/directory_store.h"
#include "service/imports.h"
#include "storage/store_fixture.h"

namespace kapok::service {

using storage::kCity;
using storage::kNow;

inline constexpr const char* kRegions =
    "city_code,city_zh,city_en,region_code,region_zh,region_en,district_code,district_zh,district_en,invented\n"
    "4401,广州市,Guangzhou,4401R1,中部区域,Central,440103,荔湾区,Liwan,yes\n"
    "4401,广州市,Guangzhou,4401R1,中部区域,Central,440104,越秀区,Yuexiu,yes\n";
inline constexpr const char* kStations =
    "code,district_code,district_zh,district_en,name_zh,name_en,kind\n"
    "440103001,440103,荔湾区,Liwan,沙面街道,Shamian Subdistrict,street\n"
    "440104001,440104,越秀区,Yuexiu,洪桥街道,Hongqiao Subdistrict,street\n";
inline constexpr const char* kPeople =
    "account,name_zh,unit_code,roles,languages,endpoints,invented\n"
    "440103001-01,陈嘉,440103001,worker,putonghua;cantonese,desk;phone:020-02000001,yes\n"
    "440103001-lead,李敏,440103001,worker;station_lead,putonghua,desk,yes\n";
inline constexpr const char* kShiftHeader = "account,unit_codes,by,starts_at,ends_at,invented\n";

/// Files taken into a new store, and the directory that it then holds.
class Imports : public storage::StoreTest {
 protected:
  api::ImportReport take(api::ImportKind kind, const std::string& csv) {
    auto table = read_csv(csv);
    EXPECT_TRUE(table) << table.error().detail;
    auto report = std::make_shared<api::ImportReport>();
    const auto outcome = write([&, kind](storage::Transaction& tx) -> Result<> {
      auto made = import_file({tx, kCity, kChinaOffset, ids_, may_roster_}, kind, std::move(*table));
      if (!made) return made.error();
      *report = std::move(*made);
      if (!may_commit(*report)) return ErrorCode::kImportRefused;
      return Done{};
    });
    report->committed = outcome.result.ok();
    return *report;
  }

  void take_small_city() {
    ASSERT_TRUE(take(api::ImportKind::kRegions, kRegions).committed);
    ASSERT_TRUE(take(api::ImportKind::kStations, kStations).committed);
    ASSERT_TRUE(take(api::ImportKind::kPeople, kPeople).committed);
  }

  std::shared_ptr<const Directory> directory() {
    std::shared_ptr<const Directory> loaded;
    read([&](storage::ReadTransaction& tx) { loaded = load_directory(tx, kCity, kNow).value(); });
    return loaded;
  }

  std::string only_problem(const api::ImportReport& report) {
    EXPECT_FALSE(report.committed);
    if (report.problems.size() != 1) return std::to_string(report.problems.size()) + " problems";
    return std::to_string(report.problems[0].row) + ": " + report.problems[0].reason;
  }

  std::function<bool(UnitId)> may_roster_;
  std::int64_t last_id_ = 0;
  IdStock ids_{[this] { return ++last_id_; }, 200'000};
};

}  // namespace kapok::service
