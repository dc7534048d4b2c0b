#include "protocol/codec.h"

#include <limits>
#include <type_traits>
#include <utility>
#include <variant>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>

#include "protocol/codec_themes.h"
#include "protocol/frame.h"
#include "protocol/frame_verdict.h"

namespace kapok::protocol {
namespace {

/// Strangers must not be able to fill the log: the library prints a line for each unreadable text.
void silence_library() { static const google::protobuf::LogSilencer silenced; }

bool parse(std::string_view bytes, v1::ClientFrame& frame) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  in.SetRecursionLimit(kNestingMax);
  return frame.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

bool read_body(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  for (const auto read : {read_gateway, read_call, read_contact, read_session, read_duty, read_watch, read_log,
                          read_follow_up, read_referral, read_directory, read_report, read_audit})
    if (read(frame, fields, out)) return true;
  return false;
}

/// Messages have no maps and the library writes known fields by number, so equal contents give equal bytes.
std::string canonical_body(v1::ClientFrame frame) {
  frame.clear_request_id();
  frame.clear_key();
  return frame.SerializeAsString();
}

Result<api::Request> read_request(const v1::ClientFrame& frame) {
  if (frame.request_id() == 0) return {ErrorCode::kInvalidArgument, "request_id is 0"};
  api::Request request;
  request.id = frame.request_id();
  // The store counts in signed numbers; a session that reached the end could never rise above it again.
  if (frame.key() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return {ErrorCode::kInvalidArgument, "key exceeds 9223372036854775807"};
  if (frame.has_key()) request.key = frame.key();
  FieldReader fields;
  if (!read_body(frame, fields, request.body)) return {ErrorCode::kUnknownRequest, "no body known to this version"};
  if (fields.error()) return *fields.error();
  if (request.key) request.body_bytes = canonical_body(frame);
  return request;
}

void write_error(const Error& error, v1::Reply& out) {
  auto& wire = *out.mutable_error();
  wire.set_code(std::string(name_of(error.code)));
  wire.set_detail(error.detail);
  wire.set_text_zh(std::string(zh_of(error.code)));
}

void write_body(const api::Reply& in, v1::Reply& out) {
  if (!in.body.ok()) return write_error(in.body.error(), out);
  std::visit([&out](const auto& body) { write(body, out); }, in.body.value());
}

void write_header(const api::Reply& in, v1::Reply& out) {
  out.set_request_id(in.id);
  out.set_saved(to_wire<v1::Saved>(in.saved));
  out.set_is_repeat(in.repeated);
}

}  // namespace

void write(Done, v1::Reply& out) { out.mutable_done(); }

void write(const api::Stored& in, v1::Reply& out) {
  if (!out.ParseFromString(in.bytes)) write_error({ErrorCode::kInternal, "stored answer is unreadable"}, out);
}

Decoded decode_request(std::string_view bytes) {
  silence_library();
  v1::ClientFrame frame;
  if (bytes.size() > kInboundFrameBytesMax) return {0, {ErrorCode::kFrameTooLarge}};
  if (!parse(bytes, frame)) {
    const FrameVerdict verdict = judge_unreadable(bytes);
    return {verdict.request_id, {verdict.code}};
  }
  return {frame.request_id(), read_request(frame)};
}

std::string encode_reply(const api::Reply& reply) {
  v1::ServerFrame frame;
  write_body(reply, *frame.mutable_reply());  // first: stored bytes replace the whole message
  write_header(reply, *frame.mutable_reply());
  if (frame.ByteSizeLong() > kOutboundFrameBytesMax) {
    frame.mutable_reply()->clear_body();
    write_error({ErrorCode::kInternal, "answer exceeds the size of a frame"}, *frame.mutable_reply());
  }
  return frame.SerializeAsString();
}

std::string encode_reply_body(const api::Reply& reply) {
  KAPOK_CHECK(!reply.body.ok() || !std::holds_alternative<api::Stored>(reply.body.value()));
  v1::Reply wire;
  write_body(reply, wire);
  return wire.SerializeAsString();
}

Result<std::string> encode_push(const api::Push& push) {
  v1::ServerFrame frame;
  std::visit([&frame](const auto& body) { write(body, *frame.mutable_push()); }, push);
  if (frame.ByteSizeLong() > kOutboundFrameBytesMax) return {ErrorCode::kInternal, "push exceeds the size of a frame"};
  return frame.SerializeAsString();
}

}  // namespace kapok::protocol
