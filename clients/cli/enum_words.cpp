#include "cli/enum_words.h"

#include <cctype>

namespace kapok::cli {
namespace {

/// CallState → CALL_STATE_
std::string prefix_of(const google::protobuf::EnumDescriptor& enumeration) {
  std::string prefix;
  for (const char sign : enumeration.name()) {
    if (std::isupper(static_cast<unsigned char>(sign)) != 0 && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(sign)));
  }
  return prefix + "_";
}

}  // namespace

std::string stable_name(const google::protobuf::EnumValueDescriptor& value) {
  std::string name = value.name();
  const std::string prefix = prefix_of(*value.type());
  if (name.starts_with(prefix)) name.erase(0, prefix.size());
  for (char& sign : name) sign = static_cast<char>(std::tolower(static_cast<unsigned char>(sign)));
  return name;
}

std::string stable_names(const google::protobuf::EnumDescriptor& enumeration) {
  std::string names;
  for (int at = 1; at < enumeration.value_count(); ++at)
    names += (names.empty() ? "" : ", ") + stable_name(*enumeration.value(at));
  return names;
}

}  // namespace kapok::cli
