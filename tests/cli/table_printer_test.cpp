#include "cli/table_printer.h"

#include <gtest/gtest.h>

#include <sstream>

namespace kapok::cli {
namespace {

std::string printed(const TablePrinter& table, std::size_t columns) {
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal{.out = out, .err = err, .columns = columns};
  table.print(terminal);
  return out.str();
}

TablePrinter stations() {
  TablePrinter table({{"单位"}, {"等候", Align::kRight}});
  table.add({"沙面街道", "3"});
  table.add({"Baiyun", "12"});
  return table;
}

TEST(TablePrinter, ColumnsAlignWhateverTheScript) {
  EXPECT_EQ(printed(stations(), 0),
            "单位      等候\n"
            "──────────────\n"
            "沙面街道     3\n"
            "Baiyun      12\n");
}

TEST(TablePrinter, WithoutRowsNothingIsPrinted) { EXPECT_EQ(printed(TablePrinter({{"单位"}}), 0), ""); }

TEST(TablePrinter, ANarrowTerminalCutsTheWidestColumn) {
  TablePrinter table({{"a"}, {"b"}});
  table.add({"荔湾区沙面街道社工站热线", "12345678"});
  EXPECT_NE(printed(table, 24).find("荔湾区沙面街…"), std::string::npos);
  EXPECT_NE(printed(table, 24).find("12345678"), std::string::npos);
}

TEST(TablePrinter, IntoAFileNothingIsCut) {
  TablePrinter table({{"a"}});
  table.add({std::string(500, 'x')});
  EXPECT_NE(printed(table, 0).find(std::string(500, 'x')), std::string::npos);
}

TEST(TablePrinter, LineBreaksInACellDoNotBreakTheRow) {
  TablePrinter table({{"a"}});
  table.add({"one\ntwo"});
  EXPECT_NE(printed(table, 0).find("one two\n"), std::string::npos);
}

}  // namespace
}  // namespace kapok::cli
