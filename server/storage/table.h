#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/connection.h"
#include "storage/row_codec.h"
#include "storage/scanned_table.h"
#include "storage/selection.h"
#include "storage/sql.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// What every table of record rows can do; included by storage's table files only. Each table file ends
/// with `template class Table<CallRow>;` so that its statements are registered at start.
template <class Row>
class Table {
 public:
  /// Writes the row whole with version + 1. A row with version 0 is new; otherwise the stored version
  /// must still be `row.version`. kVersionConflict: somebody was faster, or the id is taken; nothing was
  /// written and `row` keeps its version.
  static Result<> save(Transaction& tx, Row& row) {
    KAPOK_CHECK(row.id.is_set() && row.city.is_set() && row.version >= 0);
    Row next = row;
    ++next.version;
    if (tx.connection().run(kUpsert, encode_row(tx.keys(), next)) != 1) {
      return Error{ErrorCode::kVersionConflict, std::string(Row::kTable) + " was changed by somebody else"};
    }
    row.version = next.version;
    tx.note_id(row.id.value);
    return Done{};
  }

  /// kRowDamaged when the row is there but is not what was written.
  static Result<std::optional<Row>> find(ReadTransaction& tx, typename Row::Key id) {
    const auto cells = tx.connection().first(kFind, {id}, kinds());
    if (!cells) return std::optional<Row>{};
    auto row = decode_row<Row>(tx.keys(), *cells);
    if (!row) {
      note_damage(tx, *cells);
      return Error{ErrorCode::kRowDamaged, std::string(Row::kTable) + " " + std::to_string(id.value)};
    }
    return row;
  }

  /// As find(), with `unknown` when there is no such row.
  static Result<Row> get(ReadTransaction& tx, typename Row::Key id, ErrorCode unknown) {
    auto found = find(tx, id);
    if (!found) return found.error();
    if (!found->has_value()) return Error{unknown, {}};
    return std::move(**found);
  }

  /// Rows of a query made by select_sql().
  static Selection<Row> select(ReadTransaction& tx, const Sql& sql, const Values& in) {
    Selection<Row> selection;
    tx.connection().query(sql, in, kinds(), [&](const Values& cells) {
      if (auto row = decode_row<Row>(tx.keys(), cells)) {
        selection.rows.push_back(std::move(*row));
      } else {
        note_damage(tx, cells);
        selection.damaged_ids.push_back(cells.front().integer);
      }
    });
    return selection;
  }

  /// Removes a row for good; for retention and for drafts only. kVersionConflict as in save().
  static Result<> erase(Transaction& tx, const Row& row) {
    if (tx.connection().run(kErase, {row.id, row.version}) != 1) {
      return Error{ErrorCode::kVersionConflict, std::string(Row::kTable) + " was changed by somebody else"};
    }
    return Done{};
  }

  /// `SELECT <all columns> FROM <table> <tail>`; the tail is a literal such as "WHERE unit_id = :unit
  /// ORDER BY started_at DESC, id DESC LIMIT :limit".
  template <std::size_t N>
  static Sql select_sql(const char (&tail)[N]) {
    return Sql(select_start() + tail, SqlFor::kEveryStore);
  }

  /// One stretch of the table for a scan; see scanned_table.h.
  static ScannedPage scan(ReadTransaction& tx, RowKey after, std::int64_t limit, bool reseal) {
    ScannedPage page;
    try {
      tx.connection().query(kPage, {after.id, limit}, kinds(),
                            [&](const Values& cells) { scan_row(tx, cells, reseal, page); });
    } catch (const StoreFailure& failure) {
      if (!failure.page_is_damaged) throw;
      page = scan_one_by_one(tx, after, limit, reseal);
    }
    if (page.rows < limit) page.last.reset();
    return page;
  }

  static std::optional<DamagedRow> look(ReadTransaction& tx, RowKey key) {
    ScannedPage page;
    scan_id(tx, key.id, false, page);
    return page.damaged.empty() ? std::nullopt : std::optional(page.damaged.front());
  }

 private:
  /// Part of the file cannot be read: the ids come from the index alone, and each row is asked for by itself.
  static ScannedPage scan_one_by_one(ReadTransaction& tx, RowKey after, std::int64_t limit, bool reseal) {
    std::vector<std::int64_t> ids;
    tx.connection().query(kIds, {after.id, limit}, {CellKind::kInteger},
                          [&](const Values& cells) { ids.push_back(cells.front().integer); });
    ScannedPage page;
    for (const std::int64_t id : ids) scan_id(tx, id, reseal, page);
    page.rows = static_cast<std::int64_t>(ids.size());
    if (!ids.empty()) page.last = RowKey{ids.back()};
    return page;
  }

  static void scan_id(ReadTransaction& tx, std::int64_t id, bool reseal, ScannedPage& page) {
    try {
      if (const auto cells = tx.connection().first(kFind, {id}, kinds())) scan_row(tx, *cells, reseal, page);
    } catch (const StoreFailure& failure) {
      if (!failure.page_is_damaged) throw;
      page.damaged.push_back({Row::kTable, {id}, failure.what()});
    }
  }

  static void scan_row(ReadTransaction& tx, const Values& cells, bool reseal, ScannedPage& page) {
    static const std::vector<Column> kColumns = detail::columns_of<Row>();
    ++page.rows;
    page.last = RowKey{cells.front().integer};
    auto row = decode_row<Row>(tx.keys(), cells);
    if (!row) {
      page.damaged.push_back({Row::kTable, *page.last, why_damaged(tx.keys(), cells.back().text)});
      return;
    }
    bool old = count_key(tx.keys(), cells.back().text, page.values_by_key);
    for (std::size_t i = 0; i < kColumns.size(); ++i)
      if (kColumns[i].sealed) old = count_key(tx.keys(), cells[i].text, page.values_by_key) || old;
    if (old && reseal) page.reseals.push_back(resealed(tx.keys(), *row, cells));
  }

  static Reseal resealed(const KeyRing& keys, Row& row, const Values& before) {
    Values cells = encode_row(keys, row);
    const std::size_t size = cells.size();  // id, own columns, city, version, mac
    Values values(cells.begin() + 1, cells.end() - 3);
    values.push_back(cells[size - 1]);
    values.push_back(cells[0]);
    values.push_back(cells[size - 2]);
    values.push_back(before[size - 1]);
    return {&kReseal, std::move(values), true};
  }

  static void note_damage(ReadTransaction& tx, const Values& cells) {
    if (DamageNotes* notes = tx.connection().damage_notes())
      notes->note(Row::kTable, {cells.front().integer}, why_damaged(tx.keys(), cells.back().text));
  }

  static std::string select_start() {
    return "SELECT " + select_list(detail::columns_of<Row>()) + " FROM " + Row::kTable + " ";
  }
  static const std::vector<CellKind>& kinds() {
    static const std::vector<CellKind> all = [] {
      std::vector<CellKind> list;
      for (const Column& column : detail::columns_of<Row>()) list.push_back(column.kind);
      list.push_back(CellKind::kText);
      return list;
    }();
    return all;
  }

  static inline const Sql kUpsert{upsert_text(Row::kTable, detail::columns_of<Row>()), SqlFor::kEveryStore};
  static inline const Sql kFind{select_start() + "WHERE id = :id", SqlFor::kEveryStore};
  static inline const Sql kErase{std::string("DELETE FROM ") + Row::kTable + " WHERE id = :id AND version = :version",
                                 SqlFor::kEveryStore};
  static inline const Sql kReseal{reseal_text(Row::kTable, detail::columns_of<Row>()), SqlFor::kEveryStore};
  static inline const Sql kPage{select_start() + "WHERE id > :after ORDER BY id LIMIT :limit", SqlFor::kEveryStore};
  static inline const Sql kIds{
      std::string("SELECT id FROM ") + Row::kTable + " WHERE id > :after ORDER BY id LIMIT :limit",
      SqlFor::kEveryStore};
  static inline const bool kScanned = register_scanned({Row::kTable, &scan, &look});
};

}  // namespace kapok::storage
