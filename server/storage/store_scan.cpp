#include "storage/store_scan.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/check.h"
#include "storage/connection.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

/// Tables with nothing sealed and no MAC. `audit` is a chain and checked by verify_audit_chain; the search index is
/// derived and remade; the others are the store's own small counters.
constexpr std::array kUnsealed = {std::string_view("audit"),           std::string_view("day_counter"),
                                  std::string_view("id_high_water"),   std::string_view("quarantine"),
                                  std::string_view("reply_window"),    std::string_view("schema_step"),
                                  std::string_view("search_document"), std::string_view("state_value")};

const Sql kTableNames("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", SqlFor::kSqliteOnly);
const Sql kIntegrity("SELECT integrity_check FROM pragma_integrity_check(100)", SqlFor::kSqliteOnly);

bool is_scanned_or_unsealed(const std::string& name) {
  if (find_scanned_table(name) != nullptr || name.starts_with("search_text") || name.starts_with("sqlite_"))
    return true;
  return std::find(kUnsealed.begin(), kUnsealed.end(), name) != kUnsealed.end();
}

std::vector<std::string> structure_faults(ReadTransaction& tx) {
  std::vector<std::string> faults;
  try {
    tx.connection().query(kIntegrity, {}, {CellKind::kText}, [&](const Values& row) {
      if (row[0].text != "ok") faults.push_back(row[0].text);
    });
    for (const std::string& table : tables_not_scanned(tx)) faults.push_back("table " + table + " is not scanned");
  } catch (const StoreFailure& failure) {
    faults.emplace_back(failure.what());
  }
  return faults;
}

}  // namespace

ScannedPage StoreScan::next(ReadTransaction& tx, std::int64_t limit) {
  KAPOK_CHECK(!at_end() && limit > 0);
  const ScannedTable& table = scanned_tables()[table_];
  if (findings_.empty() || findings_.back().table != table.name) findings_.push_back({table.name, 0, 0});
  ScannedPage page;
  try {
    page = table.page(tx, after_, limit, reseal_);
  } catch (const StoreFailure& failure) {
    if (!failure.page_is_damaged) throw;  // the store is away for a while: that damages nothing
    page.damaged.push_back({table.name, after_, std::string("cannot be read from here on: ") + failure.what()});
  }
  const auto damaged = static_cast<std::int64_t>(page.damaged.size());
  findings_.back().rows += page.rows;
  findings_.back().damaged += damaged;
  rows_ += page.rows;
  damaged_ += damaged;
  for (std::size_t id = 0; id < values_by_key_.size(); ++id) values_by_key_[id] += page.values_by_key[id];
  after_ = page.last.value_or(RowKey{});
  if (!page.last) ++table_;
  return page;
}

ScanReport scan_store(ReadTransaction& tx, const std::function<void(const DamagedRow&)>& on_damaged,
                      const std::function<void(std::int64_t)>& reached) {
  StoreScan scan;
  while (!scan.at_end()) {
    for (const DamagedRow& row : scan.next(tx, kScanPage).damaged) on_damaged(row);
    if (reached) reached(scan.rows());
  }
  return {scan.findings(), scan.rows(), scan.damaged(), scan.values_by_key(), structure_faults(tx)};
}

std::vector<std::string> tables_not_scanned(ReadTransaction& tx) {
  std::vector<std::string> missing;
  tx.connection().query(kTableNames, {}, {CellKind::kText}, [&](const Values& row) {
    if (!is_scanned_or_unsealed(row[0].text)) missing.push_back(row[0].text);
  });
  return missing;
}

std::int64_t rows_to_scan(ReadTransaction& tx) {
  std::int64_t rows = 0;
  for (const ScannedTable& table : scanned_tables()) {
    try {
      rows += std::stoll(tx.connection().text_of(std::string("SELECT COUNT(*) FROM ") + table.name));
    } catch (const StoreFailure&) {
      continue;  // the scan itself names what cannot be read
    }
  }
  return rows;
}

}  // namespace kapok::storage
