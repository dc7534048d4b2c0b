#include "storage/audit_query.h"

#include "storage/audit_row.h"
#include "storage/connection.h"

#define KAPOK_AUDIT_COLUMNS                                                                                 \
  "SELECT a.seq, a.at, a.actor_id, a.session_id, a.action, a.object_kind, a.object_id, a.scope, a.reason, " \
  "a.outcome, d.detail FROM audit a LEFT JOIN audit_detail d ON d.seq = a.seq "

namespace kapok::storage {
namespace {

// The numbers stand in the texts because the partial indices of migration audit_notable hold no others.
static_assert(static_cast<int>(AuditAction::kBreakGlass) == 18 && static_cast<int>(AuditAction::kManyOpened) == 26);
const Sql kOfObject(
    KAPOK_AUDIT_COLUMNS
    "WHERE a.object_kind = :kind AND a.object_id = :id AND a.seq < :before ORDER BY a.seq DESC LIMIT :max");
const Sql kBrokenGlasses(KAPOK_AUDIT_COLUMNS "WHERE a.action = 18 AND a.seq < :before ORDER BY a.seq DESC LIMIT :max");
const Sql kAlerts(KAPOK_AUDIT_COLUMNS "WHERE a.action = 26 AND a.seq < :before ORDER BY a.seq DESC LIMIT :max");
const Sql kHighest("SELECT MAX(seq) FROM audit");
const Sql kAtOrAfter("SELECT at FROM audit WHERE seq >= :seq ORDER BY seq LIMIT 1");

const std::vector<CellKind>& kinds() {
  static const std::vector<CellKind> list = [] {
    std::vector<CellKind> cells(kAuditNumbers, CellKind::kInteger);
    cells.push_back(CellKind::kText);
    return cells;
  }();
  return list;
}

AuditRow row_of(const ReadTransaction& tx, const Values& cells) {
  AuditRow row;
  row.seq = cells[0].integer;
  row.at = Instant{cells[1].integer};
  row.event = {.actor = WorkerId{cells[2].integer},
               .session = SessionId{cells[3].integer},
               .action = static_cast<AuditAction>(cells[4].integer),
               .object = static_cast<AuditObject>(cells[5].integer),
               .object_id = cells[6].integer,
               .scope = static_cast<Scope>(cells[7].integer),
               .reason = static_cast<AuditReason>(cells[8].integer),
               .outcome = static_cast<AuditOutcome>(cells[9].integer)};
  if (cells[kAuditNumbers].null) return row;
  if (auto detail = tx.cipher().open(audit_detail_place(row.seq), cells[kAuditNumbers].text))
    row.detail = std::move(*detail);
  return row;
}

std::vector<AuditRow> select(ReadTransaction& tx, const Sql& sql, const Values& in) {
  std::vector<AuditRow> rows;
  tx.connection().query(sql, in, kinds(), [&](const Values& cells) { rows.push_back(row_of(tx, cells)); });
  return rows;
}

}  // namespace

std::vector<AuditRow> audit_rows_of(ReadTransaction& tx, AuditObject object, std::int64_t id, std::int64_t before,
                                    std::int64_t limit) {
  return select(tx, kOfObject, {static_cast<int>(object), id, before, limit});
}

std::vector<AuditRow> broken_glasses(ReadTransaction& tx, std::int64_t before, std::int64_t limit) {
  return select(tx, kBrokenGlasses, {before, limit});
}

std::vector<AuditRow> opening_alerts(ReadTransaction& tx, std::int64_t before, std::int64_t limit) {
  return select(tx, kAlerts, {before, limit});
}

std::int64_t audit_seq_at(ReadTransaction& tx, Instant at) {
  const auto highest = tx.connection().first(kHighest, {}, {CellKind::kInteger});
  std::int64_t low = 1;
  std::int64_t high = highest->front().integer + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto found = tx.connection().first(kAtOrAfter, {middle}, {CellKind::kInteger});
    if (found && found->front().integer < at.us)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

}  // namespace kapok::storage
#undef KAPOK_AUDIT_COLUMNS
