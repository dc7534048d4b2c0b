#include "storage/worker_state_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using States = Table<WorkerStateRow>;

const Sql kAll = States::select_sql("WHERE city_id = :city ORDER BY id");

const Sql kForget("DELETE FROM worker_state WHERE id = :id");

}  // namespace

template class Table<WorkerStateRow>;

Result<> WorkerStateTable::save(Transaction& tx, WorkerStateRow& row) {
  auto saved = States::save(tx, row);
  if (saved) return saved;
  const auto stored = States::find(tx, row.id);
  if (stored || stored.error().code != ErrorCode::kRowDamaged) return saved;
  tx.connection().run(kForget, {row.id});
  row.version = 0;
  return States::save(tx, row);
}

Selection<WorkerStateRow> WorkerStateTable::all(ReadTransaction& tx, CityId city) {
  return States::select(tx, kAll, {city});
}

}  // namespace kapok::storage
