#include "storage/sealed_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "storage/durable_file.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 64 * 1024;

SealedHeader segment_header() {
  return {.kind = SealedKind::kSegment,
          .city = 1,
          .after_seq = 7,
          .to_seq = 9,
          .schema = 3,
          .reaches_to = kNow,
          .made_at = kNow,
          .history = std::string(kHistoryBytes, 'h'),
          .fingerprint = {}};
}

class SealedFile : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_backup_keys(file("safe")));
    key_ = load_backup_private_key(file("safe")).value();
  }

  [[nodiscard]] fs::path file(const std::string& name) const { return directory_.path() / name; }

  std::string sealed(std::string_view plain, const SealedHeader& header = segment_header()) {
    auto writer = SealedFileWriter::create(file("sealed"), header, key_.public_key).value();
    EXPECT_TRUE(writer->append(plain));
    EXPECT_TRUE(writer->finish());
    return read_small_file(file("sealed"), 10 * kChunk).value();
  }

  static Result<std::string> opened(const std::string& bytes, const BackupPrivateKey& key) {
    std::istringstream in(bytes);
    auto reader = SealedFileReader::open(in, key);
    if (!reader) return reader.error();
    std::string plain;
    for (;;) {
      const auto more = (*reader)->next(plain);
      if (!more) return more.error();
      if (!*more) return plain;
    }
  }

  static Result<SealedHeader> checked(const std::string& bytes) {
    std::istringstream in(bytes);
    return check_sealed(in);
  }

  void expect_refused(const std::string& bytes, const std::string& what) const {
    const auto without_key = checked(bytes);
    ASSERT_FALSE(without_key) << what;
    EXPECT_EQ(without_key.error().code, ErrorCode::kRowDamaged) << what;
    EXPECT_FALSE(opened(bytes, key_)) << what;
  }

  TempDirectory directory_;
  BackupPrivateKey key_;
};

TEST_F(SealedFile, WhatWasSealedIsReadAgainAtEverySizeAroundAChunk) {
  for (const std::size_t size : {std::size_t{1}, kChunk - 1, kChunk, kChunk + 1, 3 * kChunk}) {
    std::string plain(size, 'x');
    plain.front() = 'a';
    plain.back() = 'z';
    EXPECT_EQ(opened(sealed(plain), key_).value(), plain) << size;
  }
}

TEST_F(SealedFile, AnybodyCanCheckItAndReadsItsHeader) {
  SealedHeader expected = segment_header();
  expected.fingerprint = key_.public_key.fingerprint();
  const std::string bytes = sealed("batches");
  EXPECT_EQ(checked(bytes).value(), expected);
  std::istringstream in(bytes);
  EXPECT_EQ(read_sealed_header(in).value(), expected);
}

TEST_F(SealedFile, EveryTruncationIsRefused) {
  const std::string bytes = sealed("three batches");
  for (std::size_t length = 0; length < bytes.size(); ++length)
    expect_refused(bytes.substr(0, length), "cut to " + std::to_string(length));
}

TEST_F(SealedFile, EveryFlippedBitIsRefused) {
  const std::string bytes = sealed("three batches");
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string bad = bytes;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    expect_refused(bad, "bit " + std::to_string(bit));
  }
}

TEST_F(SealedFile, BytesAfterTheEndAreRefused) { expect_refused(sealed("x") + "y", "one more byte"); }

TEST_F(SealedFile, AWholeChunkCutOutIsRefused) {
  const std::string bytes = sealed(std::string(3 * kChunk, 'x'));
  const std::size_t framed = 4 + kChunk + 17;
  const std::size_t header = bytes.size() - 3 * framed - 4 - 32;
  expect_refused(bytes.substr(0, header) + bytes.substr(header + framed), "first chunk");
  expect_refused(bytes.substr(0, header + 2 * framed) + bytes.substr(header + 3 * framed), "last chunk");
}

TEST_F(SealedFile, AnotherKeyIsNamedAsSuch) {
  ASSERT_TRUE(make_backup_keys(file("other")));
  const auto refused = opened(sealed("x"), load_backup_private_key(file("other")).value());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_NE(refused.error().detail.find(fingerprint_text(key_.public_key.fingerprint())), std::string::npos);
}

TEST_F(SealedFile, ThePlainTextIsNotInTheFile) {
  EXPECT_EQ(sealed("the caller is called 陈嘉").find("陈嘉"), std::string::npos);
}

TEST_F(SealedFile, AnUnfinishedFileLeavesNothing) {
  {
    auto writer = SealedFileWriter::create(file("half"), segment_header(), key_.public_key).value();
    ASSERT_TRUE(writer->append(std::string(2 * kChunk, 'x')));
    EXPECT_FALSE(fs::exists(file("half")));
    EXPECT_TRUE(fs::exists(file("half.part")));
  }
  EXPECT_FALSE(fs::exists(file("half.part")));
}

TEST_F(SealedFile, ADirectoryThatIsNotThereIsNamed) {
  const auto made = SealedFileWriter::create(file("nowhere") / "x", segment_header(), key_.public_key);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().detail.find("nowhere"), std::string::npos);
}

TEST_F(SealedFile, KeysAreNeverOverwritten) {
  EXPECT_FALSE(make_backup_keys(file("safe")));
  EXPECT_TRUE(fs::remove(file("safe.public")));
  EXPECT_FALSE(make_backup_keys(file("safe")));
}

TEST_F(SealedFile, ThePrivateKeyIsItsOwnersAloneAndNotTakenOtherwise) {
  struct stat facts{};
  ASSERT_EQ(::stat(file("safe").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0400U);
  fs::permissions(file("safe"), fs::perms::group_read, fs::perm_options::add);
  EXPECT_FALSE(load_backup_private_key(file("safe")));
}

TEST_F(SealedFile, TheWrongHalfOfThePairIsNamed) {
  const auto as_public = load_backup_public_key(file("safe"));
  ASSERT_FALSE(as_public);
  EXPECT_NE(as_public.error().detail.find("private half"), std::string::npos);
  fs::permissions(file("safe.public"), fs::perms::owner_read);
  const auto as_private = load_backup_private_key(file("safe.public"));
  ASSERT_FALSE(as_private);
  EXPECT_NE(as_private.error().detail.find("public half"), std::string::npos);
}

}  // namespace
}  // namespace kapok::storage
