#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/directory.h"
#include "core/csv.h"
#include "core/enum_names.h"

namespace kapok::service {

/// One CSV file on its way in: its columns by name, and what is wrong with its rows. Every problem names the line
/// of the file and the reason; nothing of a file with a problem is kept (issue: all or nothing).
class ImportSheet {
 public:
  /// At most this many problems are told; more are counted only.
  static constexpr std::size_t kProblemsMax = 100;

  /// Notes a problem for each column that is missing or unknown. Optional ones may be missing.
  ImportSheet(CsvTable table, std::vector<std::string_view> columns, std::vector<std::string_view> optional = {});

  /// An optional column that is not there leaves what is stored as it is.
  [[nodiscard]] bool has(std::string_view column) const { return table_.column(column).has_value(); }

  struct Row {
    const ImportSheet& sheet;
    const CsvRow& cells;

    [[nodiscard]] std::string_view operator[](std::string_view column) const;
    [[nodiscard]] std::uint32_t line() const { return cells.line; }
  };

  void each(const std::function<void(const Row&)>& visit) const;

  void problem(const Row& row, std::string reason) { note(row.line(), std::move(reason), false); }
  void warning(const Row& row, std::string reason) { note(row.line(), std::move(reason), true); }

  /// A cell that must be one of an enumeration's names.
  template <class E>
  std::optional<E> word(const Row& row, std::string_view column) {
    const auto value = from_name<E>(row[column]);
    if (!value) problem(row, std::string(column) + ": unknown word \"" + std::string(row[column]) + "\"");
    return value;
  }
  /// A list of core/skill.h as bits; 0 for an empty cell. A problem for each unknown word.
  std::int64_t skills(const Row& row, std::string_view column);
  std::optional<bool> yes_no(const Row& row, std::string_view column);
  /// A name for screens: 1–64 characters of one line.
  std::string name(const Row& row, std::string_view column);

  void added() { ++report_.added; }
  void changed() { ++report_.changed; }

  [[nodiscard]] bool sound() const { return errors_ == 0; }
  [[nodiscard]] api::ImportReport report() const { return report_; }

 private:
  void note(std::uint32_t line, std::string reason, bool warning);

  CsvTable table_;
  api::ImportReport report_;
  std::size_t errors_ = 0;
};

/// The parts of a cell that holds a list, `;` between, without blanks around them; none for an empty cell.
std::vector<std::string_view> list_of(std::string_view cell);

}  // namespace kapok::service
