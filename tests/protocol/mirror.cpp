#include "protocol/mirror.h"

#include <algorithm>

#include <google/protobuf/descriptor.h>

#include "core/check.h"

namespace kapok::protocol::mirror {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::vector<const FieldDescriptor*> fields_by_number(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) fields.push_back(message.GetDescriptor()->field(i));
  std::sort(fields.begin(), fields.end(), [](auto* a, auto* b) { return a->number() < b->number(); });
  return fields;
}

/// One value of `field`, set or appended.
class Setter {
 public:
  Setter(Message& message, const FieldDescriptor& field) : message_(message), field_(field) {}

  void fill(Counter& counter) {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return put(&Reflection::SetInt32, &Reflection::AddInt32, counter.next());
      case FieldDescriptor::CPPTYPE_UINT32:
        return put(&Reflection::SetUInt32, &Reflection::AddUInt32, static_cast<std::uint32_t>(counter.next()));
      case FieldDescriptor::CPPTYPE_INT64:
        return put(&Reflection::SetInt64, &Reflection::AddInt64, static_cast<std::int64_t>(counter.next()));
      case FieldDescriptor::CPPTYPE_UINT64:
        return put(&Reflection::SetUInt64, &Reflection::AddUInt64, static_cast<std::uint64_t>(counter.next()));
      case FieldDescriptor::CPPTYPE_BOOL:
        return put(&Reflection::SetBool, &Reflection::AddBool, counter.flag());
      case FieldDescriptor::CPPTYPE_ENUM:
        return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue,
                   1 + counter.next() % (field_.enum_type()->value_count() - 1));
      case FieldDescriptor::CPPTYPE_STRING:
        return put(&Reflection::SetString, &Reflection::AddString, "t" + std::to_string(counter.next()));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return mirror::fill(field_.is_repeated() ? *reflection().AddMessage(&message_, &field_)
                                                 : *reflection().MutableMessage(&message_, &field_),
                            counter);
      default:
        check_failed("the protocol uses this type", __FILE__, __LINE__);
    }
  }

 private:
  template <class Parameter, class Value>
  void put(void (Reflection::*set)(Message*, const FieldDescriptor*, Parameter) const,
           void (Reflection::*add)(Message*, const FieldDescriptor*, Parameter) const, Value value) {
    (reflection().*(field_.is_repeated() ? add : set))(&message_, &field_, value);
  }

  [[nodiscard]] const Reflection& reflection() const { return *message_.GetReflection(); }

  Message& message_;
  const FieldDescriptor& field_;
};

/// One value of `field`, the only one or the one at `index`.
std::string leaf(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& from = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(many ? from.GetRepeatedInt32(message, &field, index) : from.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(many ? from.GetRepeatedUInt32(message, &field, index) : from.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(many ? from.GetRepeatedInt64(message, &field, index) : from.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(many ? from.GetRepeatedUInt64(message, &field, index) : from.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return std::to_string(many ? from.GetRepeatedBool(message, &field, index) : from.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return std::to_string(
          (many ? from.GetRepeatedEnumValue(message, &field, index) : from.GetEnumValue(message, &field)) - 1);
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? from.GetRepeatedString(message, &field, index) : from.GetString(message, &field);
    default:
      check_failed("the protocol uses this type", __FILE__, __LINE__);
  }
}

}  // namespace

void fill(Message& out, Counter& counter) {
  for (const auto* field : fields_by_number(out))
    for (int i = 0; i < (field->is_repeated() ? kElements : 1); ++i) Setter(out, *field).fill(counter);
}

void list_leaves(const Message& in, Leaves& out) {
  const Reflection& from = *in.GetReflection();
  for (const auto* field : fields_by_number(in)) {
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (field->is_repeated()) {
      const int size = from.FieldSize(in, field);
      out.push_back("[" + std::to_string(size));
      for (int i = 0; i < size; ++i)
        nested ? list_leaves(from.GetRepeatedMessage(in, field, i), out) : out.push_back(leaf(in, *field, i));
    } else if (nested) {
      list_leaves(from.GetMessage(in, field), out);
    } else if (field->has_presence() && !from.HasField(in, field)) {
      out.push_back("-");
    } else {
      out.push_back(leaf(in, *field, 0));
    }
  }
}

}  // namespace kapok::protocol::mirror
