#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.h"
#include "routing/event_text.h"

/// A row of the journal that can be read is written again to the same bytes; nothing crashes on what is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto event = kapok::routing::parse_event(bytes)) KAPOK_CHECK(kapok::routing::event_text(*event) == bytes);
  if (const auto start = kapok::routing::parse_core_start(bytes))
    KAPOK_CHECK(kapok::routing::core_start_text(*start) == bytes);
  return 0;
}
