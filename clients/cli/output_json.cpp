#include "cli/output_json.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "cli/enum_words.h"
#include "cli/time_text.h"

namespace kapok::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Lengths of time; all other fields that end in _us are instants.
constexpr std::array<std::string_view, 5> kLengths = {"waited_us", "talked_us", "longest_wait_us", "ring_us",
                                                      "short_abandon_us"};
// Numbers of 64 bits that are counts, not ids.
constexpr std::array<std::string_view, 7> kCounts = {"version", "calls_today", "last_key", "bytes_total",
                                                     "offset",  "value",       "of"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  for (const std::string_view each : names)
    if (each == name) return true;
  return false;
}

class Writer {
 public:
  explicit Writer(int offset_min) : offset_min_(offset_min) {}

  std::string object(const Message& message, int depth) {
    std::string text;
    const auto* descriptor = message.GetDescriptor();
    for (int at = 0; at < descriptor->field_count(); ++at) {
      const FieldDescriptor& field = *descriptor->field(at);
      const bool choice = field.real_containing_oneof() != nullptr || field.has_optional_keyword();
      if (choice && !message.GetReflection()->HasField(message, &field)) continue;
      text += text.empty() ? "\n" : ",\n";
      text += std::string(static_cast<std::size_t>(depth) * 2 + 2, ' ') + json_string(name_of(field)) + ": " +
              value(message, field, depth + 1);
    }
    if (text.empty()) return "{}";
    return "{" + text + "\n" + std::string(static_cast<std::size_t>(depth) * 2, ' ') + "}";
  }

 private:
  static std::string name_of(const FieldDescriptor& field) {
    const std::string& name = field.name();
    if (!name.ends_with("_us")) return name;
    const std::string stem = name.substr(0, name.size() - 3);
    return is_one_of(kLengths, name) ? stem + "_s" : stem;
  }

  std::string value(const Message& message, const FieldDescriptor& field, int depth) {
    if (!field.is_repeated()) return single(message, field, -1, depth);
    const int count = message.GetReflection()->FieldSize(message, &field);
    if (count == 0) return "[]";
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    std::string text = "[";
    for (int at = 0; at < count; ++at)
      text += (at == 0 ? "\n  " : ",\n  ") + indent + single(message, field, at, depth + 1);
    return text + "\n" + indent + "]";
  }

  std::string single(const Message& message, const FieldDescriptor& field, int at, int depth) {
    const Reflection& look = *message.GetReflection();
    const bool one = at < 0;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT64:
        return number(field, one ? look.GetInt64(message, &field) : look.GetRepeatedInt64(message, &field, at));
      case FieldDescriptor::CPPTYPE_UINT64:
        return number(field, static_cast<std::int64_t>(one ? look.GetUInt64(message, &field)
                                                           : look.GetRepeatedUInt64(message, &field, at)));
      case FieldDescriptor::CPPTYPE_INT32:
        return std::to_string(one ? look.GetInt32(message, &field) : look.GetRepeatedInt32(message, &field, at));
      case FieldDescriptor::CPPTYPE_UINT32:
        return std::to_string(one ? look.GetUInt32(message, &field) : look.GetRepeatedUInt32(message, &field, at));
      case FieldDescriptor::CPPTYPE_BOOL:
        return look.GetBool(message, &field) ? "true" : "false";
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* known = one ? look.GetEnum(message, &field) : look.GetRepeatedEnum(message, &field, at);
        return known->number() == 0 ? "null" : json_string(stable_name(*known));
      }
      case FieldDescriptor::CPPTYPE_STRING:
        return json_string(one ? look.GetString(message, &field) : look.GetRepeatedString(message, &field, at));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return object(one ? look.GetMessage(message, &field) : look.GetRepeatedMessage(message, &field, at), depth);
      default:
        return "null";
    }
  }

  std::string number(const FieldDescriptor& field, std::int64_t value) const {
    const std::string& name = field.name();
    if (is_one_of(kCounts, name)) return std::to_string(value);
    if (is_one_of(kLengths, name)) return fmt::format("{:.3f}", static_cast<double>(value) / 1e6);
    if (value == 0) return "null";
    return json_string(name.ends_with("_us") ? iso_time(value, offset_min_) : std::to_string(value));
  }

  int offset_min_;
};

}  // namespace

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char sign : text) {
    if (sign == '"' || sign == '\\') {
      quoted += '\\';
      quoted += sign;
    } else if (sign == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(sign) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(sign));
    } else {
      quoted += sign;
    }
  }
  return quoted + '"';
}

std::string to_json(const Message& message, int offset_min) { return Writer(offset_min).object(message, 0); }

}  // namespace kapok::cli
