#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/message.h"
#include "net/entry_pass.h"
#include "net/web_answer.h"

/// POST /session: how a browser begins, takes up and ends a session. The body is one ClientFrame with SignIn,
/// SignInDevice, Resume or SignOut, the answer one ServerFrame with the same reply a native client would have, but for
/// the session token: that goes into a cookie which no script can read, and SignedIn carries an entry pass for the
/// WebSocket instead (reliability.md §3.3).
///
/// Resume and SignOut act on the session of the cookie and need its anti-forgery value in X-Kapok-Csrf. That value is a
/// digest of the session token in a second cookie, which a page of ours can read and repeat and no other page can.
namespace kapok::net {

inline constexpr std::string_view kSessionCookie = "__Host-kapok";
inline constexpr std::string_view kCsrfCookie = "__Host-kapok-csrf";
/// Frames of strangers are as small here as on the other port.
inline constexpr std::size_t kSessionBodyBytesMax = 4 * 1024;

/// What to ask of the service, in turn, or what to answer without asking.
struct SessionQuestion {
  std::vector<api::Request> requests = {};
  std::uint64_t request_id = 0;
  bool ends = false;          ///< the session is to end
  std::string session_token;  ///< of the cookie; empty when a session is to begin
  std::optional<WebAnswer> answer = {};
};
SessionQuestion read_session_request(const WebRequest& request, std::string_view body);

/// The answer to the browser for the service's last reply, with cookies and entry pass.
WebAnswer session_answer(const SessionQuestion& question, api::Reply reply, EntryPasses& passes, EntryPasses::Time now);

/// The anti-forgery value that belongs to a session.
std::string csrf_of(const std::string& session_token);

}  // namespace kapok::net
