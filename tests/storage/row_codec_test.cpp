#include "storage/row_codec.h"

#include "storage/store_fixture.h"
#include "storage/table.h"
#include "storage/unit_table.h"

namespace kapok::storage {
namespace {

/// Every kind of column there is.
struct SampleRow : RecordRow<ContactId> {
  static constexpr const char* kTable = "sample";
  UnitId unit;
  std::optional<std::int64_t> count;
  std::int32_t small = 0;
  bool flag = false;
  UnitKind kind = UnitKind::kPoint;
  std::optional<UnitKind> maybe_kind;
  Instant at;
  Duration length{};
  std::string note;
  std::string number;
  std::optional<std::string> secret;
};

template <class V>
void columns(V& v, SampleRow& r) {
  v.plain("unit_id", r.unit);
  v.plain("count", r.count);
  v.plain("small", r.small);
  v.plain("flag", r.flag);
  v.plain("kind", r.kind);
  v.plain("maybe_kind", r.maybe_kind);
  v.plain("at", r.at);
  v.plain("length_us", r.length);
  v.plain("note", r.note);
  v.sealed("number", r.number);
  v.sealed("secret", r.secret);
  v.blind("number_index", BlindKind::kNumber, r.number);
}

class RowCodec : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(KeyRing::create_file(directory_.path() / "keys"));
    keys_ = KeyRing::load(directory_.path() / "keys").value();
  }
  static SampleRow sample(std::int64_t id = 1LL << 60) {
    SampleRow row;
    row.id = ContactId{id};
    row.city = kCity;
    row.version = 3;
    row.unit = UnitId{1LL << 40};
    row.count = -5;
    row.small = -7;
    row.flag = true;
    row.kind = UnitKind::kStation;
    row.maybe_kind = UnitKind::kCity;
    row.at = kNow;
    row.length = seconds{90};
    row.note = "社区 note";
    row.number = "+8613800138000";
    row.secret = "低保 𠮷";
    return row;
  }

  TempDirectory directory_;
  std::unique_ptr<const KeyRing> keys_;
};

TEST_F(RowCodec, RowComesBackAsItWas) {
  SampleRow row = sample();
  const auto back = decode_row<SampleRow>(*keys_, encode_row(*keys_, row));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->id, row.id);
  EXPECT_EQ(back->city, row.city);
  EXPECT_EQ(back->version, 3);
  EXPECT_EQ(back->unit, row.unit);
  EXPECT_EQ(back->count, row.count);
  EXPECT_EQ(back->small, row.small);
  EXPECT_EQ(back->flag, true);
  EXPECT_EQ(back->kind, row.kind);
  EXPECT_EQ(back->maybe_kind, row.maybe_kind);
  EXPECT_EQ(back->at, row.at);
  EXPECT_EQ(back->length, row.length);
  EXPECT_EQ(back->note, row.note);
  EXPECT_EQ(back->number, row.number);
  EXPECT_EQ(back->secret, row.secret);
}

TEST_F(RowCodec, WhatIsNotSetComesBackNotSet) {
  SampleRow row;
  row.id = ContactId{1};
  row.city = kCity;
  const auto back = decode_row<SampleRow>(*keys_, encode_row(*keys_, row));
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->unit.is_set());
  EXPECT_FALSE(back->count);
  EXPECT_FALSE(back->at.is_set());
  EXPECT_FALSE(back->maybe_kind);
  EXPECT_FALSE(back->secret);
  EXPECT_EQ(back->number, "");
}

TEST_F(RowCodec, SealedColumnsHoldNoPlainText) {
  SampleRow row = sample();
  for (const Cell& cell : encode_row(*keys_, row)) {
    EXPECT_EQ(cell.text.find("138001"), std::string::npos);
    EXPECT_EQ(cell.text.find("低保"), std::string::npos);
  }
}

TEST_F(RowCodec, MacNoticesEveryChangedColumn) {
  SampleRow row = sample();
  const Values whole = encode_row(*keys_, row);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Values changed = whole;
    if (changed[i].kind == CellKind::kInteger) {
      changed[i].integer ^= 1;
    } else {
      changed[i].text[0] = changed[i].text[0] == 'A' ? 'B' : 'A';
    }
    EXPECT_FALSE(decode_row<SampleRow>(*keys_, changed)) << "column " << i;
    changed = whole;
    changed[i] = Cell(whole[i].kind);
    EXPECT_FALSE(decode_row<SampleRow>(*keys_, changed)) << "column " << i << " set to NULL";
  }
}

TEST_F(RowCodec, CellsOfAnotherRowAreNoticed) {
  SampleRow first = sample(1), second = sample(2);
  const Values a = encode_row(*keys_, first), b = encode_row(*keys_, second);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    Values mixed = a;
    mixed[i] = b[i];
    EXPECT_FALSE(decode_row<SampleRow>(*keys_, mixed)) << "column " << i;
  }
}

TEST_F(RowCodec, CanonicalBytesDoNotDependOnTheOrderOfColumns) {
  const std::vector<Column> one{{"a", CellKind::kInteger}, {"b", CellKind::kText}};
  const std::vector<Column> other{{"b", CellKind::kText}, {"a", CellKind::kInteger}};
  EXPECT_EQ(canonical_bytes("t", one, {1, "x"}), canonical_bytes("t", other, {"x", 1}));
  EXPECT_NE(canonical_bytes("t", one, {1, "x"}), canonical_bytes("u", one, {1, "x"}));
}

TEST_F(RowCodec, ColumnAddedLaterAndNullLeavesOldMacsValid) {
  const std::vector<Column> before{{"a", CellKind::kInteger}};
  const std::vector<Column> after{{"a", CellKind::kInteger}, {"b", CellKind::kText}};
  EXPECT_EQ(canonical_bytes("t", before, {1}), canonical_bytes("t", after, {1, Cell(CellKind::kText)}));
}

TEST_F(RowCodec, UpsertWritesOverTheVersionBeforeOnly) {
  EXPECT_EQ(upsert_text("t", {{"id", CellKind::kInteger}, {"a", CellKind::kText}, {"version", CellKind::kInteger}}),
            "INSERT INTO t (id, a, version, mac) VALUES (:id, :a, :version, :mac) ON CONFLICT (id) DO UPDATE SET "
            "a = excluded.a, version = excluded.version, mac = excluded.mac WHERE t.version = excluded.version - 1");
}

class StoredRow : public StoreTest {
 protected:
  static UnitRow unit(std::int64_t id = 5) {
    UnitRow row;
    row.id = UnitId{id};
    row.city = kCity;
    row.parent = UnitId{1};
    row.code = "44010600" + std::to_string(id);
    row.name_zh = "天河";
    row.name_en = "Tianhe";
    row.valid_from = kNow;
    row.valid_to = kNow + hours{1};
    return row;
  }
  Result<> save(UnitRow& row) {
    return write([&](Transaction& tx) { return UnitTable::save(tx, row); }).result;
  }
};

TEST_F(StoredRow, OlderVersionIsRefusedAndChangesNothing) {
  UnitRow mine = unit();
  ASSERT_TRUE(save(mine));
  EXPECT_EQ(mine.version, 1);
  UnitRow theirs = mine;
  theirs.name_en = "theirs";
  ASSERT_TRUE(save(theirs));
  mine.name_en = "mine";
  const auto refused = save(mine);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kVersionConflict);
  EXPECT_EQ(mine.version, 1);
  read([](ReadTransaction& tx) {
    EXPECT_EQ(UnitTable::get(tx, UnitId{5})->name_en, "theirs");
    EXPECT_EQ(UnitTable::get(tx, UnitId{5})->version, 2);
  });
}

TEST_F(StoredRow, NewRowNeverReplacesOneThatIsThere) {
  UnitRow first = unit();
  ASSERT_TRUE(save(first));
  UnitRow second = unit();
  EXPECT_EQ(save(second).error().code, ErrorCode::kVersionConflict);
}

TEST_F(StoredRow, EveryColumnChangedInTheFileIsNoticed) {
  for (const std::string change :
       {"parent_id = 2", "parent_id = NULL", "kind = 'point'", "code = 'x'", "name_zh = 'x'", "name_en = 'x'",
        "valid_from = 1", "valid_to = NULL", "city_id = 2", "version = 9", "mac = 'AAAA'", "id = 77"}) {
    UnitRow row = unit();
    ASSERT_TRUE(save(row)) << change;
    tamper("UPDATE unit SET " + change + " WHERE id = 5");
    const UnitId id = change == "id = 77" ? UnitId{77} : UnitId{5};
    read([&](ReadTransaction& tx) {
      const auto found = UnitTable::get(tx, id);
      ASSERT_FALSE(found) << change;
      EXPECT_EQ(found.error().code, ErrorCode::kRowDamaged) << change;
    });
    tamper("DELETE FROM unit");
  }
}

TEST_F(StoredRow, DamagedRowIsLeftOutOfAListAndNamed) {
  UnitRow sound = unit(5), damaged = unit(6);
  ASSERT_TRUE(save(sound));
  ASSERT_TRUE(save(damaged));
  tamper("UPDATE unit SET name_zh = 'x' WHERE id = 6");
  read([](ReadTransaction& tx) {
    const auto all = UnitTable::all(tx, kCity);
    ASSERT_EQ(all.rows.size(), 1u);
    EXPECT_EQ(all.rows[0].id, UnitId{5});
    EXPECT_EQ(all.damaged_ids, std::vector<std::int64_t>{6});
  });
}

}  // namespace
}  // namespace kapok::storage
