#include "storage/store_rebuild.h"

#include "storage/connection.h"
#include "storage/migrations.h"

namespace kapok::storage {
namespace {

const Sql kIndexNames(
    "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name NOT LIKE 'search_text%' ORDER BY name",
    SqlFor::kSqliteOnly);
const Sql kForgetDocuments("DELETE FROM search_document");
const Sql kFinalised("SELECT id FROM contact WHERE id > :after AND state = 'finalised' ORDER BY id LIMIT :limit");
const Sql kCountFinalised("SELECT COUNT(*) FROM contact WHERE state = 'finalised'");
const Sql kCountDocuments("SELECT COUNT(*) FROM search_document");

std::int64_t count(ReadTransaction& tx, const Sql& sql) {
  return tx.connection().first(sql, {}, {CellKind::kInteger})->front().integer;
}

void make_search_anew(Connection& connection) {
  connection.run_text("DROP TABLE IF EXISTS search_text");
  for (const MigrationStep& step : migration_steps())
    for (const std::string& statement : split_script(step.sqlite_sql))
      if (statement.find("VIRTUAL TABLE search_text") != std::string::npos) connection.run_text(statement);
}

}  // namespace

std::vector<std::string> index_names(ReadTransaction& tx) {
  std::vector<std::string> names;
  tx.connection().query(kIndexNames, {}, {CellKind::kText}, [&](const Values& row) { names.push_back(row[0].text); });
  return names;
}

void remake_index(Transaction& tx, const std::string& name) { tx.connection().run_text("REINDEX \"" + name + "\""); }

void empty_search(Transaction& tx) {
  tx.connection().run(kForgetDocuments);
  try {
    tx.connection().run_text("INSERT INTO search_text (search_text) VALUES ('delete-all')");
  } catch (const StoreFailure&) {
    make_search_anew(tx.connection());
  }
}

std::vector<ContactId> finalised_contacts(ReadTransaction& tx, ContactId after, std::int64_t limit) {
  std::vector<ContactId> ids;
  tx.connection().query(kFinalised, {after.value, limit}, {CellKind::kInteger},
                        [&](const Values& row) { ids.push_back(ContactId{row[0].integer}); });
  return ids;
}

std::int64_t count_finalised_contacts(ReadTransaction& tx) { return count(tx, kCountFinalised); }
std::int64_t count_search_documents(ReadTransaction& tx) { return count(tx, kCountDocuments); }

std::string search_fault(Transaction& tx) {
  try {
    tx.connection().run_text("INSERT INTO search_text (search_text) VALUES ('integrity-check')");
    return {};
  } catch (const StoreFailure& failure) {
    return failure.what();
  }
}

}  // namespace kapok::storage
