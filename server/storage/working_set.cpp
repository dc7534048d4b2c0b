#include "storage/working_set.h"

#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <array>

#include "storage/connection.h"
#include "storage/migrations.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

/// CROSS JOIN: city by city, so that the index on the end of calls is used and not read whole.
std::string recent_calls() {
  return "(SELECT c.id FROM id_high_water h CROSS JOIN call c WHERE c.city_id = h.city_id AND c.ended_at > (SELECT "
         "MAX(e.ended_at) FROM call e WHERE e.city_id = h.city_id) - " +
         std::to_string(Duration(kRecentCalls).count()) + " ORDER BY c.ended_at DESC LIMIT " +
         std::to_string(kRecentCallsMax) + ")";
}

struct Held {
  const char* table;
  std::string where;
};

const std::vector<Held>& held_rows() {
  static const std::vector<Held> held = {
      {"state_value", ""},
      {"id_high_water", ""},
      {"day_counter", ""},
      {"contact", "WHERE state = 'draft'"},
      {"need", "WHERE contact_id IN (SELECT id FROM contact WHERE state = 'draft')"},
      {"follow_up", "WHERE state IN ('scheduled', 'claimed')"},
      {"call", "WHERE state <> 'ended'"},
      {"call", "WHERE state = 'ended' AND id IN " + recent_calls()},
      {"missed_caller", "WHERE state = 'open' AND call_id IN " + recent_calls()},
  };
  return held;
}

constexpr std::array<std::string_view, 8> kFollowed = {"state_value", "id_high_water", "day_counter",   "contact",
                                                       "need",        "follow_up",     "missed_caller", "call"};

/// The table that a statement changes; empty when it is of another form than ours.
std::string_view changed_table(std::string_view sql) {
  for (const std::string_view start : {"INSERT INTO ", "UPDATE ", "DELETE FROM "}) {
    if (!sql.starts_with(start)) continue;
    sql.remove_prefix(start.size());
    return sql.substr(0, sql.find_first_of(" ("));
  }
  return {};
}

/// What is removed or sealed anew elsewhere need not be here; a row that is put in whole must fit.
bool must_touch(std::string_view sql, const Change& change) {
  return change.touched != kTouchedAny && sql.starts_with("INSERT");
}

bool is_followed(std::string_view sql) {
  return std::find(kFollowed.begin(), kFollowed.end(), changed_table(sql)) != kFollowed.end();
}

struct Columns {
  std::string names;
  std::string marks;
  std::vector<CellKind> kinds;
};

Columns columns_of(Connection& connection, const std::string& table) {
  static const Sql kColumns("SELECT name, type FROM pragma_table_info(:table_name) ORDER BY cid", SqlFor::kSqliteOnly);
  Columns columns;
  connection.query(kColumns, {table}, {CellKind::kText, CellKind::kText}, [&](const Values& row) {
    const char* between = columns.kinds.empty() ? "" : ", ";
    columns.names += between + row[0].text;
    columns.marks += between + (":" + row[0].text);
    columns.kinds.push_back(row[1].text == "TEXT" ? CellKind::kText : CellKind::kInteger);
  });
  return columns;
}

}  // namespace

WorkingSet::WorkingSet(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

WorkingSet::~WorkingSet() = default;

std::unique_ptr<WorkingSet> WorkingSet::load(Connection& store) {
  auto session = std::make_unique<soci::session>(*soci::factory_sqlite3(), "dbname=:memory:");
  std::unique_ptr<WorkingSet> set(new WorkingSet(std::make_unique<Connection>(std::move(session), Dialect::kSqlite)));
  Connection& memory = *set->connection_;
  memory.mark_partial();
  memory.text_of("PRAGMA foreign_keys = OFF");
  memory.text_of("PRAGMA synchronous = OFF");
  if (auto made = apply_migrations(memory, Instant{1}); !made) throw StoreFailure(made.error().detail, true);
  memory.run_text("BEGIN");
  for (const std::string_view table : kFollowed) memory.run_text("DELETE FROM " + std::string(table));
  for (const Held& held : held_rows()) set->copy(store, held.table, held.where);
  memory.run_text("COMMIT");
  return set;
}

void WorkingSet::copy(Connection& store, std::string_view table, const std::string& where) {
  const std::string name(table);
  const Columns columns = columns_of(*connection_, name);
  const Sql read("SELECT " + columns.names + " FROM " + name + " " + where, SqlFor::kEveryStore);
  const Sql write("INSERT INTO " + name + " (" + columns.names + ") VALUES (" + columns.marks + ")",
                  SqlFor::kEveryStore);
  store.query(read, {}, columns.kinds, [&](const Values& row) { connection_->run(write, row); });
}

bool WorkingSet::follow(const ChangeRecord& record) {
  std::vector<bool> wanted;
  for (const std::string& sql : record.texts) wanted.push_back(is_followed(sql));
  if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) return true;
  bool fits = true;
  connection_->run_text("BEGIN");
  for (const Change& change : record.changes) {
    if (!wanted[change.text]) continue;
    const long long touched = connection_->run_again(record.sql(change), change.values);
    fits = fits && (touched == change.touched || !must_touch(record.sql(change), change));
  }
  connection_->run_text("COMMIT");
  ++followed_;
  return fits;
}

void WorkingSet::tidy_now_and_then() {
  if (followed_ >= kFollowedBeforeTidy) tidy();
}

void WorkingSet::tidy() {
  followed_ = 0;
  connection_->run_text("DELETE FROM contact WHERE state <> 'draft'");
  connection_->run_text("DELETE FROM need WHERE contact_id NOT IN (SELECT id FROM contact)");
  connection_->run_text("DELETE FROM follow_up WHERE state NOT IN ('scheduled', 'claimed')");
  connection_->run_text("DELETE FROM call WHERE state = 'ended' AND id NOT IN " + recent_calls());
  connection_->run_text(
      "DELETE FROM missed_caller WHERE state <> 'open' OR call_id NOT IN (SELECT id FROM call) OR call_id IS NULL");
}

}  // namespace kapok::storage
