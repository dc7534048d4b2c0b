#include "storage/change_table.h"

#include "storage/change_record.h"
#include "storage/state_table.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class ChangeTableTest : public StoreTest {
 protected:
  void put(const std::string& key, Instant at = kNow) {
    ASSERT_TRUE(
        write([key](Transaction& tx) -> Result<> { return write_state_value(tx, key, "v"), Done{}; }, at).result);
  }
  std::vector<KeptChange> from(std::int64_t after, std::int64_t limit = 100) {
    std::vector<KeptChange> found;
    read([&](ReadTransaction& tx) { found = ChangeTable::from(tx, after, limit).value(); });
    return found;
  }
  std::int64_t last_seq() {
    std::int64_t seq = 0;
    read([&](ReadTransaction& tx) { seq = ChangeTable::last_seq(tx); });
    return seq;
  }
};

TEST_F(ChangeTableTest, EveryBatchIsKeptWithWhatItChanged) {
  put("a");
  put("b", kNow + seconds{1});
  const auto kept = from(0);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[1].seq, 2);
  EXPECT_EQ(kept[1].at, kNow + seconds{1});
  const auto record = decode_change_record(kept[1].record);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->seq, 2);
  EXPECT_EQ(record->city, kCity);
  ASSERT_EQ(record->changes.size(), 1u);
  EXPECT_EQ(record->changes[0].values, (Values{Cell("b"), Cell("v")}));
  EXPECT_EQ(record->changes[0].touched, 1);
}

TEST_F(ChangeTableTest, RefusedRequestLeavesNoTrace) {
  ASSERT_FALSE(write([](Transaction& tx) -> Result<> {
                 write_state_value(tx, "half", "v");
                 return Error{ErrorCode::kForbidden, {}};
               }).result);
  EXPECT_EQ(last_seq(), 0);
  put("a");
  EXPECT_EQ(last_seq(), 1);
}

TEST_F(ChangeTableTest, NumbersGoOnAfterARestart) {
  put("a");
  reopen();
  put("b");
  EXPECT_EQ(from(1).at(0).seq, 2);
}

TEST_F(ChangeTableTest, PruningKeepsTheNewestRowAndSoTheNumber) {
  put("a");
  put("b");
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> { return ChangeTable::prune_up_to(tx, 99), Done{}; }).result);
  const auto kept = from(0);
  ASSERT_EQ(kept.size(), 2u);  // the newest then, and the pruning itself
  EXPECT_EQ(kept[0].seq, 2);
  EXPECT_EQ(kept[1].seq, 3);
  reopen();
  put("c");
  EXPECT_EQ(last_seq(), 4);
}

TEST_F(ChangeTableTest, PageEndsAtItsLimit) {
  for (const char* key : {"a", "b", "c"}) put(key);
  EXPECT_EQ(from(0, 2).size(), 2u);
  EXPECT_EQ(from(2, 2).size(), 1u);
  EXPECT_TRUE(from(3, 2).empty());
}

TEST_F(ChangeTableTest, RecordIsSealedAndBoundToItsNumber) {
  put("visible");
  put("other");
  read([](ReadTransaction& tx) {
    EXPECT_EQ(tx.connection().text_of("SELECT COUNT(*) FROM change WHERE record LIKE '%visible%'"), "0");
  });
  tamper("UPDATE change SET record = (SELECT record FROM change WHERE seq = 1) WHERE seq = 2");
  read([](ReadTransaction& tx) {
    EXPECT_EQ(ChangeTable::from(tx, 0, 10).error(), (Error{ErrorCode::kRowDamaged, "change 2"}));
    EXPECT_EQ(ChangeTable::from(tx, 0, 1).value().size(), 1u);
  });
}

}  // namespace
}  // namespace kapok::storage
