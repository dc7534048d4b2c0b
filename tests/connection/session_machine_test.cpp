#include "connection/session_machine.h"

#include <gtest/gtest.h>

namespace kapok::connection {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Do = SessionMachine::Verdict::Do;
using Stage = SessionMachine::Stage;

class SessionMachineTest : public testing::Test {
 protected:
  SessionMachine::Verdict ask(api::RequestBody body) {
    api::Request request;
    request.id = ++id_;
    request.body = std::move(body);
    return machine_.on_request(request, now_);
  }
  std::optional<CloseWhy> answer(Result<api::ReplyBody> body) {
    return machine_.on_reply({id_, std::move(body)}, now_);
  }
  bool carried(api::RequestBody body) { return ask(std::move(body)).what == Do::kCarry; }

  void sign_in(Role role = Role::kWorker) {
    ASSERT_TRUE(carried(api::SignIn{}));
    api::SignedIn signed_in;
    signed_in.roles.push_back({role, UnitId(1), ""});
    ASSERT_EQ(answer(api::ReplyBody(signed_in)), std::nullopt);
    ASSERT_EQ(machine_.stage(), Stage::kSignedIn);
  }

  /// Requests that are carried and answered at once, until one is not carried.
  int served_in_a_row() {
    for (int served = 0;; ++served) {
      if (ask(api::ListDrafts{}).what != Do::kCarry) return served;
      EXPECT_EQ(answer(api::ReplyBody(Done{})), std::nullopt);
    }
  }

  Limits limits_;
  NetTime now_{seconds(1000)};
  SessionMachine machine_{limits_, now_};
  std::uint64_t id_ = 0;
};

TEST_F(SessionMachineTest, BeforeSignInOnlyTheGreetingIsCarried) {
  EXPECT_TRUE(carried(api::Hello{}));
  const auto verdict = ask(api::TakeDuty{});
  EXPECT_EQ(verdict.what, Do::kRefuse);
  EXPECT_EQ(verdict.code, ErrorCode::kNotSignedIn);
}

TEST_F(SessionMachineTest, TheFourthFrameBeforeSignInEndsTheConnection) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(carried(api::SignIn{}));
  const auto verdict = ask(api::SignIn{});
  EXPECT_EQ(verdict.what, Do::kRefuseAndClose);
  EXPECT_EQ(verdict.why, CloseWhy::kGreetingTooLong);
}

TEST_F(SessionMachineTest, AStrangerMaySend4096BytesAndNotOneMore) {
  EXPECT_EQ(machine_.on_bytes(4096, now_), std::nullopt);
  EXPECT_EQ(machine_.on_bytes(1, now_), CloseWhy::kGreetingTooLong);
}

TEST_F(SessionMachineTest, AfterSignInBytesAreNotCounted) {
  sign_in();
  EXPECT_EQ(machine_.on_bytes(1 << 20, now_), std::nullopt);
}

TEST_F(SessionMachineTest, AStrangerHasTenSecondsHoweverBusyHeIs) {
  EXPECT_EQ(machine_.on_bytes(1, now_ + seconds(9)), std::nullopt);
  EXPECT_EQ(machine_.deadline().at, now_ + seconds(10));
  EXPECT_EQ(machine_.deadline().why, CloseWhy::kGreetingTooSlow);
}

TEST_F(SessionMachineTest, ASignedInClientIsIdleAfter35SecondsAndADeskAfter15) {
  sign_in();
  EXPECT_EQ(machine_.on_bytes(1, now_ + seconds(3)), std::nullopt);
  EXPECT_EQ(machine_.deadline().at, now_ + seconds(38));
  EXPECT_TRUE(carried(api::OpenDesk{}));
  EXPECT_EQ(machine_.deadline().at, now_ + seconds(18));
  EXPECT_EQ(machine_.deadline().why, CloseWhy::kIdle);
}

TEST_F(SessionMachineTest, APersonHas60RequestsAtOnceAnd20ASecond) {
  sign_in();
  EXPECT_EQ(served_in_a_row(), 60);
  now_ += milliseconds(500);
  EXPECT_EQ(served_in_a_row(), 10);
}

TEST_F(SessionMachineTest, AGatewayHasTwoThousandASecond) {
  sign_in(Role::kGateway);
  EXPECT_EQ(served_in_a_row(), 4000);
  now_ += milliseconds(500);
  EXPECT_EQ(served_in_a_row(), 1000);
}

TEST_F(SessionMachineTest, ARefusedRequestIsToldToComeBackLater) {
  sign_in();
  served_in_a_row();
  const auto verdict = ask(api::ListDrafts{});
  EXPECT_EQ(verdict.what, Do::kRefuse);
  EXPECT_EQ(verdict.code, ErrorCode::kRetryAfter);
}

TEST_F(SessionMachineTest, AClientThatIgnoresAWholeBurstOfRefusalsIsDisconnected) {
  sign_in();
  served_in_a_row();
  int refused = 1;
  auto verdict = ask(api::ListDrafts{});
  for (; verdict.what == Do::kRefuse; ++refused) verdict = ask(api::ListDrafts{});
  EXPECT_EQ(refused, 60);
  EXPECT_EQ(verdict.what, Do::kRefuseAndClose);
  EXPECT_EQ(verdict.why, CloseWhy::kTooManyRequests);
}

TEST_F(SessionMachineTest, UnansweredRequestsAreBounded) {
  sign_in();
  for (int i = 0; i < 32; ++i) EXPECT_TRUE(carried(api::ListDrafts{}));
  EXPECT_EQ(ask(api::ListDrafts{}).code, ErrorCode::kRetryAfter);
  EXPECT_EQ(answer(api::ReplyBody(Done{})), std::nullopt);
  EXPECT_TRUE(carried(api::ListDrafts{}));
}

TEST_F(SessionMachineTest, ARefusedVersionEndsTheConnectionAfterTheReply) {
  EXPECT_TRUE(carried(api::Hello{}));
  EXPECT_EQ(answer(Error{ErrorCode::kVersionNotSupported, ""}), CloseWhy::kVersionRefused);
}

TEST_F(SessionMachineTest, AWrongPasswordLeavesTheStageAndTheConnection) {
  EXPECT_TRUE(carried(api::SignIn{}));
  EXPECT_EQ(answer(Error{ErrorCode::kWrongCredentials, ""}), std::nullopt);
  EXPECT_EQ(machine_.stage(), Stage::kGreeting);
}

TEST_F(SessionMachineTest, SigningOutEndsTheConnectionAfterItsReply) {
  sign_in();
  EXPECT_TRUE(carried(api::SignOut{}));
  EXPECT_EQ(answer(api::ReplyBody(Done{})), CloseWhy::kSignedOut);
}

TEST_F(SessionMachineTest, ABadFrameAlwaysEndsTheConnection) {
  sign_in();
  EXPECT_EQ(machine_.on_bad_frame(ErrorCode::kBadFrame).why, CloseWhy::kBadFrame);
  EXPECT_EQ(machine_.on_bad_frame(ErrorCode::kFrameTooLarge).why, CloseWhy::kFrameTooLarge);
  EXPECT_EQ(machine_.on_bad_frame(ErrorCode::kBadFrame).what, Do::kRefuseAndClose);
}

TEST_F(SessionMachineTest, AChangeWithoutItsIdempotencyKeyIsRefused) {
  sign_in();
  EXPECT_EQ(ask(api::TakeDuty{}).code, ErrorCode::kMissingKey);
  EXPECT_EQ(machine_.in_flight(), 0U);
}

TEST_F(SessionMachineTest, FramesThatHoldNoRequestCountLikeRequests) {
  sign_in();
  for (int i = 0; i < 60; ++i)
    EXPECT_EQ(machine_.on_unreadable(ErrorCode::kTextTooLong, now_).code, ErrorCode::kTextTooLong);
  EXPECT_EQ(machine_.on_unreadable(ErrorCode::kTextTooLong, now_).code, ErrorCode::kRetryAfter);
}

TEST_F(SessionMachineTest, WhileClosingNothingIsCarried) {
  sign_in();
  machine_.on_closing();
  EXPECT_EQ(ask(api::ListDrafts{}).what, Do::kIgnore);
  EXPECT_EQ(machine_.on_bad_frame(ErrorCode::kBadFrame).what, Do::kIgnore);
}

}  // namespace
}  // namespace kapok::connection
