#include "storage/backup_work.h"

#include "storage/backup_fixture.h"
#include "storage/backup_keeper.h"
#include "storage/change_table.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

class BackupWorkTest : public BackupTest {
 protected:
  std::int64_t waiting() {
    std::int64_t count = 0;
    read([&](ReadTransaction& tx) {
      count = static_cast<std::int64_t>(ChangeTable::from(tx, 0, 1'000'000).value().size());
    });
    return count;
  }
  std::vector<ShelfFault> faults() {
    const auto found = read_shelf(shelf(), ShelfLook::kWholeFiles).value();
    auto all = found.faults;
    for (auto& fault : continuity_faults(found)) all.push_back(std::move(fault));
    return all;
  }
};

TEST_F(BackupWorkTest, TheFirstThingOnTheShelfIsAWholeCopy) {
  contact(10);
  EXPECT_EQ(work_->ship().value(), 0u);
  EXPECT_TRUE(work_->base_wanted().value());
  EXPECT_EQ(files().size(), 0u);
  base();
  ASSERT_EQ(files().size(), 1u);
  EXPECT_NE(files()[0].filename().string().find("-base-"), std::string::npos);
  EXPECT_FALSE(work_->base_wanted().value());
}

TEST_F(BackupWorkTest, NothingPlainIsLeftInTheDataDirectory) {
  contact(10);
  base();
  EXPECT_FALSE(fs::exists(store() / "backup.copy"));
  std::ofstream(store() / "backup.copy") << "left by a crash";
  std::ofstream(shelf() / "x.kapok.part") << "left by a crash";
  work_->clean();
  EXPECT_FALSE(fs::exists(store() / "backup.copy"));
  EXPECT_FALSE(fs::exists(shelf() / "x.kapok.part"));
}

TEST_F(BackupWorkTest, EverySegmentFollowsTheOneBefore) {
  base();
  for (std::int64_t id = 10; id < 16; ++id) {
    contact(id);
    ship();
  }
  EXPECT_TRUE(faults().empty());
  const auto found = read_shelf(shelf(), ShelfLook::kHeaders).value();
  EXPECT_EQ(segments_after(found, found.bases.front()).size(), 6u);
}

TEST_F(BackupWorkTest, NothingNewIsNothingShipped) {
  base();
  contact(10);
  ship();
  pass(minutes{1});
  ship();  // what forgetting itself changed
  const auto shipped = files().size();
  pass(minutes{1});
  EXPECT_EQ(work_->ship().value(), 0u);
  EXPECT_EQ(files().size(), shipped);
}

TEST_F(BackupWorkTest, ShippedBatchesAreForgotten) {
  base();
  for (std::int64_t id = 10; id < 30; ++id) contact(id);
  ship();
  EXPECT_LE(waiting(), 2);  // the newest row always stays
}

TEST_F(BackupWorkTest, AStartGoesOnWhereTheShelfEnds) {
  base();
  contact(10);
  ship();
  reopen();
  begin_work();
  EXPECT_FALSE(work_->base_wanted().value());
  contact(11);
  ship();
  EXPECT_TRUE(faults().empty());
}

TEST_F(BackupWorkTest, ACrashBeforeForgettingShipsNothingTwice) {
  base();
  contact(10);
  ship();
  begin_work();  // the batches may still wait in the store; the shelf says that it has them
  contact(11);
  ship();
  EXPECT_TRUE(faults().empty());
}

TEST_F(BackupWorkTest, ASecondPathThatIsAwayLosesNothing) {
  base();
  fs::rename(second_path(), directory_.path() / "away");
  contact(10);
  contact(11);
  EXPECT_FALSE(work_->ship());
  EXPECT_FALSE(work_->ship());
  EXPECT_GE(waiting(), 2);
  fs::rename(directory_.path() / "away", second_path());
  ship();
  EXPECT_TRUE(faults().empty());
  EXPECT_EQ(read_shelf(shelf(), ShelfLook::kHeaders)->segments.size(), 1u);
}

TEST_F(BackupWorkTest, ALostFileOfChangesBreaksTheStreamAndABaseBeginsItAnew) {
  base();
  contact(10);
  ship();
  for (const auto& file : files())
    if (file.filename().string().find("-changes-") != std::string::npos) fs::remove(file);
  reopen();
  begin_work();
  EXPECT_TRUE(work_->base_wanted().value());
  pass(seconds{1});
  base();
  contact(11);
  ship();
  EXPECT_TRUE(faults().empty());
  EXPECT_FALSE(work_->base_wanted().value());
}

TEST_F(BackupWorkTest, ABaseIsDueByAgeAndByKey) {
  base();
  pass(hours{23});
  EXPECT_FALSE(work_->base_wanted().value());
  pass(hours{1});
  EXPECT_TRUE(work_->base_wanted().value());
  base();
  fs::remove(safe());
  fs::remove(public_file_of(safe()));
  ASSERT_TRUE(make_backup_keys(safe()));
  key_ = load_backup_private_key(safe()).value();
  begin_work();
  EXPECT_TRUE(work_->base_wanted().value());
}

TEST_F(BackupWorkTest, WhatIsOldGoesButNeverTheNewestBaseAndWhatFollowsIt) {
  base();
  contact(10);
  ship();
  pass(hours{24});
  base();
  contact(11);
  ship();
  pass(hours{24 * 33});
  EXPECT_EQ(work_->expire(), 0u);
  pass(hours{26});
  EXPECT_GE(work_->expire(), 2u);
  EXPECT_TRUE(faults().empty());
  pass(hours{24 * 400});
  work_->expire();
  const auto left = read_shelf(shelf(), ShelfLook::kHeaders).value();
  ASSERT_EQ(left.bases.size(), 1u);
  EXPECT_EQ(segments_after(left, left.bases[0]).size(), left.segments.size());
  EXPECT_GE(left.segments.size(), 1u);
}

TEST_F(BackupWorkTest, WhatWaitsTooLongIsForgottenAndTheStreamBeginsAnew) {
  base();
  fs::rename(second_path(), directory_.path() / "away");
  contact(10);
  EXPECT_FALSE(work_->ship());
  EXPECT_EQ(work_->bound_what_waits().value(), 0u);
  pass(hours{24 * 7 + 1});
  contact(11);
  EXPECT_GE(work_->bound_what_waits().value(), 2u);
  EXPECT_LE(waiting(), 2);
  fs::rename(directory_.path() / "away", second_path());
  EXPECT_EQ(work_->ship().value(), 0u);
  EXPECT_TRUE(work_->base_wanted().value());
  base();
  contact(12);
  ship();
  EXPECT_TRUE(faults().empty());
}

TEST_F(BackupWorkTest, ADamagedChangeRowLeadsToANewBase) {
  base();
  contact(10);
  tamper("UPDATE change SET record = 'x' WHERE seq = (SELECT MAX(seq) FROM change)");
  begin_work();
  EXPECT_FALSE(work_->ship());
  EXPECT_TRUE(work_->base_wanted().value());
  pass(seconds{1});
  base();
  contact(11);
  ship();
  EXPECT_TRUE(faults().empty());
}

TEST_F(BackupWorkTest, WithoutAKeyChangesDoNotPileUp) {
  BackupSettings nothing;
  nothing.city = kCity;
  nothing.unwanted_batches_max = 10;
  BackupWork unwanted(nothing, {*database_, *keys_, *writer_, [&] { return now_; }, [&] { return now_; }});
  for (std::int64_t id = 10; id < 20; ++id) contact(id);
  EXPECT_EQ(unwanted.bound_what_waits().value(), 0u);
  contact(20);
  EXPECT_EQ(unwanted.bound_what_waits().value(), 11u);
  EXPECT_LE(waiting(), 2);
}

TEST_F(BackupWorkTest, NoFileOfABackupShowsANameANumberOrANote) {
  contact(10, "欧阳小芳");
  base();
  contact(11, "欧阳小芳");
  ship();
  for (const auto& file : files()) {
    const std::string bytes = read_small_file(file, 64 * 1024 * 1024).value();
    for (const char* planted : {"欧阳小芳", "13800138000", "独居老人", "GZ-10", "contact"})
      EXPECT_EQ(bytes.find(planted), std::string::npos) << file << ' ' << planted;
  }
}

TEST_F(BackupWorkTest, TheKeeperBeginsWithABaseAndShipsAtItsEnd) {
  work_.reset();
  std::promise<BackupEvent::What> first;
  bool told = false;  // keeper's thread only
  BackupSettings settings;
  settings.directory = shelf();
  settings.key = key_.public_key;
  settings.city = kCity;
  BackupKeeper keeper(settings, {*database_, *keys_, *writer_, [&] { return now_; }, [&] { return now_; }},
                      [&](const BackupEvent& event) {
                        if (!std::exchange(told, true)) first.set_value(event.what);
                      });
  auto made = first.get_future();
  ASSERT_EQ(made.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(made.get(), BackupEvent::What::kBaseMade);
  contact(10);
  keeper.stop();
  const auto found = read_shelf(shelf(), ShelfLook::kWholeFiles).value();
  EXPECT_GE(found.bases.size(), 1u);
  EXPECT_EQ(found.segments.size(), 1u);
  EXPECT_TRUE(found.faults.empty());
}

}  // namespace
}  // namespace kapok::storage
