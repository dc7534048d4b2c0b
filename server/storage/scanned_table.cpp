#include "storage/scanned_table.h"

#include <algorithm>

#include "storage/connection.h"

namespace kapok::storage {
namespace {

std::vector<ScannedTable>& tables() {
  static auto* const instance = new std::vector<ScannedTable>;  // filled before main(), in no certain order
  return *instance;
}

}  // namespace

bool register_scanned(const ScannedTable& table) {
  auto& all = tables();
  const auto place = std::lower_bound(all.begin(), all.end(), table, [](const ScannedTable& a, const ScannedTable& b) {
    return std::string_view(a.name) < b.name;
  });
  all.insert(place, table);
  return true;
}

const std::vector<ScannedTable>& scanned_tables() { return tables(); }

const ScannedTable* find_scanned_table(std::string_view name) {
  for (const ScannedTable& table : tables())
    if (name == table.name) return &table;
  return nullptr;
}

std::int64_t apply_reseals(Transaction& tx, const std::vector<Reseal>& reseals) {
  std::int64_t touched = 0;
  for (const Reseal& reseal : reseals)
    touched += reseal.in_change_stream ? tx.connection().run_sweep(*reseal.update, reseal.values)
                                       : tx.connection().run_unrecorded(*reseal.update, reseal.values);
  return touched;
}

bool count_key(const KeyRing& keys, std::string_view stored, KeyCounts& counts) {
  const auto id = key_id_of(stored);
  if (!id) return false;
  ++counts[*id];
  return *id != keys.current_key_id();
}

std::string why_damaged(const KeyRing& keys, std::string_view stored) {
  const auto id = key_id_of(stored);
  if (id && !keys.has(*id)) return "sealed with key " + std::to_string(*id) + ", which the key file does not hold";
  return "not what was written";
}

namespace {

void scan_sealed_row(const SealedColumn& sealed, ReadTransaction& tx, RowKey key, const std::string& text, bool reseal,
                     ScannedPage& page) {
  const auto [table, row_id] = sealed.bound_to(key);
  const SealedPlace place{table, sealed.column, row_id};
  const auto plain = tx.cipher().open(place, text);
  if (!plain) {
    page.damaged.push_back({sealed.table, key, why_damaged(tx.keys(), text)});
    return;
  }
  const bool old = count_key(tx.keys(), text, page.values_by_key);
  if (old && reseal)
    page.reseals.push_back(
        {sealed.reseal, {tx.cipher().seal(place, *plain), key.id, key.part, text}, sealed.in_change_stream});
}

}  // namespace

ScannedPage scan_sealed_column(const SealedColumn& sealed, ReadTransaction& tx, RowKey after, std::int64_t limit,
                               bool reseal) {
  ScannedPage page;
  tx.connection().query(*sealed.page, {after.id, after.part, limit},
                        {CellKind::kInteger, CellKind::kInteger, CellKind::kText}, [&](const Values& cells) {
                          ++page.rows;
                          page.last = RowKey{cells[0].integer, cells[1].integer};
                          scan_sealed_row(sealed, tx, *page.last, cells[2].text, reseal, page);
                        });
  if (page.rows < limit) page.last.reset();
  return page;
}

std::optional<DamagedRow> look_at_sealed_column(const SealedColumn& sealed, ReadTransaction& tx, RowKey key) {
  const auto found = tx.connection().first(*sealed.find, {key.id, key.part}, {CellKind::kText});
  ScannedPage page;
  if (found) scan_sealed_row(sealed, tx, key, found->front().text, false, page);
  return page.damaged.empty() ? std::nullopt : std::optional(page.damaged.front());
}

}  // namespace kapok::storage
