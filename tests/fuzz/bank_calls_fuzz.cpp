#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "core/check.h"
#include "load/replay_week.h"

/// Whatever is read as the bank's record becomes callers in the order in which they join, and nothing crashes on what
/// is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto calls = kapok::load::read_bank_calls({reinterpret_cast<const char*>(data), size});
    const kapok::load::ReplayWeek week = kapok::load::replay_of(calls);
    KAPOK_CHECK(week.calls.size() + week.phantoms == calls.size());
    for (std::size_t at = 1; at < week.calls.size(); ++at) {
      KAPOK_CHECK(week.calls[at - 1].joins <= week.calls[at].joins);
      KAPOK_CHECK(week.calls[at].patience >= 0 && week.calls[at].talk >= 0);
    }
  } catch (const std::runtime_error&) {
  }
  return 0;
}
