#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/message.h"
#include "core/result.h"

/// Bytes of one frame (without its length header) to plain data and back: the only unit that sees generated
/// protobuf. Pure functions, callable from any thread. Messages and limits: proto/kapok/v1; rules: proto/README.md.
namespace kapok::protocol {

/// Nesting a client's frame may have (reliability.md §3.6); ours need four.
inline constexpr int kNestingMax = 16;
/// Latest instant taken from a client, 2100-01-01: arithmetic with durations cannot overflow.
inline constexpr std::int64_t kInstantMaxUs = 4'102'444'800'000'000;
inline constexpr std::uint32_t kRowsDefault = 50;
inline constexpr std::uint32_t kRowsMax = 200;

/// What a client's frame turned out to be. `id` is the request's, or 0 where it could not be found out; the reply
/// to a refused request carries it.
struct Decoded {
  std::uint64_t id = 0;
  Result<api::Request> request;
};

/// Reads hostile bytes. Unknown fields are ignored. Refuses, the connection going on unless said otherwise:
/// - BAD_FRAME: not a ClientFrame, or nested too deep. Close the connection after the reply;
/// - FRAME_TOO_LARGE: more than kInboundFrameBytesMax, where no FrameReader stood before. Close as well;
/// - TEXT_NOT_UTF8, TEXT_TOO_LONG: of a text field;
/// - UNKNOWN_REQUEST: no body, or one from a later version;
/// - INVALID_ARGUMENT: request_id 0, a negative id, an instant before 1970 or after 2099, an unknown or missing
///   enumeration value, control characters, a list or number beyond its limit.
/// `body_bytes` of a request with a key is its body serialised the same way whatever order the fields came in,
/// without id and key. Whether a key is *needed* is asked of api::needs_key.
Decoded decode_request(std::string_view frame);

/// One ServerFrame, at most kOutboundFrameBytesMax. A reply that would be larger, and stored bytes that cannot be
/// read, go out as INTERNAL: the service has to page.
std::string encode_reply(const api::Reply& reply);

/// What is kept to repeat this answer: the body or the error alone, without request id, `saved` and `repeated`,
/// which a repeat has of its own. Give it back to encode_reply as api::Stored. Not for a reply that holds
/// api::Stored already.
std::string encode_reply_body(const api::Reply& reply);

/// One ServerFrame. INTERNAL when it would exceed kOutboundFrameBytesMax: drop the push and resync the client.
Result<std::string> encode_push(const api::Push& push);

}  // namespace kapok::protocol
