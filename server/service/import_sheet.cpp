#include "service/import_sheet.h"

#include <algorithm>

#include "core/skill.h"
#include "core/text.h"

namespace kapok::service {

ImportSheet::ImportSheet(CsvTable table, std::vector<std::string_view> columns, std::vector<std::string_view> optional)
    : table_(std::move(table)) {
  report_.rows = static_cast<std::uint32_t>(table_.rows.size());
  for (const auto column : columns)
    if (!table_.column(column)) note(1, "column missing: " + std::string(column), false);
  columns.insert(columns.end(), optional.begin(), optional.end());
  for (const auto& column : table_.header)
    if (std::ranges::find(columns, column) == columns.end()) note(1, "unknown column: " + column, false);
}

std::string_view ImportSheet::Row::operator[](std::string_view column) const {
  const auto at = sheet.table_.column(column);
  return at ? trimmed(cells.fields[*at]) : std::string_view{};
}

void ImportSheet::each(const std::function<void(const Row&)>& visit) const {
  if (!sound()) return;  // without its columns no row can be judged
  for (const auto& cells : table_.rows) visit(Row{*this, cells});
}

std::int64_t ImportSheet::skills(const Row& row, std::string_view column) {
  std::uint64_t bits = 0;
  for (const auto part : list_of(row[column])) {
    const auto skill = from_name<Skill>(part);
    if (!skill) problem(row, std::string(column) + ": unknown word \"" + std::string(part) + "\"");
    if (skill) bits |= bit_of(*skill);
  }
  return static_cast<std::int64_t>(bits);
}

std::optional<bool> ImportSheet::yes_no(const Row& row, std::string_view column) {
  if (row[column] == "yes") return true;
  if (row[column] == "no") return false;
  problem(row, std::string(column) + ": yes or no expected");
  return std::nullopt;
}

std::string ImportSheet::name(const Row& row, std::string_view column) {
  if (is_blank(row[column])) problem(row, std::string(column) + ": may not be empty");
  if (const auto fits = check_line(row[column], column, kNameCharsMax); !fits) problem(row, fits.error().detail);
  return std::string(row[column]);
}

void ImportSheet::note(std::uint32_t line, std::string reason, bool warning) {
  if (!warning) ++errors_;
  if (report_.problems.size() < kProblemsMax) report_.problems.push_back({line, std::move(reason), warning});
}

std::vector<std::string_view> list_of(std::string_view cell) {
  std::vector<std::string_view> parts;
  while (!cell.empty()) {
    const auto end = cell.find(';');
    const auto part = trimmed(cell.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    cell = end == std::string_view::npos ? std::string_view{} : cell.substr(end + 1);
  }
  return parts;
}

}  // namespace kapok::service
