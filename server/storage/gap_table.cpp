#include "storage/gap_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Gaps = Table<GapRow>;

const Sql kOpen = Gaps::select_sql("WHERE city_id = :city AND to_at IS NULL ORDER BY unit_id, id");
const Sql kTouching = Gaps::select_sql(
    "WHERE city_id = :city AND from_at < :to AND (to_at IS NULL OR to_at > :from) ORDER BY from_at, id");

}  // namespace

template class Table<GapRow>;

Result<> GapTable::save(Transaction& tx, GapRow& row) { return Gaps::save(tx, row); }

Selection<GapRow> GapTable::open(ReadTransaction& tx, CityId city) { return Gaps::select(tx, kOpen, {city}); }

Selection<GapRow> GapTable::touching(ReadTransaction& tx, CityId city, Period period) {
  return Gaps::select(tx, kTouching, {city, period.to, period.from});
}

}  // namespace kapok::storage
