#include "storage/row_codec.h"

#include <algorithm>
#include <numeric>

namespace kapok::storage {
namespace {

void append_number(std::string& bytes, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xff));
}

void append_text(std::string& bytes, std::string_view text) {
  append_number(bytes, text.size());
  bytes.append(text);
}

}  // namespace

std::string canonical_bytes(std::string_view table, const std::vector<Column>& columns, const Values& cells) {
  std::vector<std::size_t> order(columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return columns[a].name < columns[b].name; });
  std::string bytes;
  append_text(bytes, table);
  for (const std::size_t i : order) {
    const Cell& cell = cells[i];
    if (cell.null) continue;
    append_text(bytes, columns[i].name);
    if (cell.kind == CellKind::kInteger) {
      append_number(bytes, static_cast<std::uint64_t>(cell.integer));
    } else {
      append_text(bytes, cell.text);
    }
  }
  return bytes;
}

std::string select_list(const std::vector<Column>& columns) {
  std::string list;
  for (const Column& column : columns) list += column.name + ", ";
  return list + "mac";
}

std::string upsert_text(const char* table, const std::vector<Column>& columns) {
  std::string places, changes;
  for (const Column& column : columns) {
    places += ":" + column.name + ", ";
    if (column.name != "id") changes += column.name + " = excluded." + column.name + ", ";
  }
  const std::string name(table);
  return "INSERT INTO " + name + " (" + select_list(columns) + ") VALUES (" + places +
         ":mac) ON CONFLICT (id) DO UPDATE SET " + changes + "mac = excluded.mac WHERE " + name +
         ".version = excluded.version - 1";
}

std::string reseal_text(const char* table, const std::vector<Column>& columns) {
  std::string changes;
  for (const Column& column : columns)
    if (column.name != "id" && column.name != "city_id" && column.name != "version")
      changes += column.name + " = :" + column.name + ", ";
  return std::string("UPDATE ") + table + " SET " + changes +
         "mac = :mac WHERE id = :id AND version = :version AND mac = :mac_before";
}

}  // namespace kapok::storage
