#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/cell.h"
#include "storage/damage.h"
#include "storage/sql.h"
#include "storage/transaction.h"

/// Every table whose rows are sealed or carry a MAC, in one register, so that a scan or a change of keys forgets
/// none. Table<Row> enters record rows by itself; the few other tables enter themselves in their own file. A test
/// holds the register against the schema.
namespace kapok::storage {

/// Values by the key they name: sealed values, MACs and keyed digests that are checked by that key.
using KeyCounts = std::array<std::int64_t, 256>;

/// One statement that writes a row's seals anew under the current key and changes nothing else. It touches no row
/// when the row is no longer the one that was read: whoever changed it meanwhile has sealed it anew anyway.
struct Reseal {
  const Sql* update = nullptr;
  Values values;
  bool in_change_stream = true;
};

/// What was found in a stretch of one table.
struct ScannedPage {
  std::int64_t rows = 0;
  std::optional<RowKey> last;  ///< the next page begins after it; nothing: the table is at its end
  std::vector<DamagedRow> damaged;
  KeyCounts values_by_key{};
  std::vector<Reseal> reseals;  ///< of sound rows with a value under another than the current key, when asked for
};

struct ScannedTable {
  const char* name;
  /// Checks up to `limit` rows after a key: MAC, and that each sealed value opens. A row in an unreadable part of the
  /// file is damaged like any other. Throws StoreFailure when not even the keys can be read.
  ScannedPage (*page)(ReadTransaction& tx, RowKey after, std::int64_t limit, bool reseal);
  /// One row anew: damaged still? Nothing when it is sound or gone.
  std::optional<DamagedRow> (*look)(ReadTransaction& tx, RowKey key);
};

/// True, so that a static member can be initialised by it. Before main() only.
bool register_scanned(const ScannedTable& table);

/// In order of name.
const std::vector<ScannedTable>& scanned_tables();
const ScannedTable* find_scanned_table(std::string_view name);

/// A table that is no record row and keeps one sealed column. Key and value are selected and bound in this order:
/// `page` gives id, part, sealed text for the parameters id, part, limit; `reseal` takes sealed text, id, part, sealed
/// text before. A table with one number as its key takes 0 as part.
struct SealedColumn {
  const char* table;
  const char* column;
  const Sql* page;
  const Sql* find;  ///< sealed text of one row by id, part
  const Sql* reseal;
  /// Name of the table as the value is bound to it, and the row number it is bound to.
  std::pair<std::string, std::int64_t> (*bound_to)(RowKey key);
  bool in_change_stream = true;  ///< false for the stream itself
};
ScannedPage scan_sealed_column(const SealedColumn& sealed, ReadTransaction& tx, RowKey after, std::int64_t limit,
                               bool reseal);
std::optional<DamagedRow> look_at_sealed_column(const SealedColumn& sealed, ReadTransaction& tx, RowKey key);

/// Carries them out; how many rows were touched.
std::int64_t apply_reseals(Transaction& tx, const std::vector<Reseal>& reseals);

/// For table files: counts the key that a stored text names; true when it is another than the current one.
bool count_key(const KeyRing& keys, std::string_view stored, KeyCounts& counts);

/// Why a value that does not open does not: changed, or sealed with a key that the key file has no more.
std::string why_damaged(const KeyRing& keys, std::string_view stored);

}  // namespace kapok::storage
