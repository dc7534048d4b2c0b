#include "storage/key_file.h"

#include <sys/stat.h>

#include "storage/audit_head.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class KeyFileTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(KeyRing::create_file(file())); }
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "keys"; }
  TempDirectory directory_;
};

TEST_F(KeyFileTest, NewKeyBecomesCurrentAndTheOldOnesStay) {
  const auto before = KeyRing::load(file()).value();
  const auto after = add_key(file()).value();
  EXPECT_EQ(after->key_ids(), (std::vector<std::uint8_t>{1, 2}));
  EXPECT_EQ(after->current_key_id(), 2);
  EXPECT_EQ(after->index_key_id(), 1);
  EXPECT_EQ(KeyRing::load(file()).value()->current_key_id(), 2);
  struct stat facts{};
  ASSERT_EQ(::stat(file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0400u);
}

TEST_F(KeyFileTest, RingInUseTakesTheNewKeyAndStillOpensOldValues) {
  const auto ring = KeyRing::load(file()).value();
  const FieldCipher cipher(*ring);
  const std::string old = cipher.seal({"call", "caller_number", 7}, "020-1234");
  ring->adopt(*add_key(file()).value());
  EXPECT_EQ(cipher.open({"call", "caller_number", 7}, old).value(), "020-1234");
  EXPECT_EQ(key_id_of(cipher.seal({"call", "caller_number", 7}, "x")), 2);
  EXPECT_EQ(key_id_of(old), 1);
}

TEST_F(KeyFileTest, CurrentAndIndexKeyAreNotTakenOut) {
  EXPECT_FALSE(remove_key(file(), 1));
  ASSERT_TRUE(add_key(file()));
  EXPECT_FALSE(remove_key(file(), 1));  // index
  EXPECT_FALSE(remove_key(file(), 2));  // current
  EXPECT_FALSE(remove_key(file(), 5));
  ASSERT_TRUE(add_key(file()));
  ASSERT_TRUE(remove_key(file(), 2));
  EXPECT_EQ(KeyRing::load(file()).value()->key_ids(), (std::vector<std::uint8_t>{1, 3}));
}

TEST_F(KeyFileTest, BackupOpensWithItsPassphraseAlone) {
  ASSERT_TRUE(AuditSigner::create_file(audit_key_file_of(file())));
  const auto files = read_key_files(file()).value();
  const auto ring = KeyRing::load(file()).value();
  const std::string backup = seal_key_backup(files, fingerprint_of(*ring), "a long passphrase").value();
  EXPECT_EQ(backup.find(files.keys.substr(20, 30)), std::string::npos);
  const auto opened = open_key_backup(backup, "a long passphrase").value();
  EXPECT_EQ(opened.keys, files.keys);
  EXPECT_EQ(opened.audit_key, files.audit_key);
  EXPECT_FALSE(open_key_backup(backup, "another"));
  std::string changed = backup;
  changed[changed.size() - 5] = changed[changed.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(open_key_backup(changed, "a long passphrase"));
  EXPECT_FALSE(open_key_backup("kapok-key-backup 1\n", "a long passphrase"));
}

TEST_F(KeyFileTest, MarkOfABackupEndsWithTheNextKey) {
  const auto ring = KeyRing::load(file()).value();
  EXPECT_FALSE(is_backed_up(file(), *ring));
  ASSERT_TRUE(mark_backed_up(file(), fingerprint_of(*ring)));
  EXPECT_TRUE(is_backed_up(file(), *ring));
  ring->adopt(*add_key(file()).value());
  EXPECT_FALSE(is_backed_up(file(), *ring));
}

}  // namespace
}  // namespace kapok::storage
