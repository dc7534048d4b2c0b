#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/connection.h"
#include "storage/row_codec.h"
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
    if (!row) return Error{ErrorCode::kRowDamaged, std::string(Row::kTable) + " " + std::to_string(id.value)};
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

 private:
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
};

}  // namespace kapok::storage
