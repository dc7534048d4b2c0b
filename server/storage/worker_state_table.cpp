#include "storage/worker_state_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using States = Table<WorkerStateRow>;

const Sql kAll = States::select_sql("WHERE city_id = :city ORDER BY id");

}  // namespace

template class Table<WorkerStateRow>;

Result<> WorkerStateTable::save(Transaction& tx, WorkerStateRow& row) { return States::save(tx, row); }

Selection<WorkerStateRow> WorkerStateTable::all(ReadTransaction& tx, CityId city) {
  return States::select(tx, kAll, {city});
}

}  // namespace kapok::storage
