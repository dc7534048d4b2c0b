#include "storage/spool.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "storage/spool_format.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

constexpr std::size_t kSmall = 64 * 1024;

class SpoolTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(KeyRing::create_file(directory_.path() / "keys"));
    keys_ = KeyRing::load(directory_.path() / "keys").value();
    open();
  }
  [[nodiscard]] std::filesystem::path place() const { return directory_.path() / "spool"; }
  [[nodiscard]] std::filesystem::path file() const { return place() / "spool"; }

  Result<> try_open() {
    spool_.reset();
    auto opened = Spool::open(place(), *keys_, kSmall, [this](FaultPoint point) { return fault_ == point; });
    if (!opened) return opened.error();
    spool_ = std::move(*opened);
    return Done{};
  }
  void open() { ASSERT_TRUE(try_open()) << try_open().error().detail; }

  std::vector<std::string> waiting() const {
    std::vector<std::string> records;
    for (const SpooledBatch& batch : spool_->waiting()) records.push_back(batch.record);
    return records;
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void overwrite(const std::string& bytes) const { std::ofstream(file(), std::ios::binary) << bytes; }

  TempDirectory directory_;
  std::unique_ptr<const KeyRing> keys_;
  std::unique_ptr<Spool> spool_;
  std::optional<FaultPoint> fault_;
};

TEST_F(SpoolTest, WhatWasAppendedIsThereAfterReopening) {
  ASSERT_TRUE(spool_->append(7, "first"));
  ASSERT_TRUE(spool_->append(9, std::string(2'000, 'x')));
  open();
  EXPECT_EQ(waiting(), (std::vector<std::string>{"first", std::string(2'000, 'x')}));
  EXPECT_EQ(spool_->waiting()[1].seq, 9);
  ASSERT_TRUE(spool_->append(10, "third"));
  open();
  EXPECT_EQ(spool_->waiting().size(), 3u);
}

TEST_F(SpoolTest, RoomIsReservedForReal) {
  struct stat facts{};
  ASSERT_EQ(::stat(file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_size, static_cast<off_t>(kSmall));
  EXPECT_GE(facts.st_blocks * 512, static_cast<off_t>(kSmall));
}

TEST_F(SpoolTest, NothingOfABatchIsReadableInTheFile) {
  ASSERT_TRUE(spool_->append(1, "13800000000 wants rice"));
  EXPECT_EQ(bytes().find("rice"), std::string::npos);
}

TEST_F(SpoolTest, TornTailAtEveryByteIsDroppedAndTheRestStays) {
  ASSERT_TRUE(spool_->append(1, "one"));
  const std::size_t from = spool_->bytes_used();
  ASSERT_TRUE(spool_->append(2, std::string(700, 'b')));
  const std::size_t to = from + kSpoolHead + 700 + kSpoolTag;  // what follows are zeros that carry nothing
  spool_.reset();
  const std::string whole = bytes();
  for (std::size_t cut = from; cut < to; ++cut) {
    std::string torn = whole;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    if (torn == whole) continue;  // the byte was a zero
    overwrite(torn);
    open();
    ASSERT_EQ(waiting(), std::vector<std::string>{"one"}) << cut;
    ASSERT_TRUE(spool_->damaged_copy().empty()) << cut;
    if (cut % 97 != 0) continue;
    ASSERT_TRUE(spool_->append(2, "again"));
    open();
    ASSERT_EQ(waiting(), (std::vector<std::string>{"one", "again"})) << cut;
  }
}

TEST_F(SpoolTest, FlippedBitDropsItsRecordKeepsTheOthersAndTheWholeFile) {
  ASSERT_TRUE(spool_->append(1, "one"));
  const std::size_t second = spool_->bytes_used();
  ASSERT_TRUE(spool_->append(2, "two"));
  ASSERT_TRUE(spool_->append(3, "three"));
  spool_.reset();
  std::string changed = bytes();
  changed[second + 90] = static_cast<char>(changed[second + 90] ^ 1);
  overwrite(changed);
  open();
  EXPECT_EQ(waiting(), (std::vector<std::string>{"one", "three"}));
  EXPECT_EQ(std::filesystem::file_size(spool_->damaged_copy()), kSmall);
}

TEST_F(SpoolTest, ExchangedRecordsAreNotReadInTheirNewOrder) {
  const std::size_t first = spool_->bytes_used();
  ASSERT_TRUE(spool_->append(1, "one"));
  ASSERT_TRUE(spool_->append(2, "two"));
  spool_.reset();
  std::string changed = bytes();
  std::swap_ranges(changed.begin() + static_cast<std::ptrdiff_t>(first),
                   changed.begin() + static_cast<std::ptrdiff_t>(first + 512),
                   changed.begin() + static_cast<std::ptrdiff_t>(first + 512));
  overwrite(changed);
  open();
  EXPECT_NE(waiting(), (std::vector<std::string>{"two", "one"}));
  EXPECT_FALSE(spool_->damaged_copy().empty());
}

TEST_F(SpoolTest, EmptiedSpoolForgetsOldRecordsThoughTheirBytesStay) {
  ASSERT_TRUE(spool_->append(1, "one"));
  ASSERT_TRUE(spool_->append(2, "two"));
  spool_->taken_in();
  spool_->taken_in();
  ASSERT_TRUE(spool_->empty());
  ASSERT_TRUE(spool_->append(3, "new"));
  open();
  EXPECT_EQ(waiting(), std::vector<std::string>{"new"});
}

TEST_F(SpoolTest, TornHeaderLeavesTheOneBefore) {
  ASSERT_TRUE(spool_->append(1, "one"));
  spool_->taken_in();
  ASSERT_TRUE(spool_->empty());  // writes slot B
  spool_.reset();
  std::string torn = bytes();
  std::fill_n(torn.begin() + kSpoolSlotB + 20, 100, '\0');
  overwrite(torn);
  open();
  EXPECT_EQ(waiting(), std::vector<std::string>{"one"});  // known to the store by its number
}

TEST_F(SpoolTest, FullSpoolRefusesAndStaysSound) {
  int kept = 0;
  while (spool_->append(kept + 1, std::string(5'000, 'x'))) ++kept;
  EXPECT_GT(kept, 5);
  EXPECT_TRUE(spool_->usable());
  open();
  EXPECT_EQ(spool_->waiting().size(), static_cast<std::size_t>(kept));
}

TEST_F(SpoolTest, FailedAppendIsNeverRepeatedAndDoesNotComeBack) {
  for (const FaultPoint fault : {FaultPoint::kSpoolWrite, FaultPoint::kSpoolSync}) {
    ASSERT_TRUE(spool_->append(1, "kept"));
    const auto before = waiting();
    fault_ = fault;
    EXPECT_FALSE(spool_->append(2, std::string(3'000, 'x')));
    EXPECT_FALSE(spool_->usable());
    EXPECT_FALSE(spool_->append(3, "not trusted"));
    EXPECT_FALSE(spool_->reopen());
    fault_.reset();
    ASSERT_TRUE(spool_->reopen());
    EXPECT_EQ(waiting(), before);
    open();
    EXPECT_EQ(waiting(), before);
  }
}

TEST_F(SpoolTest, RefusesOpenDirectoriesSecondProcessesAndForeignKeys) {
  const auto second = Spool::open(place(), *keys_, kSmall);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().detail.find("in use"), std::string::npos);
  ASSERT_TRUE(spool_->append(1, "one"));
  spool_.reset();
  std::filesystem::permissions(place(), std::filesystem::perms{0750});
  EXPECT_NE(try_open().error().detail.find("chmod 700"), std::string::npos);
  std::filesystem::permissions(place(), std::filesystem::perms{0700});
  ASSERT_TRUE(KeyRing::create_file(directory_.path() / "other"));
  const auto other = KeyRing::load(directory_.path() / "other").value();
  const auto foreign = Spool::open(place(), *other, kSmall);
  ASSERT_FALSE(foreign);
  EXPECT_NE(foreign.error().detail.find("does not open with these keys"), std::string::npos);
  open();
  EXPECT_EQ(waiting(), std::vector<std::string>{"one"});
}

}  // namespace
}  // namespace kapok::storage
