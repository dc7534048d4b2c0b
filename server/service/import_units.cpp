#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/unit.h"
#include "service/import_sheet.h"
#include "service/imports.h"
#include "storage/unit_table.h"

/// The tree and the presets its units ask for: regions.csv makes city, regions and districts; stations.csv and
/// points.csv what is below.
namespace kapok::service {
namespace {

using storage::UnitRow;
using storage::UnitTable;

/// The units of the city by code, as they are while rows are added.
class Units {
 public:
  explicit Units(const ImportInto& into) : into_(into) {
    for (auto& row : UnitTable::all(into.tx, into.city).rows) by_code_.emplace(row.code, std::move(row));
  }

  [[nodiscard]] const UnitRow* find(std::string_view code) const {
    const auto found = by_code_.find(code);
    return found == by_code_.end() ? nullptr : &found->second;
  }

  /// Adds the unit or brings it up to date; unchanged rows are not written.
  Result<UnitId> put(ImportSheet& sheet, UnitRow wanted) {
    const auto found = by_code_.find(wanted.code);
    if (found == by_code_.end()) {
      wanted.id = into_.ids.take<UnitId>();
      wanted.city = into_.city;
      sheet.added();
    } else {
      UnitRow& now = found->second;
      wanted.id = now.id;
      wanted.city = now.city;
      wanted.version = now.version;
      if (same(now, wanted)) return wanted.id;
      sheet.changed();
    }
    if (const auto saved = UnitTable::save(into_.tx, wanted); !saved) return saved.error();
    const UnitId id = wanted.id;
    by_code_[wanted.code] = std::move(wanted);
    return id;
  }

 private:
  static bool same(const UnitRow& a, const UnitRow& b) {
    return a.parent == b.parent && a.kind == b.kind && a.name_zh == b.name_zh && a.name_en == b.name_en &&
           a.rings == b.rings;
  }

  const ImportInto& into_;
  std::map<std::string, UnitRow, std::less<>> by_code_;
};

UnitRow unit(UnitKind kind, UnitId parent, std::string_view code, std::string name_zh, std::string name_en,
             std::optional<RingPreset> rings) {
  UnitRow row;
  row.parent = parent;
  row.kind = kind;
  row.code = code;
  row.name_zh = std::move(name_zh);
  row.name_en = std::move(name_en);
  row.rings = rings;
  return row;
}

using Preset = std::optional<RingPreset>;

/// The preset of the unit with this code: an empty cell leaves it to the parent, a missing column to what is stored.
Preset preset(ImportSheet& sheet, const ImportSheet::Row& row, const Units& units, std::string_view column,
              std::string_view code) {
  if (sheet.has(column)) return row[column].empty() ? Preset{} : sheet.word<RingPreset>(row, column);
  const UnitRow* now = units.find(code);
  return now == nullptr ? Preset{} : now->rings;
}

/// regions.csv names a city and a region in many rows, which must not ask for different presets.
class PresetsAbove {
 public:
  PresetsAbove(ImportSheet& sheet, const Units& units) : sheet_(sheet), units_(units) {}

  Preset of(const ImportSheet::Row& row, std::string_view column, std::string_view code) {
    const Preset here = preset(sheet_, row, units_, column, code);
    const auto [first, is_new] = said_.emplace(code, here);
    if (!is_new && first->second != here)
      sheet_.problem(row, std::string(column) + ": an earlier row of " + std::string(code) + " has another preset");
    return first->second;
  }

 private:
  ImportSheet& sheet_;
  const Units& units_;
  std::map<std::string, Preset, std::less<>> said_;
};

/// A code of exactly `digits` digits, given once in this file.
bool check_code(ImportSheet& sheet, const ImportSheet::Row& row, std::size_t digits, std::set<std::string>& seen) {
  const std::string code(row["code"]);
  if (code.size() != digits || code.find_first_not_of("0123456789") != std::string::npos) {
    sheet.problem(row, "code: " + std::to_string(digits) + " digits expected");
    return false;
  }
  if (!seen.insert(code).second) {
    sheet.problem(row, "code " + code + " stands twice");
    return false;
  }
  return true;
}

const UnitRow* parent_of(ImportSheet& sheet, const ImportSheet::Row& row, const Units& units, std::string_view column,
                         UnitKind kind) {
  const UnitRow* parent = units.find(row[column]);
  if (parent != nullptr && parent->kind == kind) return parent;
  sheet.problem(row, std::string(column) + " " + std::string(row[column]) + " is not known");
  return nullptr;
}

}  // namespace

Result<api::ImportReport> import_regions(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table),
                    {"city_code", "city_zh", "city_en", "region_code", "region_zh", "region_en", "district_code",
                     "district_zh", "district_en", "invented"},
                    {"city_rings", "region_rings", "district_rings"});
  Units units(into);
  PresetsAbove presets(sheet, units);
  std::set<std::string> districts;
  std::string city_code;
  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    if (!stored) return;
    if (city_code.empty()) city_code = row["city_code"];
    if (row["city_code"] != city_code) return sheet.problem(row, "a file has one city");
    if (!districts.emplace(row["district_code"]).second) return sheet.problem(row, "this district stands twice");
    auto city = units.put(sheet, unit(UnitKind::kCity, {}, city_code, sheet.name(row, "city_zh"),
                                      sheet.name(row, "city_en"), presets.of(row, "city_rings", city_code)));
    if (!city) return void(stored = city.error());
    auto region =
        units.put(sheet, unit(UnitKind::kRegion, *city, row["region_code"], sheet.name(row, "region_zh"),
                              sheet.name(row, "region_en"), presets.of(row, "region_rings", row["region_code"])));
    if (!region) return void(stored = region.error());
    auto district = units.put(
        sheet, unit(UnitKind::kDistrict, *region, row["district_code"], sheet.name(row, "district_zh"),
                    sheet.name(row, "district_en"), preset(sheet, row, units, "district_rings", row["district_code"])));
    if (!district) stored = district.error();
  });
  if (!stored) return stored.error();
  return sheet.report();
}

Result<api::ImportReport> import_stations(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table),
                    {"code", "district_code", "district_zh", "district_en", "name_zh", "name_en", "kind"}, {"rings"});
  Units units(into);
  std::set<std::string> seen;
  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    if (!stored || !check_code(sheet, row, 9, seen)) return;
    const UnitRow* district = parent_of(sheet, row, units, "district_code", UnitKind::kDistrict);
    if (district == nullptr) return;
    auto made = units.put(sheet, unit(UnitKind::kStation, district->id, row["code"], sheet.name(row, "name_zh"),
                                      sheet.name(row, "name_en"), preset(sheet, row, units, "rings", row["code"])));
    if (!made) stored = made.error();
  });
  if (!stored) return stored.error();
  return sheet.report();
}

Result<api::ImportReport> import_points(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table), {"code", "station_code", "name_zh", "kind"});
  Units units(into);
  std::set<std::string> seen;
  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    if (!stored || !check_code(sheet, row, 12, seen)) return;
    const UnitRow* station = parent_of(sheet, row, units, "station_code", UnitKind::kStation);
    if (station == nullptr) return;
    auto made = units.put(sheet, unit(UnitKind::kPoint, station->id, row["code"], sheet.name(row, "name_zh"), {}, {}));
    if (!made) stored = made.error();
  });
  if (!stored) return stored.error();
  return sheet.report();
}

}  // namespace kapok::service
