#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "storage/sql.h"

namespace kapok::storage {

class Connection;

inline constexpr int kNewestSchema = 1'000'000;

/// One numbered step of the schema: portable SQL, and what only SQLite has (the search table).
struct MigrationStep {
  int version;
  std::string_view portable_sql;
  std::string_view sqlite_sql;
};

/// All steps, from 1 without gaps. Steps are never edited after a release; a change is a new step.
const std::vector<MigrationStep>& migration_steps();

/// Splits a script at `;` and drops `--` comments. Scripts hold no literal with either.
std::vector<std::string> split_script(std::string_view script);

/// Version of the schema in the store; 0 for an empty one.
int schema_version(Connection& connection);

/// Applies the steps that are missing, each in one transaction with its row in `schema_step`. Refuses a
/// store whose schema is newer than this program: an old program must not write into it. `up_to`: an earlier step to
/// stop at, for tests of old stores.
Result<> apply_migrations(Connection& connection, Instant now, int up_to = kNewestSchema);

}  // namespace kapok::storage
