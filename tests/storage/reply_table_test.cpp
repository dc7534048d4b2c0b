#include "storage/reply_table.h"

#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class ReplyTableTest : public StoreTest {
 protected:
  Result<> keep(RequestKey key, std::string request, std::string reply, Instant at = kNow) {
    return write([=](Transaction& tx) { return ReplyTable::keep(tx, key, request, reply); }, at).result;
  }
  Result<std::optional<std::string>> find(RequestKey key, std::string request) {
    Result<std::optional<std::string>> found = ErrorCode::kInternal;
    read([&](ReadTransaction& tx) { found = ReplyTable::find(tx, key, request); });
    return found;
  }
  void keep_all(std::int64_t from, std::int64_t to, Instant at) {
    ASSERT_TRUE(write(
                    [=](Transaction& tx) -> Result<> {
                      for (std::int64_t sequence = from; sequence <= to; ++sequence)
                        if (auto kept = ReplyTable::keep(tx, {1, sequence}, "q", "r"); !kept) return kept;
                      return Done{};
                    },
                    at)
                    .result);
  }
};

TEST_F(ReplyTableTest, NewKeyHasNoReply) {
  const auto found = find({1, 1}, "accept 7");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
}

TEST_F(ReplyTableTest, RepeatHearsTheFirstAnswerAlsoAfterARestart) {
  ASSERT_TRUE(keep({1, 1}, "accept 7", "connected"));
  reopen();
  EXPECT_EQ(find({1, 1}, "accept 7").value(), "connected");
}

TEST_F(ReplyTableTest, SameKeyWithOtherContentIsRefused) {
  ASSERT_TRUE(keep({1, 1}, "accept 7", "connected"));
  EXPECT_EQ(find({1, 1}, "accept 8").error().code, ErrorCode::kKeyReused);
  EXPECT_EQ(keep({1, 1}, "accept 7", "other").error().code, ErrorCode::kKeyReused);
}

TEST_F(ReplyTableTest, SessionsDoNotShareKeys) {
  ASSERT_TRUE(keep({1, 1}, "accept 7", "connected"));
  EXPECT_FALSE(find({2, 1}, "accept 7")->has_value());
}

TEST_F(ReplyTableTest, ReplyMovedToAnotherKeyDoesNotOpen) {
  ASSERT_TRUE(keep({1, 1}, "q", "for one"));
  ASSERT_TRUE(keep({2, 1}, "q", "for two"));
  tamper("UPDATE reply SET reply = (SELECT reply FROM reply WHERE session_id = 1) WHERE session_id = 2");
  EXPECT_EQ(find({2, 1}, "q").error().code, ErrorCode::kRowDamaged);
}

TEST_F(ReplyTableTest, EmptyReplyIsAReply) {
  ASSERT_TRUE(keep({1, 1}, "q", ""));
  EXPECT_EQ(find({1, 1}, "q").value(), "");
}

TEST_F(ReplyTableTest, YoungRepliesStayHoweverMany) {
  keep_all(1, 4'200, kNow);
  EXPECT_TRUE(find({1, 1}, "q")->has_value());
}

TEST_F(ReplyTableTest, OldRepliesBeyondTheWindowAreStaleNeverNew) {
  keep_all(1, 4'100, kNow);
  keep_all(4'101, 4'101, kNow + hours{25});
  EXPECT_EQ(find({1, 5}, "q").error().code, ErrorCode::kStaleRequest);
  EXPECT_TRUE(find({1, 6}, "q")->has_value());
  EXPECT_EQ(find({1, 1}, "another").error().code, ErrorCode::kStaleRequest);
  read([](ReadTransaction& tx) { EXPECT_EQ(ReplyTable::highest_sequence(tx, 1), 4'101); });
}

TEST_F(ReplyTableTest, SkippedNumberInsideTheWindowIsNew) {
  ASSERT_TRUE(keep({1, 10}, "q", "r"));
  EXPECT_FALSE(find({1, 9}, "q")->has_value());
}

}  // namespace
}  // namespace kapok::storage
