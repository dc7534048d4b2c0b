#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "storage/blind_index.h"
#include "storage/cell.h"
#include "storage/field_cipher.h"
#include "storage/key_ring.h"
#include "storage/keyed_digest.h"

/// The one way a record row goes into and comes out of the database.
///
/// A row is a struct derived from RecordRow with `static constexpr const char* kTable` and a function
///
///     template <class V> void columns(V& v, CallRow& r) {
///       v.plain("state", r.state);                                   // id, integer, enum, text, optional
///       v.sealed("caller_number", r.caller_number);                  // text that nobody reads in the file
///       v.blind("caller_index", BlindKind::kNumber, r.caller_number);  // derived, to look it up by
///     }
///
/// From it come the texts of its statements, binding, sealing, the canonical bytes and the MAC. The
/// columns `id, city_id, version, mac` are the codec's own. Values are sealed before the MAC is taken, so
/// the MAC covers what is in the file, and a scan can check it without opening anything.
namespace kapok::storage {

template <class IdType>
struct RecordRow {
  using Key = IdType;

  IdType id;
  CityId city;
  std::int64_t version = 0;  ///< 0 = not stored yet; the stored version after find() and save()
};

struct Column {
  std::string name;
  CellKind kind;
  bool sealed = false;
};

/// The bytes a MAC is taken over: table, then name and value of every column that is not NULL, in order
/// of name. So neither a new order of columns nor a new column that is NULL in old rows breaks a MAC.
std::string canonical_bytes(std::string_view table, const std::vector<Column>& columns, const Values& cells);

namespace detail {

class ColumnNames {
 public:
  template <class T>
  void plain(const char* name, T&) {
    columns.push_back({name, column_kind<T>()});
  }
  template <class T>
  void sealed(const char* name, T&) {
    columns.push_back({name, CellKind::kText, true});
  }
  template <class T>
  void blind(const char* name, BlindKind, T&) {
    columns.push_back({name, CellKind::kText});
  }

  std::vector<Column> columns;
};

class CellWriter {
 public:
  CellWriter(const KeyRing& keys, const char* table, std::int64_t row_id)
      : keys_(keys), table_(table), row_id_(row_id) {}

  template <class T>
  void plain(const char*, T& value) {
    cells.emplace_back(value);
  }
  void sealed(const char* name, const std::string& value) {
    cells.emplace_back(FieldCipher(keys_).seal({table_, name, row_id_}, value));
  }
  void sealed(const char* name, const std::optional<std::string>& value) {
    if (value) return sealed(name, *value);
    cells.emplace_back(CellKind::kText);
  }
  void blind(const char*, BlindKind kind, const std::string& value) {
    std::string index = blind_index(keys_, kind, value);
    cells.push_back(index.empty() ? Cell(CellKind::kText) : Cell(std::move(index)));
  }
  void blind(const char* name, BlindKind kind, const std::optional<std::string>& value) {
    blind(name, kind, value.value_or(std::string{}));
  }

  Values cells;

 private:
  const KeyRing& keys_;
  const char* table_;
  std::int64_t row_id_;
};

class CellReader {
 public:
  CellReader(const KeyRing& keys, const char* table, const Values& cells)
      : keys_(keys), table_(table), cells_(cells), row_id_(cells.front().integer) {}

  template <class T>
  void plain(const char*, T& value) {
    sound_ = read_cell(cells_[at_++], value) && sound_;
  }
  void sealed(const char* name, std::string& value) {
    const Cell& cell = cells_[at_++];
    auto opened = FieldCipher(keys_).open({table_, name, row_id_}, cell.text);
    if (cell.null || !opened) {
      sound_ = false;
    } else {
      value = std::move(opened).value();
    }
  }
  void sealed(const char* name, std::optional<std::string>& value) {
    if (!cells_[at_].null) return sealed(name, value.emplace());
    value.reset();
    ++at_;
  }
  template <class T>
  void blind(const char*, BlindKind, T&) {
    ++at_;  // derived from another column; the MAC has covered it
  }

  [[nodiscard]] bool sound() const { return sound_; }

 private:
  const KeyRing& keys_;
  const char* table_;
  const Values& cells_;
  std::int64_t row_id_;
  std::size_t at_ = 1;  // after id
  bool sound_ = true;
};

/// Column list in storage order: id, the row's own, city_id, version. `mac` follows as the last.
template <class Row>
std::vector<Column> columns_of() {
  ColumnNames names;
  names.columns.push_back({"id", CellKind::kInteger});
  Row row;
  columns(names, row);
  names.columns.push_back({"city_id", CellKind::kInteger});
  names.columns.push_back({"version", CellKind::kInteger});
  return std::move(names.columns);
}

}  // namespace detail

/// "id, …, city_id, version, mac": the select list, in the order decode_row expects.
std::string select_list(const std::vector<Column>& columns);
/// Writes a row whole; an existing row only when its version is the one before (compare and set).
std::string upsert_text(const char* table, const std::vector<Column>& columns);

/// Writes the seals of a row anew: the row's own columns and the MAC of exactly the row that was read. Neither id, city
/// nor version change, so whoever holds the row in memory may still save it.
std::string reseal_text(const char* table, const std::vector<Column>& columns);

/// Cells of a row as they are stored, the MAC last.
template <class Row>
Values encode_row(const KeyRing& keys, Row& row) {
  detail::CellWriter writer(keys, Row::kTable, row.id.value);
  writer.cells.emplace_back(row.id);
  columns(writer, row);
  writer.cells.emplace_back(row.city);
  writer.cells.emplace_back(row.version);
  static const std::vector<Column> kColumns = detail::columns_of<Row>();
  writer.cells.emplace_back(
      stored_digest(keys, KeyPurpose::kRowMac, canonical_bytes(Row::kTable, kColumns, writer.cells)));
  return std::move(writer.cells);
}

/// Nothing when the MAC does not hold, a sealed value does not open or a name is unknown.
template <class Row>
std::optional<Row> decode_row(const KeyRing& keys, const Values& cells) {
  static const std::vector<Column> kColumns = detail::columns_of<Row>();
  const std::string canonical = canonical_bytes(Row::kTable, kColumns, cells);
  if (!stored_digest_holds(keys, KeyPurpose::kRowMac, canonical, cells.back().text)) return std::nullopt;
  Row row;
  detail::CellReader reader(keys, Row::kTable, cells);
  columns(reader, row);
  row.id = typename Row::Key{cells.front().integer};
  row.city = CityId{cells[cells.size() - 3].integer};
  row.version = cells[cells.size() - 2].integer;
  if (!reader.sound()) return std::nullopt;
  return row;
}

}  // namespace kapok::storage
