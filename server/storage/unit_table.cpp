#include "storage/unit_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Units = Table<UnitRow>;

const Sql kAll = Units::select_sql("WHERE city_id = :city ORDER BY code, id");

}  // namespace

template class Table<UnitRow>;

Result<> UnitTable::save(Transaction& tx, UnitRow& row) { return Units::save(tx, row); }

Result<UnitRow> UnitTable::get(ReadTransaction& tx, UnitId id) { return Units::get(tx, id, ErrorCode::kUnknownUnit); }

Selection<UnitRow> UnitTable::all(ReadTransaction& tx, CityId city) { return Units::select(tx, kAll, {city}); }

}  // namespace kapok::storage
