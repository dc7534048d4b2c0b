#include "storage/store_facts.h"

#include <sstream>

#include "storage/connection.h"
#include "storage/migrations.h"

namespace kapok::storage {
namespace {

const Sql kLastChange("SELECT seq, at FROM change ORDER BY seq DESC LIMIT 1");
const Sql kLastAudit("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
const Sql kTables(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_text%' "
    "AND name <> 'change' ORDER BY name",
    SqlFor::kSqliteOnly);

}  // namespace

StoreFacts read_store_facts(Connection& connection, bool count_rows) {
  StoreFacts facts;
  facts.schema = schema_version(connection);
  if (const auto last = connection.first(kLastChange, {}, {CellKind::kInteger, CellKind::kInteger})) {
    facts.seq = (*last)[0].integer;
    facts.at = Instant{(*last)[1].integer};
  }
  if (const auto last = connection.first(kLastAudit, {}, {CellKind::kInteger, CellKind::kText})) {
    facts.audit_seq = (*last)[0].integer;
    facts.audit_hash = (*last)[1].text;
  }
  if (!count_rows) return facts;
  connection.query(kTables, {}, {CellKind::kText}, [&](const Values& row) { facts.rows[row[0].text] = 0; });
  for (auto& [table, count] : facts.rows) count = std::stoll(connection.text_of("SELECT COUNT(*) FROM " + table));
  return facts;
}

std::string facts_text(const StoreFacts& facts) {
  std::string text = "schema " + std::to_string(facts.schema) + "\nseq " + std::to_string(facts.seq) + "\nat " +
                     std::to_string(facts.at.us) + "\naudit " + std::to_string(facts.audit_seq) + " " +
                     facts.audit_hash + "\n";
  for (const auto& [table, count] : facts.rows) text += "rows " + table + " " + std::to_string(count) + "\n";
  return text;
}

Result<StoreFacts> facts_from(std::string_view text) {
  const Error unreadable{ErrorCode::kRowDamaged, "holds notes about its store that cannot be read"};
  StoreFacts facts;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, table;
    words >> word;
    if (word == "schema") {
      words >> facts.schema;
    } else if (word == "seq") {
      words >> facts.seq;
    } else if (word == "at") {
      words >> facts.at.us;
    } else if (word == "audit") {
      words >> facts.audit_seq;
      if (facts.audit_seq > 0) words >> facts.audit_hash;
    } else if (word == "rows") {
      words >> table;
      words >> facts.rows[table];
    } else {
      return unreadable;
    }
    if (words.fail()) return unreadable;
  }
  return facts;
}

std::string difference(const StoreFacts& noted, const StoreFacts& found) {
  const auto differ = [](const std::string& what, std::int64_t then, std::int64_t now) {
    return what + " " + std::to_string(then) + " when the backup was made, " + std::to_string(now) + " now";
  };
  if (noted.schema != found.schema) return differ("the schema was", noted.schema, found.schema);
  if (noted.seq != found.seq) return differ("the last batch was", noted.seq, found.seq);
  if (noted.audit_seq != found.audit_seq) return differ("the last audit row was", noted.audit_seq, found.audit_seq);
  if (noted.audit_hash != found.audit_hash) return "the head of the audit chain is not the one noted";
  if (noted.rows.empty() || found.rows.empty() || noted.rows == found.rows) return {};
  for (const auto& [table, count] : noted.rows) {
    const auto now = found.rows.find(table);
    if (now == found.rows.end()) return "table " + table + " is missing";
    if (now->second != count) return differ("rows of " + table + ":", count, now->second);
  }
  return "there are more tables than when the backup was made";
}

}  // namespace kapok::storage
