#include "storage/reply_table.h"

#include "storage/people_table.h"
#include "storage/session_table.h"
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
  /// With its worker.
  void put_session(std::int64_t id, Instant ended_at) {
    ASSERT_TRUE(write([=](Transaction& tx) -> Result<> {
                  WorkerRow worker;
                  worker.id = WorkerId{id};
                  worker.city = kCity;
                  worker.account = std::to_string(id);
                  worker.unit = UnitId{1};
                  if (auto saved = WorkerTable::save(tx, worker); !saved) return saved;
                  SessionRow row;
                  row.id = SessionId{id};
                  row.city = kCity;
                  row.worker = worker.id;
                  row.token_hash = std::to_string(id);
                  row.created_at = kNow;
                  row.expires_at = kNow + hours{30 * 24};
                  row.ended_at = ended_at;
                  return SessionTable::save(tx, row);
                }).result);
  }
  std::vector<std::int64_t> ended_sessions(Instant now) {
    std::vector<std::int64_t> sessions;
    read([&](ReadTransaction& tx) { sessions = ReplyTable::ended_sessions(tx, now, 10); });
    return sessions;
  }
  bool let_go_of_one() {
    bool more = false;
    EXPECT_TRUE(write([&](Transaction& tx) -> Result<> {
                  more = ReplyTable::let_go(tx, 1);
                  return Done{};
                }).result);
    return more;
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

TEST_F(ReplyTableTest, The4096HighestKeysStayHoweverOldAndTheNextOneBelowIsStale) {
  keep_all(1, 4'100, kNow);
  keep_all(4'101, 4'101, kNow + hours{25});
  // 4,101 keys: the five lowest are beyond the 4,096.
  EXPECT_EQ(find({1, 5}, "q").error().code, ErrorCode::kStaleRequest);
  EXPECT_TRUE(find({1, 6}, "q")->has_value());
  EXPECT_EQ(find({1, 1}, "another").error().code, ErrorCode::kStaleRequest);
  read([](ReadTransaction& tx) { EXPECT_EQ(ReplyTable::highest_sequence(tx, 1), 4'101); });
}

TEST_F(ReplyTableTest, KeysAreCountedNotTheNumbersBetweenThem) {
  // As kapokctl numbers them: microseconds of a clock.
  ASSERT_TRUE(keep({1, 1'000'000}, "q", "r"));
  ASSERT_TRUE(keep({1, 2'000'000}, "q", "r", kNow + hours{25}));
  EXPECT_TRUE(find({1, 1'000'000}, "q")->has_value());
  EXPECT_FALSE(find({1, 999}, "q")->has_value());
}

TEST_F(ReplyTableTest, AReplyStaysTwentyFourHoursAndNotASecondLess) {
  keep_all(1, 4'096, kNow);
  keep_all(4'097, 4'097, kNow + hours{24} - seconds{1});
  EXPECT_TRUE(find({1, 1}, "q")->has_value());
  keep_all(4'098, 4'098, kNow + hours{24});
  EXPECT_TRUE(find({1, 1}, "q")->has_value());
  keep_all(4'099, 4'099, kNow + hours{24} + seconds{1});
  EXPECT_EQ(find({1, 1}, "q").error().code, ErrorCode::kStaleRequest);
  EXPECT_EQ(find({1, 3}, "q").error().code, ErrorCode::kStaleRequest);
  EXPECT_TRUE(find({1, 4}, "q")->has_value());
}

TEST_F(ReplyTableTest, OneChangeLetsGoOf512RepliesAtMost) {
  keep_all(1, 6'000, kNow);
  keep_all(6'001, 6'001, kNow + hours{25});
  EXPECT_EQ(find({1, 512}, "q").error().code, ErrorCode::kStaleRequest);
  EXPECT_TRUE(find({1, 513}, "q")->has_value());
  keep_all(6'002, 6'010, kNow + hours{25});
  EXPECT_EQ(find({1, 1'914}, "q").error().code, ErrorCode::kStaleRequest);
  EXPECT_TRUE(find({1, 1'915}, "q")->has_value());
}

TEST_F(ReplyTableTest, WhatWasLetGoNeverComesBack) {
  keep_all(1, 4'200, kNow);
  keep_all(4'201, 4'201, kNow + hours{25});
  ASSERT_EQ(find({1, 100}, "q").error().code, ErrorCode::kStaleRequest);
  // A reply below the highest, kept late, moves nothing backwards.
  ASSERT_TRUE(keep({1, 4'000'000}, "q", "r", kNow + hours{25}));
  ASSERT_TRUE(keep({1, 3'999'999}, "q", "r", kNow + hours{25}));
  EXPECT_EQ(find({1, 100}, "q").error().code, ErrorCode::kStaleRequest);
  read([](ReadTransaction& tx) { EXPECT_EQ(ReplyTable::highest_sequence(tx, 1), 4'000'000); });
}

TEST_F(ReplyTableTest, RepliesOfAnEndedSessionGoADayLaterStepByStep) {
  put_session(1, kNow);
  put_session(2, {});
  keep_all(1, 600, kNow);
  ASSERT_TRUE(keep({2, 1}, "q", "r"));
  EXPECT_TRUE(ended_sessions(kNow + hours{24}).empty());
  EXPECT_EQ(ended_sessions(kNow + hours{24} + seconds{1}), std::vector<std::int64_t>{1});
  EXPECT_TRUE(let_go_of_one());
  EXPECT_FALSE(find({1, 512}, "q")->has_value());
  EXPECT_TRUE(find({1, 513}, "q")->has_value());
  EXPECT_FALSE(let_go_of_one());
  EXPECT_FALSE(find({1, 600}, "q")->has_value());
  EXPECT_TRUE(ended_sessions(kNow + hours{25}).empty());
  EXPECT_TRUE(find({2, 1}, "q")->has_value());
}

TEST_F(ReplyTableTest, SkippedNumberInsideTheWindowIsNew) {
  ASSERT_TRUE(keep({1, 10}, "q", "r"));
  EXPECT_FALSE(find({1, 9}, "q")->has_value());
}

}  // namespace
}  // namespace kapok::storage
