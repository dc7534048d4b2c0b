#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/scanned_table.h"

namespace kapok::storage {

/// What a scan found in one table.
struct TableFinding {
  std::string table;
  std::int64_t rows = 0;
  std::int64_t damaged = 0;
};

/// A walk over every row of every scanned table, stretch by stretch, so that it can be paced: each row's MAC is
/// checked and each sealed value opened. A snapshot belongs to one stretch only; rows written meanwhile are met or
/// not, and none is damaged for it. Rows are read in order of their ids.
///
/// What this does not see: a row that was removed, or put back as it once was (the audit chain shows who did); the
/// store's own few counters, which carry no MAC.
class StoreScan {
 public:
  /// `reseal`: the stretches also hold what brings rows under the current key.
  explicit StoreScan(bool reseal = false) : reseal_(reseal) {}

  /// The next stretch of at most `limit` rows; `damaged` names each damaged row of it. A table that cannot be read on
  /// counts as one damaged row and is left behind. Throws StoreFailure when the store is away; then it may be called
  /// again. After at_end() this is our mistake.
  ScannedPage next(ReadTransaction& tx, std::int64_t limit);

  [[nodiscard]] bool at_end() const { return table_ == scanned_tables().size(); }
  /// Tables begun so far, the running one last.
  [[nodiscard]] const std::vector<TableFinding>& findings() const { return findings_; }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t damaged() const { return damaged_; }
  /// Values met by the key they name, before anything is sealed anew.
  [[nodiscard]] const KeyCounts& values_by_key() const { return values_by_key_; }

 private:
  bool reseal_;
  std::size_t table_ = 0;
  RowKey after_;
  std::vector<TableFinding> findings_;
  std::int64_t rows_ = 0;
  std::int64_t damaged_ = 0;
  KeyCounts values_by_key_{};
};

/// The whole store at once, for kapokctl and for the check of a restored backup. `on_damaged` hears each damaged row,
/// `reached` the rows done after each stretch.
struct ScanReport {
  std::vector<TableFinding> tables;
  std::int64_t rows = 0;
  std::int64_t damaged = 0;
  KeyCounts values_by_key{};
  std::vector<std::string> structure;  ///< what SQLite itself finds wrong: pages, indices; empty when sound

  [[nodiscard]] bool sound() const { return damaged == 0 && structure.empty(); }
};
ScanReport scan_store(ReadTransaction& tx, const std::function<void(const DamagedRow&)>& on_damaged,
                      const std::function<void(std::int64_t rows)>& reached = {});

/// Tables that are neither scanned nor known to hold nothing sealed: a table of a newer program, or one forgotten.
std::vector<std::string> tables_not_scanned(ReadTransaction& tx);

/// Rows of all scanned tables as far as the store can count them, for a progress bar.
std::int64_t rows_to_scan(ReadTransaction& tx);

}  // namespace kapok::storage
