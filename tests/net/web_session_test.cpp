#include "net/web_session.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kapok/v1/frame.pb.h"

namespace kapok::net {
namespace {

const EntryPasses::Time kNow{std::chrono::hours(1)};
const std::string kToken(43, 'a');

WebRequest with_cookie(const std::string& csrf = csrf_of(kToken)) {
  WebRequest request;
  request.cookie = "lang=zh; __Host-kapok=" + kToken + "; __Host-kapok-csrf=" + csrf_of(kToken);
  request.csrf = csrf;
  return request;
}

std::string body(v1::ClientFrame frame) {
  frame.set_request_id(7);
  return frame.SerializeAsString();
}

std::string resume() {
  v1::ClientFrame frame;
  frame.mutable_resume();
  return body(frame);
}

std::string sign_out() {
  v1::ClientFrame frame;
  frame.mutable_sign_out();
  return body(frame);
}

api::Reply signed_in() {
  api::SignedIn reply;
  reply.session = SessionId(1);
  reply.worker = WorkerId(1);
  reply.session_token = kToken;
  return {7, api::ReplyBody(reply), api::Saved::kStore, false};
}

std::string code_of(const WebAnswer& answer) {
  v1::ServerFrame frame;
  EXPECT_TRUE(frame.ParseFromString(answer.text));
  return frame.reply().error().code();
}

std::vector<std::string> cookies(const WebAnswer& answer) {
  std::vector<std::string> set;
  for (const auto& [name, value] : answer.headers)
    if (name == "Set-Cookie") set.push_back(value);
  return set;
}

TEST(WebSession, SigningInIsAskedAsItCame) {
  v1::ClientFrame frame;
  frame.mutable_sign_in()->set_account("chen");
  frame.mutable_sign_in()->set_password("secret");
  const auto question = read_session_request(WebRequest{}, body(frame));
  ASSERT_EQ(question.requests.size(), 1U);
  EXPECT_EQ(std::get<api::SignIn>(question.requests[0].body).account, "chen");
  EXPECT_FALSE(question.answer);
}

TEST(WebSession, SignedInPutsTheTokenIntoACookieAndAPassIntoTheAnswer) {
  EntryPasses passes;
  const WebAnswer answer = session_answer({}, signed_in(), passes, kNow);
  v1::ServerFrame frame;
  ASSERT_TRUE(frame.ParseFromString(answer.text));
  EXPECT_EQ(frame.reply().signed_in().session_token(), "");
  EXPECT_EQ(passes.redeem(frame.reply().signed_in().entry_pass(), kNow), kToken);
  EXPECT_EQ(answer.text.find(kToken), std::string::npos);
  const std::vector<std::string> expected = {
      "__Host-kapok=" + kToken + "; Path=/; Secure; SameSite=Strict; HttpOnly",
      "__Host-kapok-csrf=" + csrf_of(kToken) + "; Path=/; Secure; SameSite=Strict"};
  EXPECT_EQ(cookies(answer), expected);
}

TEST(WebSession, IsTakenUpByItsCookieAndAntiForgeryValue) {
  const auto question = read_session_request(with_cookie(), resume());
  ASSERT_EQ(question.requests.size(), 1U);
  EXPECT_EQ(std::get<api::Resume>(question.requests[0].body).session_token, kToken);
  EntryPasses passes;
  const WebAnswer answer = session_answer(question, signed_in(), passes, kNow);
  EXPECT_TRUE(cookies(answer).empty());
  EXPECT_EQ(passes.held(), 1U);
}

TEST(WebSession, ATokenInTheBodyIsNotLookedAt) {
  v1::ClientFrame frame;
  frame.mutable_resume()->set_session_token(kToken);
  frame.mutable_resume()->set_entry_pass("pass");
  const auto question = read_session_request(WebRequest{}, body(frame));
  ASSERT_TRUE(question.answer);
  EXPECT_EQ(code_of(*question.answer), "SESSION_ENDED");
}

TEST(WebSession, WithoutItsAntiForgeryValueNothingIsAsked) {
  std::string almost = csrf_of(kToken);
  almost.back() = almost.back() == '0' ? '1' : '0';
  for (const std::string& csrf : {std::string(), almost, csrf_of(kToken) + "0", csrf_of("other"), kToken}) {
    for (const std::string& asked : {resume(), sign_out()}) {
      const auto question = read_session_request(with_cookie(csrf), asked);
      ASSERT_TRUE(question.answer);
      EXPECT_EQ(question.answer->status, 403U);
      EXPECT_TRUE(question.requests.empty());
    }
  }
}

TEST(WebSession, ACookieThatIsNoTokenIsNoSession) {
  for (const std::string& value : {std::string(), std::string("a b"), std::string("a\"b"), std::string(129, 'a')}) {
    WebRequest request;
    request.cookie = "__Host-kapok=" + value;
    request.csrf = csrf_of(value);
    const auto question = read_session_request(request, resume());
    ASSERT_TRUE(question.answer);
    EXPECT_EQ(question.answer->status, 401U) << value;
  }
}

TEST(WebSession, SigningOutTakesTheSessionUpEndsItAndForgetsTheCookies) {
  const auto question = read_session_request(with_cookie(), sign_out());
  ASSERT_EQ(question.requests.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<api::Resume>(question.requests[0].body));
  EXPECT_TRUE(std::holds_alternative<api::SignOut>(question.requests[1].body));
  EntryPasses passes;
  const WebAnswer answer = session_answer(question, {7, api::ReplyBody(Done{})}, passes, kNow);
  ASSERT_EQ(cookies(answer).size(), 2U);
  for (const std::string& cookie : cookies(answer)) EXPECT_TRUE(cookie.ends_with("Max-Age=0")) << cookie;
}

TEST(WebSession, ASessionThatHasEndedIsForgotten) {
  EntryPasses passes;
  const auto question = read_session_request(with_cookie(), resume());
  const WebAnswer answer = session_answer(question, {7, Error{ErrorCode::kSessionEnded, ""}}, passes, kNow);
  EXPECT_EQ(answer.status, 401U);
  EXPECT_EQ(cookies(answer).size(), 2U);
  EXPECT_EQ(passes.held(), 0U);
}

TEST(WebSession, ErrorsKeepTheirCodeBehindAStatusOfHttp) {
  const std::pair<ErrorCode, unsigned> expected[] = {
      {ErrorCode::kWrongCredentials, 401}, {ErrorCode::kSecondFactorNeeded, 401}, {ErrorCode::kLockedOut, 429},
      {ErrorCode::kRetryAfter, 429},       {ErrorCode::kStoreUnavailable, 503},   {ErrorCode::kInvalidArgument, 400}};
  for (const auto& [code, status] : expected) {
    EntryPasses passes;
    const WebAnswer answer = session_answer({}, {7, Error{code, ""}}, passes, kNow);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(code_of(answer), name_of(code));
    EXPECT_TRUE(cookies(answer).empty());
  }
}

TEST(WebSession, AnythingElseBelongsOnTheWebSocket) {
  v1::ClientFrame frame;
  frame.mutable_find_units()->set_text("沙面");
  const auto question = read_session_request(with_cookie(), body(frame));
  ASSERT_TRUE(question.answer);
  EXPECT_EQ(code_of(*question.answer), "UNKNOWN_REQUEST");
  EXPECT_EQ(read_session_request(WebRequest{}, "\xff\xff").answer->status, 400U);
}

}  // namespace
}  // namespace kapok::net
