#include "storage/session_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Sessions = Table<SessionRow>;

const Sql kLive = Sessions::select_sql("WHERE city_id = :city AND ended_at IS NULL AND expires_at > :now ORDER BY id");
const Sql kLiveOf =
    Sessions::select_sql("WHERE worker_id = :worker AND ended_at IS NULL AND expires_at > :now ORDER BY id");

}  // namespace

template class Table<SessionRow>;

Result<> SessionTable::save(Transaction& tx, SessionRow& row) { return Sessions::save(tx, row); }

Result<SessionRow> SessionTable::get(ReadTransaction& tx, SessionId id) {
  return Sessions::get(tx, id, ErrorCode::kSessionEnded);
}

Selection<SessionRow> SessionTable::live(ReadTransaction& tx, CityId city, Instant now) {
  return Sessions::select(tx, kLive, {city, now});
}

Selection<SessionRow> SessionTable::live_of(ReadTransaction& tx, WorkerId worker, Instant now) {
  return Sessions::select(tx, kLiveOf, {worker, now});
}

}  // namespace kapok::storage
