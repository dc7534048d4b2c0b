#include "storage/change_record.h"

#include <gtest/gtest.h>

namespace kapok::storage {
namespace {

const Sql kPutA("INSERT INTO state_value (key, value) VALUES (:a_key, :a_value)");
const Sql kPutB("DELETE FROM state_value WHERE key = :b_key");

ChangeRecord example() {
  ChangeRecord record{7, CityId{3}, Instant{-5}, {kPutA.text(), kPutB.text()}, {}};
  record.changes = {
      {0, {Cell("k"), Cell(std::string("\0\xff", 2))}, 1},
      {1, {Cell(CellKind::kText), Cell(CellKind::kInteger), Cell(INT64_MIN), Cell(INT64_MAX), Cell(0)}, kTouchedAny},
      {0, {Cell(std::string(300, 'x')), Cell("")}, 0},
  };
  return record;
}

TEST(ChangeRecord, ComesBackAsItWas) {
  const auto decoded = decode_change_record(encode_change_record(example()));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, example());
}

TEST(ChangeRecord, RepeatedTextIsWrittenOnce) {
  const std::string bytes = encode_change_record(example());
  const auto first = bytes.find(kPutA.text());
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(bytes.find(kPutA.text(), first + 1), std::string::npos);
}

TEST(ChangeRecord, RecorderMakesTheSameBytes) {
  const ChangeRecord record = example();
  ChangeRecorder recorder;
  recorder.begin();
  for (const Change& change : record.changes)
    recorder.add(change.text == 0 ? kPutA : kPutB, change.values, change.touched);
  EXPECT_EQ(recorder.encoded(record.seq, record.city, record.at), encode_change_record(record));
  recorder.begin();
  EXPECT_TRUE(recorder.empty());
  EXPECT_TRUE(decode_change_record(recorder.encoded(1, CityId{1}, Instant{1}))->changes.empty());
}

TEST(ChangeRecord, WhatIsTakenBackTakesItsTextsWithIt) {
  ChangeRecorder recorder;
  recorder.begin();
  recorder.add(kPutA, {Cell("first"), Cell(1)}, 1);
  const auto mark = recorder.mark();
  recorder.add(kPutB, {Cell("refused")}, 1);
  recorder.add(kPutA, {Cell("refused"), Cell(2)}, 1);
  recorder.rewind(mark);
  recorder.add(kPutB, {Cell("second")}, 1);
  const auto record = decode_change_record(recorder.encoded(1, CityId{1}, Instant{1}));
  ASSERT_TRUE(record);
  ASSERT_EQ(record->changes.size(), 2u);
  EXPECT_EQ(record->sql(record->changes[0]), kPutA.text());
  EXPECT_EQ(record->sql(record->changes[1]), kPutB.text());
  EXPECT_EQ(record->changes[1].values, Values{Cell("second")});
}

TEST(ChangeRecord, CutBytesAreRefused) {
  const std::string bytes = encode_change_record(example());
  const auto whole = decode_change_record(bytes).value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode_change_record(std::string_view(bytes).substr(0, size));
    // A cut between two changes is a shorter record: only the seal around the bytes shows it.
    if (cut) EXPECT_LT(cut->changes.size(), whole.changes.size()) << size;
  }
}

TEST(ChangeRecord, ForeignBytesAreRefusedOrMeanExactlyThemselves) {
  const std::string bytes = encode_change_record(example());
  int refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {1, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      const auto decoded = decode_change_record(changed);
      if (decoded) {
        EXPECT_EQ(encode_change_record(*decoded), changed);
      } else {
        EXPECT_EQ(decoded.error().code, ErrorCode::kInvalidArgument);
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace kapok::storage
