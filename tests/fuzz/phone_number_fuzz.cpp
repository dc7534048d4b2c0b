#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.h"
#include "core/phone_number.h"

/// A canonical spelling reads back as itself, and a masked number never shows the whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const kapok::PhoneNumber number = kapok::parse_phone_number(text);
  KAPOK_CHECK(kapok::can_match(number) != number.canonical.empty());
  if (kapok::can_match(number)) {
    const kapok::PhoneNumber again = kapok::parse_phone_number(number.canonical);
    KAPOK_CHECK(again.canonical == number.canonical);
    KAPOK_CHECK(again.kind == number.kind);
  }
  if (kapok::can_ring(number)) KAPOK_CHECK(kapok::masked(number).find('*') != std::string::npos);
  (void)kapok::written(number);
  (void)kapok::last_four(number);
  return 0;
}
