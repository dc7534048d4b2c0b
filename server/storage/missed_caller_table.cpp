#include "storage/missed_caller_table.h"

#include <limits>

#include "storage/table.h"

namespace kapok::storage {
namespace {

using MissedCallers = Table<MissedCallerRow>;

const Sql kPage = MissedCallers::select_sql(
    "WHERE unit_id IN (WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id = :top UNION ALL "
    "SELECT u.id FROM unit u JOIN below b ON u.parent_id = b.id) SELECT id FROM below) "
    "AND (:open = 0 OR state = 'open') "
    "AND (at < :before OR (at = :before_again AND id < :id)) ORDER BY at DESC, id DESC LIMIT :limit");

}  // namespace

template class Table<MissedCallerRow>;

Result<> MissedCallerTable::save(Transaction& tx, const casework::MissedCaller& missed) {
  KAPOK_CHECK(missed.version >= 1);
  MissedCallerRow row;
  row.id = missed.id;
  row.city = tx.city();
  row.version = static_cast<std::int64_t>(missed.version) - 1;
  row.missed = missed;
  return MissedCallers::save(tx, row);
}

Result<casework::MissedCaller> MissedCallerTable::get(ReadTransaction& tx, MissedCallerId id) {
  auto row = MissedCallers::get(tx, id, ErrorCode::kUnknownCallback);
  if (!row) return row.error();
  return missed_of(*row);
}

Selection<MissedCallerRow> MissedCallerTable::page(ReadTransaction& tx, const MissedAsked& asked) {
  const std::int64_t before = asked.before_at.is_set() ? asked.before_at.us : std::numeric_limits<std::int64_t>::max();
  return MissedCallers::select(
      tx, kPage, {asked.top, asked.open_only ? 1 : 0, before, before, asked.before_id.value, asked.limit});
}

casework::MissedCaller MissedCallerTable::missed_of(const MissedCallerRow& row) {
  casework::MissedCaller missed = row.missed;
  missed.id = row.id;
  missed.version = static_cast<std::uint64_t>(row.version);
  return missed;
}

}  // namespace kapok::storage
