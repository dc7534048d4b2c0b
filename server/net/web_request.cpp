#include "net/web_request.h"

#include <algorithm>
#include <cctype>

namespace kapok::net {
namespace {

constexpr std::size_t kSocketKeyChars = 24;  // 16 bytes as base64
constexpr std::string_view kBlank = " \t";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_socket_key(std::string_view key) {
  return key.size() == kSocketKeyChars && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, kSocketKeyChars - 2),
                             [](unsigned char sign) { return std::isalnum(sign) != 0 || sign == '+' || sign == '/'; });
}

WebRefused not_ours(unsigned status, WebHeaders headers = {}) {
  return {status, WebRefusal::kNotOurs, std::move(headers)};
}

std::optional<WebRefused> judge_form(const WebRequest& request) {
  if (!request.http_1_1) return not_ours(505);
  const bool is_path = request.target.starts_with('/') && std::ranges::all_of(request.target, [](unsigned char sign) {
                         return sign > 0x20 && sign < 0x7f;
                       });
  if (request.malformed || !is_path) return WebRefused{};
  if (request.expects) return not_ours(417);
  return std::nullopt;
}

std::optional<WebRefused> judge_session(const WebRequest& request, const WebOrigins& origins) {
  if (request.method != "POST") return not_ours(405, {{"Allow", "POST"}});
  if (!origins.allows(request.origin)) return WebRefused{403, WebRefusal::kForeignOrigin};
  if (request.content_type != kFrameType) return not_ours(415);
  return std::nullopt;
}

std::optional<WebRefused> judge_reading(const WebRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") return not_ours(405, {{"Allow", "GET, HEAD"}});
  if (request.has_body) return WebRefused{};
  return std::nullopt;
}

}  // namespace

std::string_view WebRequest::path() const { return std::string_view(target).substr(0, target.find('?')); }

WebJudgement judge(const WebRequest& request, const WebOrigins& origins) {
  if (auto refused = judge_form(request)) return {WebRoute::kFile, std::move(refused)};
  const std::string_view path = request.path();
  if (path == kSocketPath) return {WebRoute::kSocket, judge_upgrade(request, origins)};
  if (path == kSessionPath) return {WebRoute::kSession, judge_session(request, origins)};
  return {path == kHealthPath ? WebRoute::kHealth : WebRoute::kFile, judge_reading(request)};
}

std::optional<WebRefused> judge_upgrade(const WebRequest& request, const WebOrigins& origins) {
  if (request.method != "GET") return not_ours(405, {{"Allow", "GET"}});
  if (!request.upgrade) return not_ours(426, {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}});
  if (request.socket_version != "13") return not_ours(426, {{"Sec-WebSocket-Version", "13"}});
  if (!is_socket_key(request.socket_key) || request.has_body) return WebRefused{};
  if (!origins.allows(request.origin)) return WebRefused{403, WebRefusal::kForeignOrigin};
  if (!lists_token(request.subprotocols, kWebSubprotocol)) return not_ours(400);
  return std::nullopt;
}

bool lists_token(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (equal_ignoring_case(trimmed(list.substr(0, comma)), wanted)) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

std::optional<std::string> cookie_value(std::string_view cookies, std::string_view name) {
  std::optional<std::string> found;
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    const std::string_view pair = trimmed(cookies.substr(0, end));
    cookies.remove_prefix(end == std::string_view::npos ? cookies.size() : end + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (found) return std::nullopt;
    found = std::string(pair.substr(equals + 1));
  }
  return found;
}

}  // namespace kapok::net
