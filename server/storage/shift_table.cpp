#include "storage/shift_table.h"

#include <sstream>

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Shifts = Table<ShiftRow>;

const Sql kTouching =
    Shifts::select_sql("WHERE city_id = :city AND from_at < :to AND to_at > :from ORDER BY from_at, id");
const Sql kOfWorker =
    Shifts::select_sql("WHERE worker_id = :worker AND from_at < :to AND to_at > :from ORDER BY from_at, id");

std::string join_units(const std::vector<UnitId>& units) {
  std::string text;
  for (const UnitId unit : units) {
    if (!text.empty()) text += ' ';
    text += std::to_string(unit.value);
  }
  return text;
}

std::vector<UnitId> split_units(const std::string& text) {
  std::vector<UnitId> units;
  std::istringstream stream(text);
  for (std::int64_t id = 0; stream >> id;) units.emplace_back(id);
  return units;
}

}  // namespace

template class Table<ShiftRow>;

Result<> ShiftTable::save(Transaction& tx, const casework::Shift& shift) {
  ShiftRow row;
  row.id = shift.id;
  row.city = tx.city();
  row.version = static_cast<std::int64_t>(shift.version) - 1;
  row.shift = shift;
  row.units = join_units(shift.units);
  return Shifts::save(tx, row);
}

casework::Shift ShiftTable::shift_of(const ShiftRow& row) {
  casework::Shift shift = row.shift;
  shift.id = row.id;
  shift.version = static_cast<std::uint64_t>(row.version);
  shift.units = split_units(row.units);
  return shift;
}

Result<casework::Shift> ShiftTable::get(ReadTransaction& tx, ShiftId id) {
  const auto row = Shifts::get(tx, id, ErrorCode::kUnknownShift);
  if (!row) return row.error();
  return shift_of(*row);
}

Selection<ShiftRow> ShiftTable::touching(ReadTransaction& tx, CityId city, Period period) {
  return Shifts::select(tx, kTouching, {city, period.to, period.from});
}

Selection<ShiftRow> ShiftTable::of_worker(ReadTransaction& tx, WorkerId worker, Period period) {
  return Shifts::select(tx, kOfWorker, {worker, period.to, period.from});
}

}  // namespace kapok::storage
