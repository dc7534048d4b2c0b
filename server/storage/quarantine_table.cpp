#include "storage/quarantine_table.h"

#include "storage/connection.h"

namespace kapok::storage {
namespace {

const Sql kPut(
    "INSERT INTO quarantine (table_name, row_id, row_part, found_at, what) VALUES (:table_name, :row_id, :row_part, "
    ":found_at, :what) ON CONFLICT (table_name, row_id, row_part) DO NOTHING");
const Sql kRemove(
    "DELETE FROM quarantine WHERE table_name = :table_name AND row_id = :row_id AND row_part = :row_part");
const Sql kList(
    "SELECT table_name, row_id, row_part, found_at, what FROM quarantine ORDER BY table_name, row_id, row_part LIMIT "
    ":limit");
const Sql kCount("SELECT COUNT(*) FROM quarantine");

}  // namespace

bool QuarantineTable::put(Transaction& tx, const DamagedRow& row) {
  return tx.connection().run(kPut, {row.table, row.key.id, row.key.part, tx.now(), row.what}) == 1;
}

void QuarantineTable::remove(Transaction& tx, std::string_view table, RowKey key) {
  tx.connection().run(kRemove, {table, key.id, key.part});
}

std::vector<QuarantinedRow> QuarantineTable::list(ReadTransaction& tx, std::int64_t limit) {
  std::vector<QuarantinedRow> rows;
  tx.connection().query(
      kList, {limit}, {CellKind::kText, CellKind::kInteger, CellKind::kInteger, CellKind::kInteger, CellKind::kText},
      [&](const Values& row) {
        rows.push_back({{row[0].text, {row[1].integer, row[2].integer}, row[4].text}, Instant{row[3].integer}});
      });
  return rows;
}

std::int64_t QuarantineTable::count(ReadTransaction& tx) {
  return tx.connection().first(kCount, {}, {CellKind::kInteger})->front().integer;
}

}  // namespace kapok::storage
