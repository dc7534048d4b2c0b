#include "storage/database.h"

#include <sys/stat.h>

#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path store() const { return directory_.path() / "data"; }
  TempDirectory directory_;
};

TEST_F(DatabaseTest, WriterUsesAWriteAheadLogAndSyncsEachCommit) {
  const auto database = Database::create(store(), kNow).value();
  const auto writer = database->connect_writer().value();
  EXPECT_EQ(writer->text_of("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(writer->text_of("PRAGMA synchronous"), "2");
  EXPECT_EQ(writer->text_of("PRAGMA foreign_keys"), "1");
  EXPECT_EQ(writer->text_of("PRAGMA wal_autocheckpoint"), "0");
  EXPECT_EQ(writer->text_of("PRAGMA busy_timeout"), "2000");
}

TEST_F(DatabaseTest, ReaderCannotWrite) {
  const auto database = Database::create(store(), kNow).value();
  const auto reader = database->connect_reader().value();
  EXPECT_EQ(reader->text_of("PRAGMA query_only"), "1");
  EXPECT_THROW(reader->run_text("INSERT INTO state_value (key, value) VALUES ('a', 'b')"), StoreFailure);
  reader->text_of("PRAGMA query_only = 0");  // the file itself was opened for reading only
  EXPECT_THROW(reader->run_text("INSERT INTO state_value (key, value) VALUES ('a', 'b')"), StoreFailure);
}

TEST_F(DatabaseTest, SecondWritingConnectionIsOurMistake) {
  const auto database = Database::create(store(), kNow).value();
  auto writer = database->connect_writer().value();
  EXPECT_DEATH((void)database->connect_writer(), "writer_out_");
  writer.reset();
  EXPECT_TRUE(database->connect_writer());
}

TEST_F(DatabaseTest, SecondInstanceIsRefusedNamingTheFirst) {
  auto first = Database::create(store(), kNow).value();
  const auto second = Database::open(store(), kNow);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kStoreUnavailable);
  EXPECT_NE(second.error().detail.find("in use by process " + std::to_string(::getpid())), std::string::npos);
  first.reset();
  EXPECT_TRUE(Database::open(store(), kNow));
}

TEST_F(DatabaseTest, DirectoryOpenToOthersIsRefused) {
  Database::create(store(), kNow).value().reset();
  struct stat facts{};
  ASSERT_EQ(::stat(store().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
  ASSERT_EQ(::stat((store() / "kapok.db").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  std::filesystem::permissions(store(), std::filesystem::perms{0750});
  const auto opened = Database::open(store(), kNow);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("chmod 700"), std::string::npos);
}

TEST_F(DatabaseTest, MissingStoreIsNamedAndNotMade) {
  EXPECT_FALSE(Database::open(store(), kNow));
  EXPECT_FALSE(std::filesystem::exists(store()));
  std::filesystem::create_directory(store());
  std::filesystem::permissions(store(), std::filesystem::perms{0700});
  const auto opened = Database::open(store(), kNow);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("kapokctl init"), std::string::npos);
}

TEST_F(DatabaseTest, ExistingStoreIsNeverMadeAnew) {
  Database::create(store(), kNow).value().reset();
  const auto again = Database::create(store(), kNow);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().detail.find("holds a store already"), std::string::npos);
}

TEST_F(DatabaseTest, NewerSchemaIsRefused) {
  {
    const auto database = Database::create(store(), kNow).value();
    database->connect_writer().value()->run_text("INSERT INTO schema_step (version, at) VALUES (99, 0)");
  }
  const auto opened = Database::open(store(), kNow);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("schema 99"), std::string::npos);
}

TEST_F(DatabaseTest, FileThatIsNoDatabaseIsRefused) {
  Database::create(store(), kNow).value().reset();
  std::filesystem::resize_file(store() / "kapok.db", 0);
  std::filesystem::resize_file(store() / "kapok.db", 8192);
  EXPECT_FALSE(Database::open(store(), kNow));
}

}  // namespace
}  // namespace kapok::storage
