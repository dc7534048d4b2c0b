#include "protocol/frame_verdict.h"

#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "core/text.h"
#include "kapok/v1/frame.pb.h"
#include "protocol/codec.h"

namespace kapok::protocol {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

class Walk {
 public:
  explicit Walk(CodedInputStream& in) : in_(in) {}

  /// False where the bytes are not a message. Unreadable texts are noted and passed over.
  bool message(const Descriptor& type, int nesting) {
    if (nesting > kNestingMax) return false;
    while (const auto tag = in_.ReadTag()) {
      const auto* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (!this->field(field, tag, nesting)) return false;
    }
    return in_.ConsumedEntireMessage();
  }

  bool text_unreadable = false;
  std::uint64_t request_id = 0;

 private:
  bool field(const FieldDescriptor* field, std::uint32_t tag, int nesting) {
    if (field != nullptr && WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (field->type() == FieldDescriptor::TYPE_STRING) return text();
      if (field->type() == FieldDescriptor::TYPE_MESSAGE) return nested(*field->message_type(), nesting);
    }
    if (nesting == 0 && tag == kRequestIdTag) return in_.ReadVarint64(&request_id);
    return WireFormatLite::SkipField(&in_, tag);
  }

  bool text() {
    std::uint32_t size = 0;
    std::string read;
    if (!in_.ReadVarint32(&size) || !in_.ReadString(&read, static_cast<int>(size))) return false;
    text_unreadable |= !is_valid_utf8(read);
    return true;
  }

  bool nested(const Descriptor& type, int nesting) {
    const auto limit = in_.ReadLengthAndPushLimit();
    const bool ok = message(type, nesting + 1);
    in_.PopLimit(limit);
    return ok;
  }

  static constexpr std::uint32_t kRequestIdTag = v1::ClientFrame::kRequestIdFieldNumber << 3;

  CodedInputStream& in_;
};

}  // namespace

FrameVerdict judge_unreadable(std::string_view frame) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<int>(frame.size()));
  in.SetRecursionLimit(kNestingMax);
  Walk walk(in);
  const bool well_formed = walk.message(*v1::ClientFrame::descriptor(), 0);
  return {walk.request_id, well_formed && walk.text_unreadable ? ErrorCode::kTextNotUtf8 : ErrorCode::kBadFrame};
}

}  // namespace kapok::protocol
