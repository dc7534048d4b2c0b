#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/web_visit.h"

/// Any bytes after an upgrade: what comes back are whole WebSocket frames as a server may send them, and nothing after
/// a goodbye. The first byte of the input says whether the rest goes out as it is or as binary messages, so that the
/// protocol behind the messages is reached too.

namespace {

constexpr std::string_view kUpgrade =
    "GET /ws HTTP/1.1\r\nHost: a\r\nOrigin: https://a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: kapok.v1\r\n\r\n";
constexpr std::size_t kMessageBytes = 100;

std::string as_messages(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::string_view message = bytes.substr(0, std::min<std::size_t>(bytes.size(), kMessageBytes));
    bytes.remove_prefix(message.size());
    out += "\x82";
    out += static_cast<char>(0x80 | message.size());
    out += std::string(4, '\0');  // a mask of nothing
    out += message;
  }
  return out;
}

std::size_t number(std::string_view& bytes, std::size_t count) {
  KAPOK_CHECK(bytes.size() >= count);
  std::size_t read = 0;
  for (const char byte : bytes.substr(0, count)) read = (read << 8) | static_cast<unsigned char>(byte);
  bytes.remove_prefix(count);
  return read;
}

void check_frames(std::string_view bytes) {
  bool said_goodbye = false;
  while (!bytes.empty()) {
    KAPOK_CHECK(!said_goodbye);
    const std::size_t first = number(bytes, 1);
    KAPOK_CHECK(first == 0x82 || first == 0x88 || first == 0x8a);  // binary, close, pong; whole, uncompressed
    said_goodbye = first == 0x88;
    std::size_t length = number(bytes, 1);
    KAPOK_CHECK(length < 128);  // unmasked
    if (length == 126) {
      length = number(bytes, 2);
    } else if (length == 127) {
      length = number(bytes, 8);
    }
    KAPOK_CHECK(length <= bytes.size());
    bytes.remove_prefix(length);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string after = (data[0] & 1) != 0 ? as_messages(bytes) : std::string(bytes);
  // The request arrives alone: nobody speaks before he is answered.
  const std::string answers = kapok::testing_fuzz::visit(std::string(kUpgrade) + after, kUpgrade.size());
  const auto end = answers.find("\r\n\r\n");
  KAPOK_CHECK(answers.starts_with("HTTP/1.1 101 ") && end != std::string::npos);
  check_frames(std::string_view(answers).substr(end + 4));
  return 0;
}
