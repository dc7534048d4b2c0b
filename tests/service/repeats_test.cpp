#include "service/repeats.h"

#include <gtest/gtest.h>

#include "service/city_fixture.h"

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
    repeats_.admit(asked, [this](const Asked& admitted) { carry_out(admitted); });
    return answer;
  }

  void carry_out(const Asked& asked) {
    ++carried_out_;
    if (refuse_) return asked->refuse(ErrorCode::kWrongState);
    Changes::Change change;
    change.apply = [](storage::Transaction&) -> Result<api::ReplyBody> { return api::ReplyBody{Done{}}; };
    city_.office().changes.save(asked, std::move(change));
  }

  const api::Reply& wait(const std::shared_ptr<Answer>& answer) {
    city_.run_until([&] { return answer->reply.has_value(); });
    return *answer->reply;
  }

  City city_;
  TestClient client_ = city_.connect(City::kAn);
  Repeats repeats_{city_.office()};
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

}  // namespace
}  // namespace kapok::service
