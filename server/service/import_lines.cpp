#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/import_sheet.h"
#include "service/imports.h"
#include "service/line_number.h"
#include "storage/line_table.h"
#include "storage/people_table.h"
#include "storage/unit_table.h"

namespace kapok::service {
namespace {

bool same(const storage::LineRow& a, const storage::LineRow& b) {
  return a.unit == b.unit && a.name_zh == b.name_zh && a.mode == b.mode && a.crisis == b.crisis &&
         a.invented == b.invented && a.required_skills == b.required_skills;
}

using Units = std::map<std::string, storage::UnitRow, std::less<>>;

/// A row as a line without an id, or nothing when its problems are noted.
std::optional<storage::LineRow> read_line(ImportSheet& sheet, const ImportSheet::Row& row, const Units& units) {
  const auto unit = units.find(row["unit_code"]);
  if (unit == units.end() || unit->second.kind == UnitKind::kPoint) {
    sheet.problem(row, "unit_code " + std::string(row["unit_code"]) + " is no station, district or city we know");
    return std::nullopt;
  }
  const auto mode = sheet.word<LineMode>(row, "mode");
  const auto crisis = sheet.yes_no(row, "crisis");
  const auto invented = sheet.yes_no(row, "invented");
  storage::LineRow line;
  line.name_zh = sheet.name(row, "name_zh");
  if (!mode || !crisis || !invented) return std::nullopt;
  line.unit = unit->second.id;
  line.number = line_key(row["number"]);
  line.mode = *mode;
  line.crisis = *crisis;
  line.invented = *invented;
  line.required_skills = sheet.skills(row, "required_skills");
  return line;
}

/// The skills of each person, for files that ask for some.
std::vector<std::int64_t> skills_of_people(const ImportInto& into, const ImportSheet& sheet) {
  std::vector<std::int64_t> skills;
  if (!sheet.has("required_skills")) return skills;
  for (const auto& row : storage::WorkerTable::all(into.tx, into.city).rows)
    if (row.active) skills.push_back(row.skills);
  return skills;
}

bool somebody_has(const std::vector<std::int64_t>& people, std::int64_t required) {
  return required == 0 || std::ranges::any_of(people, [&](std::int64_t has) { return (required & ~has) == 0; });
}

}  // namespace

Result<api::ImportReport> import_lines(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table), {"number", "name_zh", "name_en", "unit_code", "mode", "crisis", "invented"},
                    {"required_skills"});
  Units units;
  for (auto& row : storage::UnitTable::all(into.tx, into.city).rows) units.emplace(row.code, std::move(row));
  std::map<std::string, storage::LineRow> lines;
  for (auto& row : storage::LineTable::all(into.tx, into.city).rows) lines.emplace(row.number, std::move(row));
  const std::vector<std::int64_t> skills = skills_of_people(into, sheet);
  std::set<std::string> seen;
  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    const std::string number = line_key(row["number"]);
    if (number.empty()) return sheet.problem(row, "number: no digits");
    if (!seen.insert(number).second) return sheet.problem(row, "this number stands twice");
    auto line = read_line(sheet, row, units);
    if (!stored || !line) return;
    line->city = into.city;
    if (!somebody_has(skills, line->required_skills))
      sheet.warning(row, "required_skills: nobody has all of them yet; callers wait until somebody does");
    if (const auto now = lines.find(number); now != lines.end()) {
      if (!sheet.has("required_skills")) line->required_skills = now->second.required_skills;
      if (same(now->second, *line)) return;
      line->id = now->second.id;
      line->version = now->second.version;
      line->valid_to = now->second.valid_to;
      sheet.changed();
    } else {
      line->id = into.ids.take<LineId>();
      sheet.added();
    }
    stored = storage::LineTable::save(into.tx, *line);
  });
  if (!stored) return stored.error();
  return sheet.report();
}

}  // namespace kapok::service
