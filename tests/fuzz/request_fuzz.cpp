#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.h"
#include "protocol/codec.h"
#include "protocol/frame.h"

/// Any bytes become a request or a refusal with one of the codes named in codec.h; and the kept bytes of a
/// request are a fixed point: whoever sends them gets the same request and keeps the same bytes.

namespace {

using kapok::ErrorCode;
using kapok::protocol::decode_request;
using kapok::protocol::Decoded;

bool is_named(ErrorCode code) {
  return code == ErrorCode::kBadFrame || code == ErrorCode::kFrameTooLarge || code == ErrorCode::kTextNotUtf8 ||
         code == ErrorCode::kTextTooLong || code == ErrorCode::kUnknownRequest || code == ErrorCode::kInvalidArgument;
}

/// request_id 7 and key 1, as they stand on the wire.
constexpr std::string_view kIdAndKey = "\x08\x07\x10\x01";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Decoded decoded = decode_request({reinterpret_cast<const char*>(data), size});
  if (!decoded.request.ok()) {
    KAPOK_CHECK(is_named(decoded.request.error().code));
    return 0;
  }
  KAPOK_CHECK(decoded.id != 0);
  if (!decoded.request->key) return 0;
  const std::string again = std::string(kIdAndKey) + decoded.request->body_bytes;
  if (again.size() > kapok::protocol::kInboundFrameBytesMax) return 0;
  const Decoded repeat = decode_request(again);
  KAPOK_CHECK(repeat.request.ok());
  KAPOK_CHECK(repeat.request->body.index() == decoded.request->body.index());
  KAPOK_CHECK(repeat.request->body_bytes == decoded.request->body_bytes);
  return 0;
}
