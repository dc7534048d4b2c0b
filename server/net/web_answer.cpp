#include "net/web_answer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kapok::net {
namespace {

constexpr std::array<std::pair<unsigned, std::string_view>, 18> kReasons = {{
    {101, "Switching Protocols"},
    {200, "OK"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

}  // namespace

std::string_view reason_of(unsigned status) {
  const auto found = std::ranges::find(kReasons, status, &std::pair<unsigned, std::string_view>::first);
  return found == kReasons.end() ? "" : found->second;
}

WebAnswer refusal_answer(const WebRefused& refused) {
  WebAnswer answer;
  answer.status = refused.status;
  answer.headers = refused.headers;
  answer.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.text = std::string(reason_of(refused.status)) + "\n";
  answer.close_after = true;
  return answer;
}

}  // namespace kapok::net
