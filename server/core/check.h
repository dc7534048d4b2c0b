#pragma once

namespace kapok {

/// Prints where an invariant broke and aborts. A crash is a restart of at most a second; going on with
/// broken state may lose a caller (reliability.md R5), so checks stay on in release builds.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace kapok

#define KAPOK_CHECK(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::kapok::check_failed(#condition, __FILE__, __LINE__))
