#include "net/web_session.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <variant>

#include "core/check.h"
#include "protocol/codec.h"

namespace kapok::net {
namespace {

constexpr std::size_t kCookieCharsMax = 128;
constexpr std::string_view kCookieRules = "; Path=/; Secure; SameSite=Strict";
constexpr std::string_view kForgotten = "=; Path=/; Secure; SameSite=Strict; Max-Age=0";

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kCookieCharsMax && std::ranges::all_of(text, [](unsigned char sign) {
    return (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') || (sign >= 'a' && sign <= 'z') ||
           sign == '-' || sign == '_';
  });
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kWrongCredentials:
    case ErrorCode::kSecondFactorNeeded:
    case ErrorCode::kSessionEnded:
    case ErrorCode::kNotSignedIn:
      return 401;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kLockedOut:
    case ErrorCode::kRetryAfter:
      return 429;
    case ErrorCode::kStoreUnavailable:
    case ErrorCode::kStoreFull:
    case ErrorCode::kShuttingDown:
    case ErrorCode::kDeadlineExceeded:
      return 503;
    case ErrorCode::kInternal:
      return 500;
    default:
      return 400;
  }
}

WebAnswer frame_answer(const api::Reply& reply) {
  WebAnswer answer;
  if (!reply.body.ok()) answer.status = status_of(reply.body.error().code);
  if (answer.status == 429 || answer.status == 503) answer.headers.emplace_back("Retry-After", "1");
  answer.headers.emplace_back("Content-Type", kFrameType);
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.text = protocol::encode_reply(reply);
  return answer;
}

void set_cookies(WebAnswer& answer, const std::string& session_token) {
  const auto named = [](std::string_view name, std::string_view value) {
    return std::string(name) + "=" + std::string(value) + std::string(kCookieRules);
  };
  answer.headers.emplace_back("Set-Cookie", named(kSessionCookie, session_token) + "; HttpOnly");
  answer.headers.emplace_back("Set-Cookie", named(kCsrfCookie, csrf_of(session_token)));
}

void forget_cookies(WebAnswer& answer) {
  for (const std::string_view name : {kSessionCookie, kCsrfCookie})
    answer.headers.emplace_back("Set-Cookie", std::string(name) + std::string(kForgotten));
}

SessionQuestion refused(SessionQuestion question, ErrorCode code, std::string detail) {
  question.requests.clear();
  question.answer =
      frame_answer({question.request_id, Error{code, std::move(detail)}, api::Saved::kNothingToSave, false});
  return question;
}

// The session that the cookie names, taken up first; what was asked follows unless that was all.
SessionQuestion about_session(SessionQuestion question, const WebRequest& request, api::Request asked) {
  const auto token = cookie_value(request.cookie, kSessionCookie);
  if (!token || !is_token(*token)) return refused(std::move(question), ErrorCode::kSessionEnded, "no session cookie");
  if (!equal_secrets(request.csrf, csrf_of(*token)))
    return refused(std::move(question), ErrorCode::kForbidden, "X-Kapok-Csrf is not that of the session");
  question.session_token = *token;
  question.requests.push_back({asked.id, {}, api::Resume{*token}, {}});
  if (question.ends) question.requests.push_back(std::move(asked));
  return question;
}

}  // namespace

std::string csrf_of(const std::string& session_token) {
  constexpr std::string_view kPurpose = "kapok csrf";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  KAPOK_CHECK(HMAC(EVP_sha256(), session_token.data(), static_cast<int>(session_token.size()),
                   reinterpret_cast<const unsigned char*>(kPurpose.data()), kPurpose.size(), digest.data(),
                   &length) != nullptr);
  std::string text;
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (unsigned i = 0; i < length; ++i) text += {kDigits[digest[i] >> 4], kDigits[digest[i] & 0xf]};
  return text;
}

SessionQuestion read_session_request(const WebRequest& request, std::string_view body) {
  SessionQuestion question;
  auto decoded = protocol::decode_request(body);
  question.request_id = decoded.id;
  if (!decoded.request.ok())
    return refused(std::move(question), decoded.request.error().code, decoded.request.error().detail);
  api::Request asked = std::move(decoded.request).value();
  if (std::holds_alternative<api::SignIn>(asked.body) || std::holds_alternative<api::SignInDevice>(asked.body)) {
    question.requests.push_back(std::move(asked));
    return question;
  }
  question.ends = std::holds_alternative<api::SignOut>(asked.body);
  if (question.ends || std::holds_alternative<api::Resume>(asked.body))
    return about_session(std::move(question), request, std::move(asked));
  return refused(std::move(question), ErrorCode::kUnknownRequest, "ask this over the WebSocket");
}

WebAnswer session_answer(const SessionQuestion& question, api::Reply reply, EntryPasses& passes,
                         EntryPasses::Time now) {
  std::string token;
  if (reply.body.ok()) {
    if (auto* signed_in = std::get_if<api::SignedIn>(&reply.body.value())) {
      token = std::exchange(signed_in->session_token, {});
      signed_in->entry_pass = passes.issue(token, now);
    }
  }
  const bool over = question.ends || (!reply.body.ok() && reply.body.error().code == ErrorCode::kSessionEnded);
  WebAnswer answer = frame_answer(reply);
  if (!token.empty() && question.session_token.empty()) set_cookies(answer, token);
  if (over) forget_cookies(answer);
  return answer;
}

}  // namespace kapok::net
