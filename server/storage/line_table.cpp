#include "storage/line_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Lines = Table<LineRow>;

const Sql kAll = Lines::select_sql("WHERE city_id = :city ORDER BY number");

}  // namespace

template class Table<LineRow>;

Result<> LineTable::save(Transaction& tx, LineRow& row) { return Lines::save(tx, row); }

Selection<LineRow> LineTable::all(ReadTransaction& tx, CityId city) { return Lines::select(tx, kAll, {city}); }

}  // namespace kapok::storage
