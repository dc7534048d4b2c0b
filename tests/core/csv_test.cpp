#include "core/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kapok {
namespace {

using testing::ElementsAre;

std::string refusal(std::string_view bytes, const CsvLimits& limits = {}) {
  const auto table = read_csv(bytes, limits);
  if (table) return "taken";
  EXPECT_EQ(table.error().code, ErrorCode::kImportRefused);
  return table.error().detail;
}

TEST(Csv, RowsRememberTheirLine) {
  const auto table = read_csv("code,name\r\n1,沙面\r\n\r\n2,\"岭,\"\"南\"\"\n街\"\n3,x");
  ASSERT_TRUE(table);
  EXPECT_THAT(table->header, ElementsAre("code", "name"));
  ASSERT_EQ(table->rows.size(), 3U);
  EXPECT_EQ(table->rows[0].line, 2U);
  EXPECT_EQ(table->rows[1].line, 4U);
  EXPECT_THAT(table->rows[1].fields, ElementsAre("2", "岭,\"南\"\n街"));
  EXPECT_EQ(table->rows[2].line, 6U);
  EXPECT_EQ(table->column("name"), 1U);
  EXPECT_EQ(table->column("kind"), std::nullopt);
}

TEST(Csv, EmptyFieldsAreFields) {
  const auto table = read_csv("a,b,c\n,,\n\"\",x,");
  ASSERT_TRUE(table);
  EXPECT_THAT(table->rows[0].fields, ElementsAre("", "", ""));
  EXPECT_THAT(table->rows[1].fields, ElementsAre("", "x", ""));
}

TEST(Csv, AByteOrderMarkIsNotPartOfTheFirstName) {
  const auto table = read_csv("\xEF\xBB\xBF code ,name\n1,x\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->column("code"), 0U);
}

TEST(Csv, EachFaultNamesItsLine) {
  EXPECT_EQ(refusal(""), "line 1: the file is empty");
  EXPECT_EQ(refusal("a,a\n1,2\n"), "line 1: a column is named twice");
  EXPECT_EQ(refusal("a,b\n1,2\n1\n"), "line 3: 1 fields where the header has 2");
  EXPECT_EQ(refusal("a,b\n1,2\n1,2,3\n"), "line 3: 3 fields where the header has 2");
  EXPECT_EQ(refusal("a,b\n1,\"2\n\n"), "line 2: a quote is not closed");
  EXPECT_EQ(refusal("a,b\n1,\"2\"x\n"), "line 2: text after a closing quote");
  EXPECT_EQ(refusal("a,b\n1,2\"\n"), "line 2: a quote inside an unquoted field");
  EXPECT_EQ(refusal("a,b\n1\r2,3\n"), "line 2: a carriage return inside a field");
  EXPECT_EQ(refusal("a,b\n1,2\n\xB9\xE3,2\n"), "line 3: not valid UTF-8; save the file as UTF-8");
}

TEST(Csv, TheLimitIsTheLastThatFits) {
  const CsvLimits limits{.bytes_max = 64, .rows_max = 2, .columns_max = 3, .field_bytes_max = 8};
  EXPECT_EQ(refusal("a,b,c\n1,2,3\n4,5,12345678\n", limits), "taken");
  EXPECT_EQ(refusal("a\n1\n2\n3\n", limits), "line 4: more than 2 rows");
  EXPECT_EQ(refusal("a,b,c,d\n", limits), "line 1: too many columns");
  EXPECT_EQ(refusal("a,b,c,\n", limits), "line 1: too many columns");
  EXPECT_EQ(refusal("a\n123456789\n", limits), "line 2: a field is too long");
  EXPECT_EQ(refusal("a\n\"123456789\"\n", limits), "line 2: a field is too long");
  EXPECT_EQ(refusal(std::string(65, 'x'), limits), "line 1: the file is larger than 64 bytes");
}

TEST(Csv, WhatASpreadsheetWouldRunIsMadeText) {
  for (const char* start : {"=", "+", "-", "@"})
    EXPECT_EQ(csv_field(std::string{start} + "1"), "'" + std::string{start} + "1");
  EXPECT_EQ(csv_field("\tx"), "'\tx");
  EXPECT_EQ(csv_field("\rx"), "\"'\rx\"");
  EXPECT_EQ(csv_field("=HYPERLINK(\"a,b\")"), "\"'=HYPERLINK(\"\"a,b\"\")\"");
  for (const std::string wide : {"＝", "＋", "－", "＠"}) EXPECT_EQ(csv_field(wide + "1"), "'" + wide + "1");
  EXPECT_EQ(csv_field("米＝1"), "米＝1");
  EXPECT_EQ(csv_field("a=1"), "a=1");
  EXPECT_EQ(csv_field(""), "");
}

TEST(Csv, ReadsWhatItWrites) {
  const std::vector<std::string> fields = {"沙面", "a,b", "say \"hi\"", "two\nlines", ""};
  const auto table = read_csv("a,b,c,d,e\r\n" + csv_row(fields));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows[0].fields, fields);
}

}  // namespace
}  // namespace kapok
