#include "storage/migrations.h"

#include <algorithm>

#include "core/check.h"
#include "storage/connection.h"
#include "storage/migrations/0001_first_schema.h"
#include "storage/migrations/0001_first_schema_sqlite.h"
#include "storage/migrations/0002_change.h"
#include "storage/migrations/0003_journal_digests.h"
#include "storage/migrations/0004_high_risk_index.h"
#include "storage/migrations/0005_quarantine.h"
#include "storage/migrations/0006_audit_notable.h"
#include "storage/migrations/0007_place.h"
#include "storage/migrations/0008_transfer.h"
#include "storage/migrations/0009_continuing.h"
#include "storage/migrations/0010_unit_rings.h"

namespace kapok::storage {
namespace {

const Sql kNewestStep("SELECT MAX(version) FROM schema_step");
const Sql kNoteStep("INSERT INTO schema_step (version, at) VALUES (:version, :at)");
const Sql kHasStepsSqlite("SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_step'", SqlFor::kSqliteOnly);
const Sql kHasStepsPostgresql("SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'schema_step'",
                              SqlFor::kPostgresqlOnly);

void run_script(Connection& connection, std::string_view script) {
  for (const std::string& statement : split_script(script)) connection.run_text(statement);
}

void apply_step(Connection& connection, const MigrationStep& step, Instant now) {
  connection.run_text(connection.dialect() == Dialect::kSqlite ? "BEGIN IMMEDIATE" : "BEGIN");
  try {
    run_script(connection, step.portable_sql);
    if (connection.dialect() == Dialect::kSqlite) run_script(connection, step.sqlite_sql);
    connection.run(kNoteStep, {step.version, now});
    connection.run_text("COMMIT");
  } catch (const StoreFailure&) {
    connection.run_text("ROLLBACK");
    throw;
  }
}

}  // namespace

const std::vector<MigrationStep>& migration_steps() {
  static const std::vector<MigrationStep> steps = {
      {1, kMigration0001_first_schema, kMigration0001_first_schema_sqlite},
      {2, kMigration0002_change, {}},
      {3, kMigration0003_journal_digests, {}},
      {4, kMigration0004_high_risk_index, {}},
      {5, kMigration0005_quarantine, {}},
      {6, kMigration0006_audit_notable, {}},
      {7, kMigration0007_place, {}},
      {8, kMigration0008_transfer, {}},
      {9, kMigration0009_continuing, {}},
      {10, kMigration0010_unit_rings, {}},
  };
  return steps;
}

std::vector<std::string> split_script(std::string_view script) {
  std::vector<std::string> statements;
  std::string current;
  bool in_comment = false;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    if (c == '\n') in_comment = false;
    if (!in_comment && c == '-' && i + 1 < script.size() && script[i + 1] == '-') in_comment = true;
    if (in_comment) continue;
    if (c != ';') {
      if (!(current.empty() && (c == '\n' || c == ' '))) current.push_back(c);
      continue;
    }
    statements.push_back(std::move(current));
    current.clear();
  }
  KAPOK_CHECK(current.empty());  // a script ends with a semicolon
  return statements;
}

int schema_version(Connection& connection) {
  const Sql& has = connection.dialect() == Dialect::kSqlite ? kHasStepsSqlite : kHasStepsPostgresql;
  const auto has_steps = connection.first(has, {}, {CellKind::kInteger});
  if (has_steps->front().integer == 0) return 0;
  const auto newest = connection.first(kNewestStep, {}, {CellKind::kInteger});
  return static_cast<int>(newest->front().integer);
}

Result<> apply_migrations(Connection& connection, Instant now, int up_to) {
  try {
    const int stored = schema_version(connection);
    const int known = migration_steps().back().version;
    if (stored > known) {
      return Error{ErrorCode::kStoreUnavailable, "the store has schema " + std::to_string(stored) +
                                                     ", this program knows " + std::to_string(known) +
                                                     ": start the newer program"};
    }
    for (const MigrationStep& step : migration_steps())
      if (step.version > stored && step.version <= up_to) apply_step(connection, step, now);
    return Done{};
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable,
                 "the schema could not be brought up to date: " + std::string(failure.what())};
  }
}

}  // namespace kapok::storage
