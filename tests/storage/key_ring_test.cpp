#include "storage/key_ring.h"

#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class KeyRingTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "keys"; }
  void write_file(const std::string& text) {
    std::filesystem::remove(file());
    std::ofstream(file()) << text;
    std::filesystem::permissions(file(), std::filesystem::perms{0400});
  }
  [[nodiscard]] std::string refusal() const {
    const auto ring = KeyRing::load(file());
    return ring ? "" : ring.error().detail;
  }

  static constexpr const char* kKeyA = "key 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
  static constexpr const char* kKeyB = "key 2 HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4\n";
  TempDirectory directory_;
};

bool same(const SecretKey& a, const SecretKey& b) { return std::memcmp(a.data(), b.data(), SecretKey::kBytes) == 0; }

TEST_F(KeyRingTest, NewFileIsReadableByItsOwnerOnlyAndLoads) {
  ASSERT_TRUE(KeyRing::create_file(file()));
  struct stat facts{};
  ASSERT_EQ(::stat(file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0400u);
  const auto ring = KeyRing::load(file());
  ASSERT_TRUE(ring);
  EXPECT_EQ((*ring)->current_key_id(), 1);
  EXPECT_EQ((*ring)->index_key_id(), 1);
}

TEST_F(KeyRingTest, ExistingFileIsNeverOverwritten) {
  ASSERT_TRUE(KeyRing::create_file(file()));
  EXPECT_FALSE(KeyRing::create_file(file()));
}

TEST_F(KeyRingTest, AnyGroupOrOtherBitIsRefusedWithTheCure) {
  ASSERT_TRUE(KeyRing::create_file(file()));
  for (const unsigned bits : {0440u, 0420u, 0410u, 0404u, 0402u, 0401u}) {
    std::filesystem::permissions(file(), static_cast<std::filesystem::perms>(bits));
    EXPECT_NE(refusal().find("chmod 400"), std::string::npos) << std::oct << bits;
  }
}

TEST_F(KeyRingTest, MissingFileIsRefusedInOneSentence) { EXPECT_NE(refusal().find("is missing"), std::string::npos); }

TEST_F(KeyRingTest, LinkIsNotFollowed) {
  ASSERT_TRUE(KeyRing::create_file(directory_.path() / "elsewhere"));
  std::filesystem::create_symlink(directory_.path() / "elsewhere", file());
  EXPECT_FALSE(KeyRing::load(file()));
}

TEST_F(KeyRingTest, FileThatReadsOtherwiseIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("kapok-keys 2\n") + kKeyA + "current 1\nindex 1\n",
        std::string("kapok-keys 1\nkey 1 short\ncurrent 1\nindex 1\n"),
        std::string("kapok-keys 1\n") + kKeyA + "current 2\nindex 1\n",
        std::string("kapok-keys 1\n") + kKeyA + "current 1\n", std::string("kapok-keys 1\nkey 0 AAEC\n"),
        std::string("kapok-keys 1\nword 1\n"), std::string("kapok-keys 1\nkey 256 AAEC\n")}) {
    write_file(text);
    EXPECT_FALSE(KeyRing::load(file())) << text;
  }
}

TEST_F(KeyRingTest, SeveralKeysStandSideBySide) {
  write_file(std::string("kapok-keys 1\n# two keys\n") + kKeyA + kKeyB + "current 2\nindex 1\n");
  const auto ring = KeyRing::load(file());
  ASSERT_TRUE(ring) << ring.error().detail;
  EXPECT_EQ((*ring)->current_key_id(), 2);
  EXPECT_EQ((*ring)->index_key_id(), 1);
  EXPECT_FALSE((*ring)->has(3));
}

TEST_F(KeyRingTest, EveryPurposePartAndKeyGivesItsOwnKey) {
  write_file(std::string("kapok-keys 1\n") + kKeyA + kKeyB + "current 2\nindex 1\n");
  const auto ring = KeyRing::load(file()).value();
  const SecretKey mac = ring->derive(1, KeyPurpose::kRowMac);
  EXPECT_TRUE(same(mac, ring->derive(1, KeyPurpose::kRowMac)));
  EXPECT_FALSE(same(mac, ring->derive(1, KeyPurpose::kSearchTokens)));
  EXPECT_FALSE(same(mac, ring->derive(2, KeyPurpose::kRowMac)));
  EXPECT_FALSE(
      same(ring->derive(1, KeyPurpose::kSealedColumn, "a.b"), ring->derive(1, KeyPurpose::kSealedColumn, "a.c")));
}

}  // namespace
}  // namespace kapok::storage
