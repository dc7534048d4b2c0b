#pragma once

#include <functional>

#include "api/directory.h"
#include "core/csv.h"
#include "core/id.h"
#include "core/local_time.h"
#include "core/result.h"
#include "service/id_stock.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Where an import writes. Rows already there, found by their code, number or account, are replaced; rows that the
/// file does not name stay.
struct ImportInto {
  storage::Transaction& tx;
  CityId city;
  UtcOffset utc_offset;
  IdStock& ids;
  std::function<bool(UnitId)> may_roster;  ///< units whose shifts the asker may change; empty = all
};

/// Ids one row of any file may need at most: a person with roles and endpoints.
inline constexpr std::size_t kIdsPerRow = 24;

/// Each takes one file of deploy/guangzhou/README.md ("Formats") and writes its rows, in a transaction that the
/// caller drops when the report has problems other than warnings. Writer thread. A Result is an error of the store
/// only.
Result<api::ImportReport> import_regions(const ImportInto& into, CsvTable table);
Result<api::ImportReport> import_stations(const ImportInto& into, CsvTable table);
Result<api::ImportReport> import_points(const ImportInto& into, CsvTable table);
Result<api::ImportReport> import_lines(const ImportInto& into, CsvTable table);
Result<api::ImportReport> import_people(const ImportInto& into, CsvTable table);
Result<api::ImportReport> import_patches(const ImportInto& into, CsvTable table);
Result<api::ImportReport> import_shifts(const ImportInto& into, CsvTable table);

Result<api::ImportReport> import_file(const ImportInto& into, api::ImportKind kind, CsvTable table);

/// No problem but warnings.
bool may_commit(const api::ImportReport& report);

}  // namespace kapok::service
