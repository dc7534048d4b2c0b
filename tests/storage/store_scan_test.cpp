#include "storage/store_scan.h"

#include "storage/store_fixture.h"
#include "storage/unit_table.h"

namespace kapok::storage {
namespace {

class StoreScanTest : public StoreTest {
 protected:
  void save_units(int count) {
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                  for (int i = 1; i <= count; ++i) {
                    UnitRow row;
                    row.id = UnitId{i};
                    row.city = kCity;
                    row.code = std::to_string(i);
                    row.name_zh = "站";
                    if (auto saved = UnitTable::save(tx, row); !saved) return saved;
                  }
                  return Done{};
                }).result);
  }
  ScanReport scan() {
    ScanReport report;
    damaged_.clear();
    read(
        [&](ReadTransaction& tx) { report = scan_store(tx, [&](const DamagedRow& row) { damaged_.push_back(row); }); });
    return report;
  }
  std::vector<DamagedRow> damaged_;
};

TEST_F(StoreScanTest, EveryTableOfTheSchemaIsScannedOrKnownToHoldNothingSealed) {
  read([](ReadTransaction& tx) {
    EXPECT_EQ(tables_not_scanned(tx), std::vector<std::string>{});
    for (const ScannedTable& table : scanned_tables())
      EXPECT_NO_THROW(tx.connection().text_of(std::string("SELECT COUNT(*) FROM ") + table.name)) << table.name;
  });
  tamper("CREATE TABLE forgotten (id BIGINT NOT NULL PRIMARY KEY, mac TEXT NOT NULL)");
  read([](ReadTransaction& tx) { EXPECT_EQ(tables_not_scanned(tx), std::vector<std::string>{"forgotten"}); });
}

TEST_F(StoreScanTest, SoundStoreIsCountedWhole) {
  save_units(5);
  const ScanReport report = scan();
  EXPECT_TRUE(report.sound());
  EXPECT_EQ(report.rows, 6);  // and the change record of their batch
  EXPECT_EQ(report.tables.size(), scanned_tables().size());
}

TEST_F(StoreScanTest, PagesMeetEveryRowOnce) {
  save_units(7);
  read([](ReadTransaction& tx) {
    StoreScan scan;
    while (!scan.at_end()) EXPECT_LE(scan.next(tx, 2).rows, 2);
    EXPECT_EQ(scan.rows(), 8);  // and the change record of their batch
    EXPECT_EQ(scan.values_by_key()[1], 8);
  });
}

TEST_F(StoreScanTest, DamagedRowIsNamedAndTheRestIsSound) {
  save_units(3);
  tamper("UPDATE unit SET name_zh = 'x' WHERE id = 2");
  const ScanReport report = scan();
  EXPECT_EQ(report.damaged, 1);
  ASSERT_EQ(damaged_.size(), 1u);
  EXPECT_EQ(damaged_[0].table, "unit");
  EXPECT_EQ(damaged_[0].key.id, 2);
  EXPECT_EQ(damaged_[0].what, "not what was written");
}

TEST_F(StoreScanTest, RowUnderAMissingKeySaysSo) {
  save_units(1);
  tamper("UPDATE unit SET mac = 'AQk' || substr(mac, 4)");  // {1, 9, …}: key 9
  const ScanReport report = scan();
  ASSERT_EQ(damaged_.size(), 1u);
  EXPECT_EQ(damaged_[0].what, "sealed with key 9, which the key file does not hold");
}

TEST_F(StoreScanTest, IndexThatDoesNotFitItsTableIsAFaultOfTheStructure) {
  save_units(3);
  close();
  database_ = Database::open(store(), kNow).value();
  {
    const auto connection = database_->connect_writer().value();
    connection->run_text("PRAGMA writable_schema = ON");
    connection->run_text(
        "UPDATE sqlite_master SET sql = replace(sql, 'parent_id', 'name_en') WHERE name = 'unit_by_parent'");
  }
  const ScanReport report = scan();
  EXPECT_EQ(report.damaged, 0);
  EXPECT_FALSE(report.structure.empty());
}

TEST_F(StoreScanTest, ReadingNamesADamagedRowOnce) {
  save_units(3);
  tamper("UPDATE unit SET name_zh = 'x' WHERE id = 2");
  std::vector<DamagedRow> named;
  database_->damage_notes().listen([&](const DamagedRow& row) { named.push_back(row); });
  read([](ReadTransaction& tx) {
    EXPECT_EQ(UnitTable::all(tx, kCity).rows.size(), 2u);
    EXPECT_EQ(UnitTable::all(tx, kCity).damaged_ids.size(), 1u);
  });
  ASSERT_EQ(named.size(), 1u);
  EXPECT_EQ(named[0].key.id, 2);
}

}  // namespace
}  // namespace kapok::storage
