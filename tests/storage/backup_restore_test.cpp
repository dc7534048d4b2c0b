#include "storage/backup_restore.h"

#include <map>

#include "storage/audit_chain.h"
#include "storage/backup_fixture.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

class BackupRestoreTest : public BackupTest {
 protected:
  Result<Restored> restore(std::optional<Instant> until = {}) {
    return restore_backup({.shelf = shelf(), .to = restored(), .until = until}, key_, *keys_);
  }
  [[nodiscard]] std::vector<fs::path> segments() const {
    std::vector<fs::path> found;
    for (const auto& file : files())
      if (file.filename().string().find("-changes-") != std::string::npos) found.push_back(file);
    return found;
  }
  /// Contacts in the restored store, opened by a program as kapokd would.
  std::vector<std::int64_t> contacts() {
    auto database = Database::open(restored(), now_).value();
    auto connection = database->connect_reader().value();
    ReadTransaction tx(*connection, *keys_);
    std::vector<std::int64_t> found;
    for (std::int64_t id = 10; id < 40; ++id)
      if (ContactTable::get(tx, ContactId{id})) found.push_back(id);
    EXPECT_TRUE(verify_audit_chain(tx).sound());
    return found;
  }
  static void damage(const fs::path& file) {
    std::fstream io(file, std::ios::in | std::ios::out | std::ios::binary);
    io.seekp(-60, std::ios::end);
    io.put('~');
  }
};

TEST_F(BackupRestoreTest, ReplayedChangesMakeTheSameStoreTableByTable) {
  contact(10);
  base();
  for (std::int64_t id = 11; id < 20; ++id) {
    contact(id);
    if (id % 3 == 0) ship();
  }
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                auto row = ContactTable::get(tx, ContactId{12}).value();
                row.fields.summary = "已送达";
                ++row.version;
                return ContactTable::save(tx, row);
              }).result);
  ship();
  work_.reset();
  writer_->stop();
  const std::string original = dump(store());
  const auto done = restore();
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(done->complete);
  EXPECT_TRUE(done->faults.empty());
  EXPECT_GE(done->segments, 3u);
  EXPECT_EQ(dump(restored()), original);
}

TEST_F(BackupRestoreTest, ARestoredStoreGoesOnAndItsBackupIsAnotherStream) {
  base();
  contact(10);
  ship();
  close();
  ASSERT_TRUE(restore());
  fs::rename(store(), directory_.path() / "burnt");
  fs::rename(restored(), store());
  database_ = Database::open(store(), now_).value();
  writer_ = Writer::start(*database_, *keys_).value();
  begin_work();
  EXPECT_TRUE(work_->base_wanted().value());
  contact(11);
  pass(seconds{1});
  base();
  contact(12);
  ship();
  close();
  ASSERT_TRUE(restore());
  EXPECT_EQ(contacts(), (std::vector<std::int64_t>{10, 11, 12}));
  EXPECT_TRUE(continuity_faults(read_shelf(shelf(), ShelfLook::kHeaders).value()).empty());
}

TEST_F(BackupRestoreTest, UntilLeavesOutWhatCameLater) {
  base();
  contact(10);
  contact(11);
  ship();
  contact(12);
  const Instant moment = now_;
  contact(13);
  ship();
  const auto done = restore(moment);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(done->reaches_to, moment);
  EXPECT_TRUE(done->complete);
  EXPECT_EQ(contacts(), (std::vector<std::int64_t>{10, 11, 12}));
}

TEST_F(BackupRestoreTest, ADirectoryWithSomethingInItIsRefusedAndUntouched) {
  base();
  fs::create_directory(restored());
  std::ofstream(restored() / "kapok.db") << "mine";
  const auto done = restore();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kWrongState);
  EXPECT_EQ(read_small_file(restored() / "kapok.db", 100).value(), "mine");
}

TEST_F(BackupRestoreTest, TheWrongBackupKeyRestoresNothing) {
  base();
  ASSERT_TRUE(make_backup_keys(directory_.path() / "other"));
  key_ = load_backup_private_key(directory_.path() / "other").value();
  const auto done = restore();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
  EXPECT_FALSE(fs::exists(restored()));
}

TEST_F(BackupRestoreTest, TheWrongDataKeysRestoreNothing) {
  base();
  ASSERT_TRUE(KeyRing::create_file(directory_.path() / "other"));
  const auto other = KeyRing::load(directory_.path() / "other").value();
  const auto done = restore_backup({.shelf = shelf(), .to = restored(), .until = {}}, key_, *other);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
  EXPECT_FALSE(fs::exists(restored()));
}

TEST_F(BackupRestoreTest, ADamagedSegmentEndsTheRestoreThereAndIsNamed) {
  base();
  for (std::int64_t id = 10; id < 13; ++id) {
    contact(id);
    ship();
  }
  const auto second = segments().at(1);
  damage(second);
  const auto done = restore();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->complete);
  ASSERT_EQ(done->faults.size(), 1u);
  EXPECT_EQ(done->faults[0].path, second);
  EXPECT_EQ(contacts(), (std::vector<std::int64_t>{10}));
}

TEST_F(BackupRestoreTest, AMissingSegmentEndsTheRestoreThereAndIsNamed) {
  base();
  for (std::int64_t id = 10; id < 13; ++id) {
    contact(id);
    ship();
  }
  const auto all = segments();
  fs::remove(all.at(1));
  const auto done = restore();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->complete);
  ASSERT_EQ(done->faults.size(), 1u);
  EXPECT_EQ(done->faults[0].path, all.at(2));
  EXPECT_EQ(contacts(), (std::vector<std::int64_t>{10}));
}

TEST_F(BackupRestoreTest, ADamagedBaseIsPassedOverForTheOneBefore) {
  base();
  contact(10);
  ship();
  pass(seconds{1});
  base();
  contact(11);
  ship();
  damage(read_shelf(shelf(), ShelfLook::kHeaders)->bases.back().path);
  const auto done = restore();
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(done->faults.size(), 1u);
  EXPECT_TRUE(done->complete);
  EXPECT_EQ(contacts(), (std::vector<std::int64_t>{10, 11}));
}

TEST_F(BackupRestoreTest, ASegmentOfAnotherStoreIsNotTaken) {
  base();
  contact(10);
  ship();
  // Somebody with the public key makes a file that opens; only the data keys make a seal that holds.
  const auto shelf_now = read_shelf(shelf(), ShelfLook::kHeaders).value();
  SealedHeader header = shelf_now.segments.back().header;
  header.after_seq = header.to_seq;
  header.to_seq += 1;
  auto forged = SealedFileWriter::create(shelf() / shelf_name(header), header, key_.public_key).value();
  ASSERT_TRUE(forged->append("forged"));
  ASSERT_TRUE(forged->finish());
  const auto done = restore();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->complete);
  ASSERT_EQ(done->faults.size(), 1u);
  EXPECT_EQ(done->faults[0].path.filename(), shelf_name(header));
  EXPECT_EQ(contacts(), (std::vector<std::int64_t>{10}));
}

TEST(BackupShelf, GapOverlapAndForeignFilesAreNamed) {
  const auto file = [](SealedKind kind, std::int64_t after, std::int64_t to, std::int64_t city = 1, char life = 'a') {
    SealedHeader header{.kind = kind,
                        .city = city,
                        .after_seq = after,
                        .to_seq = to,
                        .schema = 2,
                        .reaches_to = kNow,
                        .made_at = kNow,
                        .history = std::string(kHistoryBytes, life),
                        .fingerprint = std::string(16, 'k')};
    return ShelfFile{shelf_name(header), header, 1};
  };
  const auto faults = [](std::vector<ShelfFile> bases, std::vector<ShelfFile> segments) {
    std::string all;
    for (const auto& fault : continuity_faults({std::move(bases), std::move(segments), {}})) all += fault.what + "; ";
    return all;
  };
  const auto base = file(SealedKind::kBase, 5, 5);
  const auto segment = [&](std::int64_t after, std::int64_t to) { return file(SealedKind::kSegment, after, to); };
  EXPECT_EQ(faults({base}, {segment(0, 5), segment(5, 9), segment(9, 12)}), "");
  EXPECT_NE(faults({base}, {segment(5, 9), segment(10, 12)}).find("after batch 9 are missing"), std::string::npos);
  EXPECT_NE(faults({base}, {segment(5, 9), segment(8, 12)}).find("overlaps"), std::string::npos);
  EXPECT_NE(faults({base}, {segment(7, 9)}).find("are missing"), std::string::npos);
  EXPECT_NE(faults({base}, {segment(5, 9), file(SealedKind::kSegment, 9, 12, 2)}).find("another city"),
            std::string::npos);
  // A base that says it begins the stream anew bridges what was knowingly left out.
  EXPECT_EQ(faults({base, file(SealedKind::kBase, 9, 20)}, {segment(5, 9), segment(20, 25)}), "");
}

}  // namespace
}  // namespace kapok::storage
