#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace kapok {

struct CsvLimits {
  std::size_t bytes_max = 8 * 1024 * 1024;
  std::size_t rows_max = 100'000;
  std::size_t columns_max = 64;
  std::size_t field_bytes_max = 32 * 1024;
};

struct CsvRow {
  std::uint32_t line = 0;  ///< line of the file on which the row begins, the first being 1
  std::vector<std::string> fields;
};

/// A file with a header row. Every row has as many fields as the header.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<CsvRow> rows;

  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
};

/// Reads RFC 4180: quoted fields with doubled quotes and line breaks, CRLF or LF, a UTF-8 byte order mark; blank
/// lines are passed over. Refuses IMPORT_REFUSED with `line N: …` for a stray or open quote, a row of another
/// width, a column named twice, text that is not UTF-8, and anything beyond the limits.
Result<CsvTable> read_csv(std::string_view bytes, const CsvLimits& limits = {});

/// One row with CRLF. Fields with a comma, quote or line break are quoted; a field that a spreadsheet would run as a
/// formula (first character = + - @ TAB CR) gets an apostrophe before it (domain.md §5 row 24).
std::string csv_row(std::span<const std::string> fields);

/// The field as csv_row writes it.
std::string csv_field(std::string_view field);

/// Starts a file for spreadsheets that take UTF-8 only with a byte order mark.
inline constexpr std::string_view kCsvByteOrderMark = "\xEF\xBB\xBF";

}  // namespace kapok
