#include "storage/journal_table.h"

#include <algorithm>
#include <bit>

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Journal = Table<JournalRow>;

const Sql kFrom = Journal::select_sql("WHERE city_id = :city AND seq >= :seq ORDER BY seq LIMIT :limit");
const Sql kFirstSeq("SELECT COALESCE(MIN(seq), 0) FROM journal WHERE city_id = :city");
const Sql kLastSeq("SELECT COALESCE(MAX(seq), 0) FROM journal WHERE city_id = :city");
const Sql kLastStart(
    "SELECT seq FROM journal WHERE core IS NOT NULL AND city_id = :city AND at <= :at ORDER BY at DESC, seq DESC "
    "LIMIT 1");
const Sql kNextStart(
    "SELECT seq FROM journal WHERE core IS NOT NULL AND city_id = :city AND at > :at ORDER BY at, seq LIMIT 1");
const Sql kErase("DELETE FROM journal WHERE city_id = :city AND seq < :seq");

std::int64_t number(ReadTransaction& tx, const Sql& sql, const Values& in) {
  const auto found = tx.connection().first(sql, in, {CellKind::kInteger});
  return found ? found->front().integer : 0;
}

std::optional<std::uint64_t> bits(const std::optional<std::int64_t>& stored) {
  return stored ? std::optional(std::bit_cast<std::uint64_t>(*stored)) : std::nullopt;
}

}  // namespace

template class Table<JournalRow>;

Result<> JournalTable::append(Transaction& tx, JournalRow& row) { return Journal::save(tx, row); }

Selection<JournalRow> JournalTable::from(ReadTransaction& tx, CityId city, std::int64_t seq, std::int64_t limit) {
  return Journal::select(tx, kFrom, {city, seq, limit});
}

std::int64_t JournalTable::first_seq(ReadTransaction& tx, CityId city) { return number(tx, kFirstSeq, {city}); }
std::int64_t JournalTable::last_seq(ReadTransaction& tx, CityId city) { return number(tx, kLastSeq, {city}); }
std::int64_t JournalTable::last_start(ReadTransaction& tx, CityId city, Instant at) {
  return number(tx, kLastStart, {city, at});
}
std::int64_t JournalTable::next_start(ReadTransaction& tx, CityId city, Instant after) {
  return number(tx, kNextStart, {city, after.us});
}

std::int64_t JournalTable::erase_before(Transaction& tx, CityId city, std::int64_t seq, std::int64_t limit) {
  const std::int64_t first = first_seq(tx, city);
  if (first == 0 || first >= seq) return 0;
  return static_cast<std::int64_t>(tx.connection().run_sweep(kErase, {city, std::min(seq, first + limit)}));
}

routing::JournalEntry JournalTable::entry_of(const JournalRow& row) {
  return {row.seq, row.at, row.event, row.core, bits(row.commands), bits(row.state_hash)};
}

}  // namespace kapok::storage
