#include "storage/unit_table.h"

#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

UnitRow station(std::int64_t id, std::string code) {
  UnitRow row;
  row.id = UnitId{id};
  row.city = kCity;
  row.parent = UnitId{1};
  row.kind = UnitKind::kStation;
  row.code = std::move(code);
  row.name_zh = "石牌街社工站";
  row.valid_from = kNow;
  return row;
}

class UnitTableTest : public StoreTest {};

TEST_F(UnitTableTest, SavedUnitIsReadBackWhole) {
  ASSERT_TRUE(write([](Transaction& tx) {
                auto row = station(2, "440106001");
                return UnitTable::save(tx, row);
              }).result);
  reopen();
  read([](ReadTransaction& tx) {
    const auto row = UnitTable::get(tx, UnitId{2});
    ASSERT_TRUE(row);
    EXPECT_EQ(row->code, "440106001");
    EXPECT_EQ(row->name_zh, "石牌街社工站");
    EXPECT_EQ(row->kind, UnitKind::kStation);
    EXPECT_EQ(row->parent, UnitId{1});
    EXPECT_EQ(row->valid_from, kNow);
    EXPECT_FALSE(row->valid_to.is_set());
    EXPECT_EQ(row->version, 1);
  });
}

TEST_F(UnitTableTest, AUnitKeepsThePresetItAsksForAndAnotherHasNone) {
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                auto local = station(2, "440106001");
                local.rings = RingPreset::kLocal;
                auto silent = station(3, "440106002");
                if (auto saved = UnitTable::save(tx, local); !saved) return saved;
                return UnitTable::save(tx, silent);
              }).result);
  reopen();
  read([](ReadTransaction& tx) {
    EXPECT_EQ(UnitTable::get(tx, UnitId{2})->rings, RingPreset::kLocal);
    EXPECT_EQ(UnitTable::get(tx, UnitId{3})->rings, std::nullopt);
  });
}

TEST_F(UnitTableTest, APresetChangedInTheFileDamagesTheRow) {
  ASSERT_TRUE(write([](Transaction& tx) {
                auto row = station(2, "440106001");
                return UnitTable::save(tx, row);
              }).result);
  tamper("UPDATE unit SET rings = 'local'");
  read([](ReadTransaction& tx) { EXPECT_EQ(UnitTable::get(tx, UnitId{2}).error().code, ErrorCode::kRowDamaged); });
}

TEST_F(UnitTableTest, UnknownUnitIsNamedSo) {
  read([](ReadTransaction& tx) { EXPECT_EQ(UnitTable::get(tx, UnitId{9}).error().code, ErrorCode::kUnknownUnit); });
}

TEST_F(UnitTableTest, AllUnitsOfACityComeByCode) {
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                auto second = station(3, "440106002");
                auto first = station(2, "440106001");
                if (auto saved = UnitTable::save(tx, second); !saved) return saved;
                return UnitTable::save(tx, first);
              }).result);
  read([](ReadTransaction& tx) {
    const auto units = UnitTable::all(tx, kCity);
    ASSERT_EQ(units.rows.size(), 2u);
    EXPECT_EQ(units.rows[0].code, "440106001");
    EXPECT_EQ(units.rows[1].code, "440106002");
    EXPECT_TRUE(units.damaged_ids.empty());
    EXPECT_TRUE(UnitTable::all(tx, CityId{2}).rows.empty());
  });
}

}  // namespace
}  // namespace kapok::storage
