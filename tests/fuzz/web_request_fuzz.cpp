#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/web_visit.h"

/// Whatever a peer sends to the web port, and however it is cut into pieces: what comes back are whole answers of ours,
/// each with its strict headers, and the same ones for what is granted.

namespace {

using kapok::testing_fuzz::visit;

// Past the heads of answers; a body is as long as its head says.
void check_answers(std::string_view answers) {
  while (!answers.empty()) {
    KAPOK_CHECK(answers.starts_with("HTTP/1.1 "));
    const auto end = answers.find("\r\n\r\n");
    KAPOK_CHECK(end != std::string_view::npos);
    const std::string_view head = answers.substr(0, end + 2);
    for (const auto& [name, value] : kapok::net::strict_headers())
      KAPOK_CHECK(head.find("\r\n" + std::string(name) + ": " + value + "\r\n") != std::string_view::npos);
    if (head.starts_with("HTTP/1.1 101 ")) return;  // what follows is a WebSocket's
    const auto at = head.find("\r\nContent-Length: ");
    answers.remove_prefix(end + 4);
    if (at == std::string_view::npos) continue;
    const std::size_t length = std::stoul(std::string(head.substr(at + 18)));
    if (answers.size() >= length && !answers.starts_with("HTTP/1.1 ")) answers.remove_prefix(length);
  }
}

// Without what differs from one second, key or pass to the next.
std::string lasting(std::string answers) {
  for (const std::string_view name : {"\r\nDate: ", "\r\nSet-Cookie: "})
    for (auto at = answers.find(name); at != std::string::npos; at = answers.find(name, at))
      answers.erase(at, answers.find("\r\n", at + 2) - at);
  return answers.substr(0, answers.find("\r\n\r\n"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = visit(bytes, 4096);
  check_answers(whole);
  if (size > 2048) return 0;
  const std::string in_pieces = visit(bytes, 3);
  check_answers(in_pieces);
  // What is granted is granted however it comes; of what is broken, the end of the bytes or the fault may be seen
  // first, and whoever speaks before his upgrade is answered is not seen to in pieces.
  if (whole.starts_with("HTTP/1.1 200 ")) KAPOK_CHECK(lasting(whole) == lasting(in_pieces));
  return 0;
}
