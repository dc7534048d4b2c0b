#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.h"
#include "core/csv.h"

/// Whatever is read as a table has rows of one width, and nothing crashes on what is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto table = kapok::read_csv(bytes);
  if (!table) return 0;
  std::uint32_t line = 0;
  for (const kapok::CsvRow& row : table->rows) {
    KAPOK_CHECK(row.fields.size() == table->header.size());
    KAPOK_CHECK(row.line > line);
    line = row.line;
  }
  for (const std::string& name : table->header) KAPOK_CHECK(table->column(name).has_value());
  return 0;
}
