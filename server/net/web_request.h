#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/enum_names.h"
#include "net/web_headers.h"
#include "net/web_origins.h"

/// What is done with an HTTP request, decided from its header alone. Knows no socket and no library of HTTP.
namespace kapok::net {

/// The protocol spoken over the WebSocket, with its version; a page names it when it connects.
inline constexpr std::string_view kWebSubprotocol = "kapok.v1";
inline constexpr std::string_view kSocketPath = "/ws";
inline constexpr std::string_view kSessionPath = "/session";
inline constexpr std::string_view kHealthPath = "/health";
/// Bodies of POST /session are one ClientFrame; the answer is one ServerFrame.
inline constexpr std::string_view kFrameType = "application/x-protobuf";

/// The header of one request. Texts that were not sent are empty.
struct WebRequest {
  std::string method;
  std::string target;
  bool http_1_1 = true;
  /// A header we read stands twice, holds a control character, or there is no Host.
  bool malformed = false;
  bool has_body = false;
  bool expects = false;  ///< Expect: 100-continue and the like

  std::string origin;
  std::string cookie;
  std::string content_type;
  std::string csrf;  ///< X-Kapok-Csrf
  std::string accept_encoding;
  std::string if_none_match;

  bool upgrade = false;  ///< Connection: Upgrade and Upgrade: websocket
  std::string socket_version;
  std::string socket_key;
  std::string subprotocols;

  /// Without what follows a question mark.
  [[nodiscard]] std::string_view path() const;
};

/// Why a request is refused; the word that WEB_REQUEST_REFUSED logs.
enum class WebRefusal {
  kMalformed,
  kTooLarge,
  kTooSlow,
  kForeignOrigin,
  kNotOurs,  ///< path, method, type or version that is not served
  kNoSession,
};

struct WebRefused {
  unsigned status = 400;
  WebRefusal why = WebRefusal::kMalformed;
  WebHeaders headers = {};
};

enum class WebRoute { kSocket, kSession, kHealth, kFile };

/// Where the request goes, or why nowhere:
/// - every request: HTTP/1.1 (505), one Host, a path, no control characters (400), no Expect (417);
/// - /ws: judge_upgrade;
/// - /session: POST (405) of a frame (415) from an allowed origin (403);
/// - anything else: GET or HEAD (405) without a body (400).
struct WebJudgement {
  WebRoute route = WebRoute::kFile;
  std::optional<WebRefused> refused = {};
};
WebJudgement judge(const WebRequest& request, const WebOrigins& origins);

/// Whether the upgrade to WebSocket is granted: GET (405), an upgrade (426) of version 13 (426), a key of 16 bytes
/// (400), an allowed origin (403), our subprotocol among those named (400), no body (400).
std::optional<WebRefused> judge_upgrade(const WebRequest& request, const WebOrigins& origins);

/// Whether `wanted` stands in a comma-separated list of tokens, as in Sec-WebSocket-Protocol and Connection.
bool lists_token(std::string_view list, std::string_view wanted);

/// The value of one cookie; nothing when it is missing or stands twice.
std::optional<std::string> cookie_value(std::string_view cookies, std::string_view name);

}  // namespace kapok::net

template <>
inline constexpr kapok::EnumName<kapok::net::WebRefusal> kapok::kEnumNames<kapok::net::WebRefusal>[] = {
    {kapok::net::WebRefusal::kMalformed, "MALFORMED", "格式有误"},
    {kapok::net::WebRefusal::kTooLarge, "TOO_LARGE", "过大"},
    {kapok::net::WebRefusal::kTooSlow, "TOO_SLOW", "过慢"},
    {kapok::net::WebRefusal::kForeignOrigin, "FOREIGN_ORIGIN", "外来网页"},
    {kapok::net::WebRefusal::kNotOurs, "NOT_OURS", "不提供"},
    {kapok::net::WebRefusal::kNoSession, "NO_SESSION", "没有会话"},
};
