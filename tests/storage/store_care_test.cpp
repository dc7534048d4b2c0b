#include "storage/store_care.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "storage/audit_chain.h"
#include "storage/call_table.h"
#include "storage/key_file.h"
#include "storage/people_table.h"
#include "storage/quarantine_table.h"
#include "storage/reply_table.h"
#include "storage/store_fixture.h"
#include "storage/store_scan.h"

namespace kapok::storage {
namespace {

class StoreCareTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ring_ = KeyRing::load(key_file()).value();
    use_ring();
  }
  void TearDown() override {
    care_.reset();
    StoreTest::TearDown();
  }
  /// The writer must share the ring that is rotated.
  void use_ring() {
    writer_->stop();
    writer_.reset();
    writer_ = Writer::start(*database_, *ring_).value();
  }
  void start_care() {
    care_ = StoreCare::start({.database = *database_,
                              .writer = *writer_,
                              .keys = *ring_,
                              .key_file = key_file(),
                              .city = kCity,
                              .now = [] { return kNow; },
                              .until_scan = {},
                              .on_damaged =
                                  [this](const DamagedRow& row) {
                                    const std::lock_guard lock(mutex_);
                                    named_.push_back(row);
                                  },
                              .on_scanned = [this](std::int64_t, std::int64_t) { ++scans_; }})
                .value();
  }
  /// As after kill -9 and a new start: keys from the file, everything opened anew.
  void restart() {
    care_.reset();
    close();
    ring_ = KeyRing::load(key_file()).value();
    database_ = Database::open(store(), kNow).value();
    writer_ = Writer::start(*database_, *ring_).value();
    start_care();
  }
  template <class Done>
  void wait_until(const Done& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited too long";
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  void save_workers(int from, int count) {
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                  for (int i = from; i < from + count; ++i) {
                    WorkerRow row;
                    row.id = WorkerId{i};
                    row.city = kCity;
                    row.account = "w" + std::to_string(i);
                    row.name = "陈嘉" + std::to_string(i);
                    row.unit = UnitId{1};
                    if (auto saved = WorkerTable::save(tx, row); !saved) return saved;
                  }
                  return Done{};
                }).result);
  }
  KeyCounts counts() {
    auto connection = database_->connect_reader().value();
    ReadTransaction tx(*connection, *ring_);
    StoreScan scan;
    while (!scan.at_end()) scan.next(tx, 1'000);
    EXPECT_EQ(scan.damaged(), 0);
    return scan.values_by_key();
  }
  /// Rows that a list does not show, or shows damaged.
  int missing_of(Connection& connection, std::size_t rows) {
    ReadTransaction tx(connection, *ring_);
    const auto found = WorkerTable::all(tx, kCity);
    return static_cast<int>(rows - found.rows.size() + found.damaged_ids.size());
  }
  bool save_changed(WorkerRow& row) {
    row.name = "改" + std::to_string(row.version);
    return write([&](Transaction& tx) { return WorkerTable::save(tx, row); }).result.ok();
  }
  void set_unit(int worker, int unit) {
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                  tx.connection().run_text("UPDATE worker SET unit_id = " + std::to_string(unit) +
                                           " WHERE id = " + std::to_string(worker));
                  return Done{};
                }).result);
  }
  void scan() {
    const int before = scans_;
    care_->scan_now();
    wait_until([&] { return scans_ > before; });
  }
  template <class Look>
  void look(const Look& at) {
    auto connection = database_->connect_reader().value();
    ReadTransaction tx(*connection, *ring_);
    at(tx);
  }
  std::vector<DamagedRow> named() {
    const std::lock_guard lock(mutex_);
    return named_;
  }

  std::unique_ptr<KeyRing> ring_;
  std::unique_ptr<StoreCare> care_;
  std::atomic<int> scans_ = 0;
  std::mutex mutex_;
  std::vector<DamagedRow> named_;
};

TEST_F(StoreCareTest, RotationLeavesNoValueUnderTheOldKeyAndNoVersionChanged) {
  save_workers(1, 3'000);
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                tx.audit().append(tx, {}, "an audited reason");
                return ReplyTable::keep(tx, {7, 1}, "request", "reply");
              }).result);
  ASSERT_GT(counts()[1], 1'000);
  start_care();
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(care_->rotate());
  wait_until([&] { return !care_->state().resealing; });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(counts()[1], 0);
  EXPECT_GT(counts()[2], 1'000);
  EXPECT_GE(care_->state().rows_resealed, 3'002);
  std::printf("%lld rows sealed anew, %.0f a second, the second walk that finds nothing included\n",
              static_cast<long long>(care_->state().rows_resealed),
              static_cast<double>(care_->state().rows_resealed) / took.count());
  look([](ReadTransaction& tx) {
    const auto all = WorkerTable::all(tx, kCity);
    ASSERT_EQ(all.rows.size(), 3'000u);
    for (const WorkerRow& row : all.rows) {
      EXPECT_EQ(row.version, 1);
      EXPECT_EQ(row.name, "陈嘉" + std::to_string(row.id.value));
    }
    EXPECT_EQ(ReplyTable::find(tx, {7, 1}, "request").value().value(), "reply");
    EXPECT_EQ(ReplyTable::find(tx, {7, 1}, "another").error().code, ErrorCode::kKeyReused);
    EXPECT_TRUE(verify_audit_chain(tx).sound());
  });
}

TEST_F(StoreCareTest, RowHeldInMemoryOverARotationCanStillBeSaved) {
  save_workers(1, 1);
  WorkerRow held;
  look([&](ReadTransaction& tx) { held = WorkerTable::all(tx, kCity).rows.front(); });
  start_care();
  ASSERT_TRUE(care_->rotate());
  wait_until([&] { return !care_->state().resealing; });
  held.name = "吴洁";
  ASSERT_TRUE(write([&](Transaction& tx) { return WorkerTable::save(tx, held); }).result);
  look([](ReadTransaction& tx) { EXPECT_EQ(WorkerTable::all(tx, kCity).rows.front().name, "吴洁"); });
}

TEST_F(StoreCareTest, ChangeThatComesBetweenReadingAndSealingWins) {
  save_workers(1, 1);
  auto newer = add_key(key_file()).value();
  ring_->adopt(*newer);
  std::vector<Reseal> reseals;
  look([&](ReadTransaction& tx) {
    StoreScan scan(true);
    while (!scan.at_end())
      for (Reseal& reseal : scan.next(tx, 100).reseals)
        if (reseal.in_change_stream) reseals.push_back(std::move(reseal));
  });
  ASSERT_EQ(reseals.size(), 1u);
  WorkerRow live;
  look([&](ReadTransaction& tx) { live = WorkerTable::all(tx, kCity).rows.front(); });
  live.name = "黄明";
  ASSERT_TRUE(write([&](Transaction& tx) { return WorkerTable::save(tx, live); }).result);
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                EXPECT_EQ(apply_reseals(tx, reseals), 0);
                return Done{};
              }).result);
  look([](ReadTransaction& tx) { EXPECT_EQ(WorkerTable::all(tx, kCity).rows.front().name, "黄明"); });
}

TEST_F(StoreCareTest, RotationUnderLoadFailsNoReadAndLosesNoChange) {
  constexpr int kRows = 2'000;
  save_workers(1, kRows);
  start_care();
  std::vector<WorkerRow> held;  // as desks hold rows: their versions must stay good throughout
  look([&](ReadTransaction& tx) { held = WorkerTable::all(tx, kCity).rows; });
  std::atomic<bool> running = true;
  std::atomic<int> reads = 0, failed = 0, saves = 0;
  std::thread reader([&] {
    auto connection = database_->connect_reader().value();
    for (; running; ++reads) failed += missing_of(*connection, kRows);
  });
  std::thread changer([&] {
    for (; running; ++saves) failed += save_changed(held[static_cast<std::size_t>(saves) * 37 % held.size()]) ? 0 : 1;
  });
  const auto began = std::chrono::steady_clock::now();
  for (int rotation = 2; rotation <= 3; ++rotation) {
    ASSERT_TRUE(care_->rotate());
    wait_until([&] { return !care_->state().resealing; });
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  running = false;
  reader.join();
  changer.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GT(reads, 0);
  EXPECT_GT(saves, 0);
  EXPECT_EQ(counts()[1] + counts()[2], 0);
  std::printf("rotated twice under load: %d rows each time, %.1f s, %d lists read, %d rows changed, 0 failed\n", kRows,
              took.count(), reads.load(), saves.load());
}

TEST_F(StoreCareTest, RotationThatWasCutOffGoesOnAtTheNextStart) {
  save_workers(1, 3'000);
  start_care();
  ASSERT_TRUE(care_->rotate());
  wait_until([&] { return care_->state().rows_resealed > 0; });
  restart();
  wait_until([&] { return !care_->state().resealing; });
  EXPECT_EQ(counts()[1], 0);
  restart();
  EXPECT_FALSE(care_->state().resealing);  // nothing is left to do
}

TEST_F(StoreCareTest, KeyIsRetiredOnlyWhenNothingNamesIt) {
  save_workers(1, 10);
  start_care();
  EXPECT_EQ(care_->retire(1).error().code, ErrorCode::kWrongState);
  ASSERT_TRUE(care_->rotate());
  ASSERT_TRUE(care_->rotate());
  wait_until([&] { return !care_->state().resealing; });
  EXPECT_EQ(care_->retire(3).error().code, ErrorCode::kWrongState);  // current
  EXPECT_EQ(care_->retire(1).error().code, ErrorCode::kWrongState);  // index
  EXPECT_EQ(care_->retire(9).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(care_->retire(2));
  restart();
  EXPECT_EQ(ring_->key_ids(), (std::vector<std::uint8_t>{1, 3}));
  look([](ReadTransaction& tx) { EXPECT_EQ(WorkerTable::all(tx, kCity).rows.size(), 10u); });
}

TEST_F(StoreCareTest, DamagedRowIsNamedOnceKeptInQuarantineAndLeavesItWhenRepaired) {
  save_workers(1, 3);
  set_unit(2, 99);
  start_care();
  look([](ReadTransaction& tx) { EXPECT_EQ(WorkerTable::all(tx, kCity).rows.size(), 2u); });
  wait_until([&] { return named().size() == 1; });
  scan();
  look([](ReadTransaction& tx) {
    const auto kept = QuarantineTable::list(tx, 10);
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept[0].row.table, "worker");
    EXPECT_EQ(kept[0].row.key.id, 2);
  });
  restart();
  look([](ReadTransaction& tx) { EXPECT_EQ(WorkerTable::all(tx, kCity).rows.size(), 2u); });
  scan();
  EXPECT_EQ(named().size(), 1u);  // not named again
  EXPECT_EQ(care_->state().damaged, 1);
  set_unit(2, 1);
  scan();
  EXPECT_EQ(care_->state().damaged, 0);
  look([](ReadTransaction& tx) {
    EXPECT_EQ(WorkerTable::all(tx, kCity).rows.size(), 3u);
    EXPECT_EQ(QuarantineTable::count(tx), 0);
  });
}

}  // namespace
}  // namespace kapok::storage
