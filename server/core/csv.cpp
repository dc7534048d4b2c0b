#include "core/csv.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace kapok {
namespace {

Error refused(std::uint32_t line, std::string_view reason) {
  return {ErrorCode::kImportRefused, "line " + std::to_string(line) + ": " + std::string{reason}};
}

/// Walks the bytes once; every exit is a row, the end, or a refusal with its line.
class Reader {
 public:
  Reader(std::string_view bytes, const CsvLimits& limits) : rest_(bytes), limits_(limits) {
    if (rest_.starts_with(kCsvByteOrderMark)) rest_.remove_prefix(kCsvByteOrderMark.size());
  }

  /// The next row that is not blank; an empty row at the end of the file.
  Result<CsvRow> next() {
    skip_blank_lines();
    CsvRow row{line_, {}};
    if (rest_.empty()) return row;
    while (true) {
      auto field = rest_.starts_with('"') ? quoted() : plain();
      if (!field) return field.error();
      if (row.fields.size() == limits_.columns_max) return refused(row.line, "too many columns");
      row.fields.push_back(std::move(*field));
      if (rest_.empty() || take_line_end()) return row;
      rest_.remove_prefix(1);  // the comma; what follows is a field even when nothing does
    }
  }

 private:
  void skip_blank_lines() {
    while (!rest_.empty() && take_line_end()) {
    }
  }

  bool take_line_end() {
    if (rest_.starts_with("\r\n"))
      rest_.remove_prefix(2);
    else if (rest_.starts_with('\n'))
      rest_.remove_prefix(1);
    else
      return false;
    ++line_;
    return true;
  }

  bool at_field_end() const {
    return rest_.empty() || rest_.front() == ',' || rest_.front() == '\n' || rest_.starts_with("\r\n");
  }

  Result<std::string> plain() {
    std::string field;
    while (!at_field_end()) {
      if (rest_.front() == '"') return refused(line_, "a quote inside an unquoted field");
      if (rest_.front() == '\r') return refused(line_, "a carriage return inside a field");
      if (field.size() == limits_.field_bytes_max) return refused(line_, "a field is too long");
      field += rest_.front();
      rest_.remove_prefix(1);
    }
    return field;
  }

  Result<std::string> quoted() {
    const std::uint32_t opened = line_;
    rest_.remove_prefix(1);
    std::string field;
    while (true) {
      if (rest_.empty()) return refused(opened, "a quote is not closed");
      if (field.size() == limits_.field_bytes_max) return refused(opened, "a field is too long");
      if (rest_.starts_with("\"\"")) {
        field += '"';
        rest_.remove_prefix(2);
        continue;
      }
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') break;
      if (c == '\n') ++line_;
      field += c;
    }
    if (!at_field_end()) return refused(line_, "text after a closing quote");
    return field;
  }

  std::string_view rest_;
  const CsvLimits& limits_;
  std::uint32_t line_ = 1;
};

Result<std::vector<std::string>> read_header(Reader& reader) {
  auto row = reader.next();
  if (!row) return row.error();
  if (row->fields.empty()) return refused(1, "the file is empty");
  for (std::string& name : row->fields) name = std::string{trimmed(name)};
  auto names = row->fields;
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end())
    return refused(row->line, "a column is named twice");
  return std::move(row->fields);
}

/// The line on which `bytes` stop being UTF-8.
std::uint32_t line_of_bad_utf8(std::string_view bytes) {
  std::uint32_t line = 1;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    if (!is_valid_utf8(bytes.substr(0, end))) return line;
    bytes.remove_prefix(end);
    ++line;
  }
  return line;
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

Result<CsvTable> read_csv(std::string_view bytes, const CsvLimits& limits) {
  if (bytes.size() > limits.bytes_max)
    return refused(1, "the file is larger than " + std::to_string(limits.bytes_max) + " bytes");
  if (!is_valid_utf8(bytes)) return refused(line_of_bad_utf8(bytes), "not valid UTF-8; save the file as UTF-8");
  Reader reader{bytes, limits};
  auto header = read_header(reader);
  if (!header) return header.error();
  CsvTable table{std::move(*header), {}};
  while (true) {
    auto row = reader.next();
    if (!row) return row.error();
    if (row->fields.empty()) return table;
    if (table.rows.size() == limits.rows_max)
      return refused(row->line, "more than " + std::to_string(limits.rows_max) + " rows");
    if (row->fields.size() != table.header.size())
      return refused(row->line, std::to_string(row->fields.size()) + " fields where the header has " +
                                    std::to_string(table.header.size()));
    table.rows.push_back(std::move(*row));
  }
}

namespace {

/// Spreadsheets take these for the beginning of a formula, some of them the full-width forms ＝ ＋ － ＠ as well.
bool begins_a_formula(std::string_view field) {
  constexpr std::string_view kStarts = "=+-@\t\r";
  constexpr std::string_view kWideStarts[] = {"＝", "＋", "－", "＠"};
  if (field.empty()) return false;
  if (kStarts.find(field.front()) != std::string_view::npos) return true;
  return std::any_of(std::begin(kWideStarts), std::end(kWideStarts),
                     [field](std::string_view wide) { return field.starts_with(wide); });
}

}  // namespace

std::string csv_field(std::string_view field) {
  std::string text;
  if (begins_a_formula(field)) text += '\'';
  text += field;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_row(std::span<const std::string> fields) {
  std::string row;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) row += ',';
    row += csv_field(fields[i]);
  }
  return row + "\r\n";
}

}  // namespace kapok
