#include "storage/journal_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Journal = Table<JournalRow>;

const Sql kFrom = Journal::select_sql("WHERE city_id = :city AND seq >= :seq ORDER BY seq LIMIT :limit");
const Sql kLastSeq("SELECT COALESCE(MAX(seq), 0) FROM journal WHERE city_id = :city");

}  // namespace

template class Table<JournalRow>;

Result<> JournalTable::append(Transaction& tx, JournalRow& row) { return Journal::save(tx, row); }

Selection<JournalRow> JournalTable::from(ReadTransaction& tx, CityId city, std::int64_t seq, std::int64_t limit) {
  return Journal::select(tx, kFrom, {city, seq, limit});
}

std::int64_t JournalTable::last_seq(ReadTransaction& tx, CityId city) {
  const auto found = tx.connection().first(kLastSeq, {city}, {CellKind::kInteger});
  return found ? found->front().integer : 0;
}

}  // namespace kapok::storage
