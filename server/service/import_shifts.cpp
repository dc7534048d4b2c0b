#include <algorithm>
#include <map>
#include <string>

#include "casework/shift.h"
#include "service/import_sheet.h"
#include "service/imports.h"
#include "storage/people_table.h"
#include "storage/shift_table.h"
#include "storage/unit_table.h"

/// Rosters. A shift is two instants and may cross midnight, a month or a year. A shift already there that begins at
/// the same instant with the same person and device is left alone when the rest is the same, so a file may be imported
/// twice, and takes the units and the end of the file when they differ.
namespace kapok::service {
namespace {

class ShiftReader {
 public:
  ShiftReader(const ImportInto& into, ImportSheet& sheet) : into_(into), sheet_(sheet) {
    for (const auto& row : storage::UnitTable::all(into.tx, into.city).rows) units_.emplace(row.code, row.id);
    for (const auto& row : storage::WorkerTable::all(into.tx, into.city).rows) workers_.emplace(row.account, row.id);
    for (auto& row : storage::EndpointTable::all(into.tx, into.city).rows)
      if (row.active) endpoints_[row.worker].push_back({row.id, row.kind});
  }

  std::optional<casework::Shift> read(const ImportSheet::Row& row) {
    casework::Shift shift;
    const auto worker = workers_.find(row["account"]);
    if (worker == workers_.end()) {
      sheet_.problem(row, "account " + std::string(row["account"]) + " is not known");
      return std::nullopt;
    }
    shift.worker = worker->second;
    read_units(row, shift);
    read_endpoint(row, shift);
    shift.period = {instant(row, "starts_at"), instant(row, "ends_at")};
    if (!sheet_.sound()) return std::nullopt;
    if (const auto fits = casework::check_shift(shift, false); !fits) {
      sheet_.problem(row, std::string(name_of(fits.error().code)) + ": " + fits.error().detail);
      return std::nullopt;
    }
    return shift;
  }

  /// A shift that stands and would be changed by the row belongs to the asker's units as well.
  bool may_replace(const ImportSheet::Row& row, const casework::Shift& known) {
    if (std::ranges::all_of(known.units, [&](UnitId unit) { return may_change(unit); })) return true;
    sheet_.problem(row, "FORBIDDEN: this shift stands in the roster of a unit that is not yours");
    return false;
  }

 private:
  [[nodiscard]] bool may_change(UnitId unit) const { return !into_.may_roster || into_.may_roster(unit); }

  void read_units(const ImportSheet::Row& row, casework::Shift& shift) {
    for (const auto code : list_of(row["unit_codes"])) {
      const auto unit = units_.find(code);
      if (unit == units_.end()) {
        sheet_.problem(row, "unit " + std::string(code) + " is not known");
      } else if (!may_change(unit->second)) {
        sheet_.problem(row, "FORBIDDEN: the roster of unit " + std::string(code) + " is not yours");
      } else {
        shift.units.push_back(unit->second);
      }
    }
  }

  void read_endpoint(const ImportSheet::Row& row, casework::Shift& shift) {
    const auto kind = sheet_.word<EndpointKind>(row, "by");
    if (!kind) return;
    shift.by = *kind;
    for (const auto& [id, has] : endpoints_[shift.worker])
      if (has == *kind) shift.endpoint = id;
    if (!shift.endpoint.is_set()) sheet_.problem(row, "this person has no endpoint of kind " + std::string(row["by"]));
  }

  Instant instant(const ImportSheet::Row& row, std::string_view column) {
    const auto at = parse_local(row[column], into_.utc_offset);
    if (!at) sheet_.problem(row, std::string(column) + ": a time like 2026-11-21T17:30:00+08:00 expected");
    return at.value_or(Instant{});
  }

  const ImportInto& into_;
  ImportSheet& sheet_;
  std::map<std::string, UnitId, std::less<>> units_;
  std::map<std::string, WorkerId, std::less<>> workers_;
  std::map<WorkerId, std::vector<std::pair<EndpointId, EndpointKind>>> endpoints_;
};

bool same(const casework::Shift& a, const casework::Shift& b) {
  return a.period == b.period && a.units == b.units && a.by == b.by;
}

/// The shift that a row changes, or null. One that was left or taken off the roster stays as it is.
casework::Shift* changed_by(const casework::Shift& row, std::vector<casework::Shift>& others) {
  const auto found = std::ranges::find_if(others, [&](const casework::Shift& other) {
    const bool over = other.state == casework::ShiftState::kClosed || other.state == casework::ShiftState::kCancelled;
    return !over && other.period.from == row.period.from && other.by == row.by;
  });
  return found == others.end() ? nullptr : &*found;
}

Result<> change(storage::Transaction& tx, casework::Shift& shift, const casework::Shift& row) {
  shift.units = row.units;
  shift.period.to = row.period.to;
  shift.endpoint = row.endpoint;
  ++shift.version;
  return storage::ShiftTable::save(tx, shift);
}

}  // namespace

Result<api::ImportReport> import_shifts(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table), {"account", "unit_codes", "by", "starts_at", "ends_at", "invented"});
  ShiftReader reader(into, sheet);
  std::map<WorkerId, std::vector<casework::Shift>> now;
  constexpr Period kAllTime{Instant{1}, Instant{INT64_MAX}};
  for (const auto& row : storage::ShiftTable::touching(into.tx, into.city, kAllTime).rows)
    now[row.shift.worker].push_back(storage::ShiftTable::shift_of(row));
  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    auto shift = reader.read(row);
    if (!stored || !shift) return;
    auto& others = now[shift->worker];
    if (std::ranges::any_of(others, [&](const casework::Shift& other) { return same(*shift, other); })) return;
    if (casework::Shift* known = changed_by(*shift, others)) {
      if (!reader.may_replace(row, *known)) return;
      sheet.changed();
      stored = change(into.tx, *known, *shift);
      return;
    }
    if (!casework::overlapping(*shift, others).empty())
      sheet.warning(row, "overlaps another shift of " + std::string(row["account"]));
    shift->id = into.ids.take<ShiftId>();
    sheet.added();
    stored = storage::ShiftTable::save(into.tx, *shift);
    others.push_back(std::move(*shift));
  });
  if (!stored) return stored.error();
  return sheet.report();
}

}  // namespace kapok::service
