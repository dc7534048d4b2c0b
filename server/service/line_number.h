#pragma once

#include <string>
#include <string_view>

#include "core/phone_number.h"

namespace kapok::service {

/// The one spelling a line is looked up by: the canonical form of its number, or its digits when the numbering plan
/// does not know it (invented numbers are made so that they cannot ring anywhere). Empty when it has no digits.
inline std::string line_key(std::string_view number) {
  const PhoneNumber parsed = parse_phone_number(number);
  if (can_match(parsed)) return parsed.canonical;
  std::string digits;
  for (const char c : number)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

}  // namespace kapok::service
