#include "service/repeats.h"

#include <gtest/gtest.h>

#include <memory>

#include "service/city_fixture.h"
#include "storage/people_table.h"
#include "storage/reply_table.h"
#include "storage/session_table.h"

namespace kapok::service {
namespace {

/// Changes that write their reply and count how often they were carried out.
class RepeatsTest : public testing::Test {
 protected:
  struct Answer {
    std::optional<api::Reply> reply;
  };

  std::shared_ptr<Answer> ask(std::uint64_t key, std::string content, bool keyed = true) {
    auto answer = std::make_shared<Answer>();
    auto asked = std::make_shared<Question>();
    asked->connection = client_.connection;
    asked->session = client_.session;
    asked->request.id = ++last_request_;
    if (keyed) asked->request.key = key;
    asked->request.body = api::EndAfterCall{};
    asked->request.body_bytes = std::move(content);
    asked->now = city_.clock.now();
    asked->reply = [answer](api::Reply reply) { answer->reply = std::move(reply); };
    current_->admit(asked, [this](const Asked& admitted) { carry_out(admitted); });
    return answer;
  }

  void carry_out(const Asked& asked) {
    ++carried_out_;
    if (refuse_) return asked->refuse(ErrorCode::kWrongState);
    Changes::Change change;
    change.apply = [](storage::Transaction&) -> Result<api::ReplyBody> { return api::ReplyBody{Done{}}; };
    city_.office().changes.save(asked, std::move(change));
  }

  void store_session(SessionId id, Instant ended_at) {
    bool saved = false;
    city_.office().changes.save(
        storage::WriteClass::kCaseWork,
        [=](storage::Transaction& tx) -> Result<> {
          storage::WorkerRow worker;
          worker.id = City::kAn;
          worker.city = tx.city();
          worker.account = "stored";
          worker.unit = City::kStation;
          if (auto done = storage::WorkerTable::save(tx, worker); !done) return done;
          storage::SessionRow row;
          row.id = id;
          row.city = tx.city();
          row.worker = City::kAn;
          row.token_hash = "hash";
          row.created_at = tx.now();
          row.expires_at = tx.now() + hours{12};
          row.ended_at = ended_at;
          return storage::SessionTable::save(tx, row);
        },
        [&](const storage::WriteOutcome& outcome) {
          EXPECT_TRUE(outcome.result.ok());
          saved = true;
        });
    city_.run_until([&] { return saved; });
  }

  const api::Reply& wait(const std::shared_ptr<Answer>& answer) {
    city_.run_until([&] { return answer->reply.has_value(); });
    return *answer->reply;
  }

  City city_;
  TestClient client_ = city_.connect(City::kAn);
  Repeats repeats_{city_.office()};
  Repeats* current_ = &repeats_;
  std::uint64_t last_request_ = 0;
  int carried_out_ = 0;
  bool refuse_ = false;
};

TEST_F(RepeatsTest, AChangeWithoutAKeyIsRefused) {
  EXPECT_EQ(City::refusal(wait(ask(0, "a", false))), ErrorCode::kMissingKey);
  EXPECT_EQ(carried_out_, 0);
}

TEST_F(RepeatsTest, ARepeatHearsTheStoredFirstAnswerAndNothingHappensTwice) {
  EXPECT_TRUE(wait(ask(1, "a")).body.ok());
  const api::Reply again = wait(ask(1, "a"));
  ASSERT_TRUE(again.body.ok());
  EXPECT_TRUE(std::holds_alternative<api::Stored>(*again.body));
  EXPECT_EQ(carried_out_, 1);
}

TEST_F(RepeatsTest, ARepeatWhileTheFirstIsUnderWayGetsItsAnswer) {
  const auto first = ask(1, "a");
  const auto second = ask(1, "a");
  EXPECT_TRUE(wait(first).body.ok());
  EXPECT_TRUE(wait(second).body.ok());
  EXPECT_EQ(carried_out_, 1);
}

TEST_F(RepeatsTest, AKeyUsedForOtherContentIsRefused) {
  wait(ask(1, "a"));
  EXPECT_EQ(City::refusal(wait(ask(1, "b"))), ErrorCode::kKeyReused);
  const auto first = ask(2, "a");
  EXPECT_EQ(City::refusal(wait(ask(2, "b"))), ErrorCode::kKeyReused);
  EXPECT_TRUE(wait(first).body.ok());
  EXPECT_EQ(carried_out_, 2);
}

TEST_F(RepeatsTest, ARefusedRequestChangedNothingAndMayBeAskedAgain) {
  refuse_ = true;
  EXPECT_EQ(City::refusal(wait(ask(1, "a"))), ErrorCode::kWrongState);
  refuse_ = false;
  EXPECT_TRUE(wait(ask(1, "a")).body.ok());
  EXPECT_EQ(carried_out_, 2);
}

TEST_F(RepeatsTest, KeysOfTwoSessionsDoNotMeet) {
  wait(ask(1, "a"));
  client_ = city_.connect(City::kBai);
  EXPECT_TRUE(wait(ask(1, "b")).body.ok());
  EXPECT_EQ(carried_out_, 2);
}

/// The session as a new process reads it back.
class RepeatsAfterARestart : public RepeatsTest {
 protected:
  void restart() {
    const auto highest = city_.stored<std::int64_t>([&](storage::ReadTransaction& tx) {
      return storage::ReplyTable::highest_sequence(tx, client_.session->id.value);
    });
    client_.session->last_key = static_cast<std::uint64_t>(highest);
    after_ = std::make_unique<Repeats>(city_.office());
    current_ = after_.get();
  }
  std::unique_ptr<Repeats> after_;
};

TEST_F(RepeatsAfterARestart, WhatWasSavedAndNotHeardIsRepeatedAndNotDoneAgain) {
  wait(ask(1, "a"));
  restart();
  EXPECT_EQ(client_.session->last_key, 1u);
  EXPECT_TRUE(std::holds_alternative<api::Stored>(*wait(ask(1, "a")).body));
  EXPECT_EQ(City::refusal(wait(ask(1, "b"))), ErrorCode::kKeyReused);
  EXPECT_EQ(carried_out_, 1);
}

TEST_F(RepeatsAfterARestart, AKeyThatWasRefusedLastIsCarriedOutWhenItIsAskedAgain) {
  wait(ask(1, "a"));
  refuse_ = true;
  wait(ask(2, "b"));
  restart();
  EXPECT_EQ(client_.session->last_key, 1u);
  refuse_ = false;
  EXPECT_TRUE(wait(ask(2, "b")).body.ok());
  EXPECT_TRUE(std::holds_alternative<api::Stored>(*wait(ask(2, "b")).body));
  EXPECT_EQ(carried_out_, 3);
}

TEST_F(RepeatsAfterARestart, AKeyBelowOneThatWasSavedIsCarriedOutOnce) {
  // 5 was under way when the server died, 6 was saved.
  wait(ask(6, "later"));
  restart();
  EXPECT_TRUE(wait(ask(5, "earlier")).body.ok());
  EXPECT_TRUE(std::holds_alternative<api::Stored>(*wait(ask(5, "earlier")).body));
  EXPECT_EQ(carried_out_, 2);
}

TEST_F(RepeatsAfterARestart, AKeyThatWasLetGoOfIsStale) {
  for (std::uint64_t key = 1; key <= 4'096; ++key) ask(key, "a");
  wait(ask(4'097, "a"));
  city_.clock.move(hours{24} + seconds{1});
  wait(ask(4'098, "a"));
  restart();
  const int before = carried_out_;
  EXPECT_EQ(City::refusal(wait(ask(2, "a"))), ErrorCode::kStaleRequest);
  EXPECT_TRUE(std::holds_alternative<api::Stored>(*wait(ask(3, "a")).body));
  EXPECT_EQ(carried_out_, before);
}

TEST_F(RepeatsTest, RepliesOfSessionsThatEndedADayAgoAreTidiedAway) {
  wait(ask(1, "a"));
  const SessionId session = client_.session->id;
  const auto left = [&] {
    return city_.stored<bool>([&](storage::ReadTransaction& tx) {
      return storage::ReplyTable::find(tx, {session.value, 1}, "a").value().has_value();
    });
  };
  store_session(session, city_.clock.now());
  repeats_.start();
  city_.settle();
  EXPECT_TRUE(left());
  city_.clock.move(hours{24} + seconds{1});
  Repeats later(city_.office());
  later.start();
  city_.run_until([&] { return !left(); });
}

}  // namespace
}  // namespace kapok::service
