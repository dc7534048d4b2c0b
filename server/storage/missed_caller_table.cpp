#include "storage/missed_caller_table.h"

#include <limits>

#include "storage/table.h"

namespace kapok::storage {
namespace {

using MissedCallers = Table<MissedCallerRow>;

const Sql kPage = MissedCallers::select_sql(
    "WHERE unit_id IN " KAPOK_UNIT_SET
    " AND (:open = 0 OR state = 'open') "
    "AND (at < :before OR (at = :before_same AND id < :id)) ORDER BY at DESC, id DESC LIMIT :limit");
const Sql kOpenOfCall = MissedCallers::select_sql("WHERE call_id = :call AND state = 'open' ORDER BY id LIMIT 1");

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

std::optional<casework::MissedCaller> MissedCallerTable::open_of_call(ReadTransaction& tx, CallId call) {
  const auto found = MissedCallers::select(tx, kOpenOfCall, {call});
  if (found.rows.empty()) return std::nullopt;
  return missed_of(found.rows.front());
}

Selection<MissedCallerRow> MissedCallerTable::page(ReadTransaction& tx, const MissedAsked& asked) {
  const std::int64_t before = asked.before_at.is_set() ? asked.before_at.us : std::numeric_limits<std::int64_t>::max();
  Values in;
  append_units(in, asked.units);
  for (const std::int64_t value : {std::int64_t{asked.open_only}, before, before, asked.before_id.value, asked.limit})
    in.emplace_back(value);
  return MissedCallers::select(tx, kPage, in);
}

casework::MissedCaller MissedCallerTable::missed_of(const MissedCallerRow& row) {
  casework::MissedCaller missed = row.missed;
  missed.id = row.id;
  missed.version = static_cast<std::uint64_t>(row.version);
  return missed;
}

}  // namespace kapok::storage
