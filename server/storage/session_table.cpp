#include "storage/session_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Sessions = Table<SessionRow>;

const Sql kLive = Sessions::select_sql("WHERE city_id = :city AND ended_at IS NULL AND expires_at > :now ORDER BY id");
const Sql kLastKey("SELECT COALESCE(MAX(sequence), 0) FROM reply WHERE session_id = :session", SqlFor::kEveryStore);

}  // namespace

template class Table<SessionRow>;

Result<> SessionTable::save(Transaction& tx, SessionRow& row) { return Sessions::save(tx, row); }

Result<SessionRow> SessionTable::get(ReadTransaction& tx, SessionId id) {
  return Sessions::get(tx, id, ErrorCode::kSessionEnded);
}

Selection<SessionRow> SessionTable::live(ReadTransaction& tx, CityId city, Instant now) {
  return Sessions::select(tx, kLive, {city, now});
}

std::int64_t SessionTable::last_key(ReadTransaction& tx, SessionId id) {
  const auto cells = tx.connection().first(kLastKey, {id}, {CellKind::kInteger});
  return cells ? cells->front().integer : 0;
}

}  // namespace kapok::storage
