#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/enum_names.h"
#include "core/instant.h"

/// The small language of scenario files, below its sentences: words, times and phrases.
namespace kapok::scenario {

/// What is wrong, as a sentence; whoever knows file and line adds them.
struct Fault {
  std::string sentence;
};

using Words = std::vector<std::string>;

/// Parts between `by`, none of them empty or with blanks at its ends; anything else is a Fault.
[[nodiscard]] Words split(std::string_view text, std::string_view by);

/// What stands for the `<…>` of the pattern, or nothing when the sentence is another one. Words are separated by one
/// blank each: "<worker> accepts <caller>".
[[nodiscard]] std::optional<Words> match(std::string_view pattern, std::string_view sentence);

/// "03:00:12" or "03:00:12.250" since midnight.
[[nodiscard]] Duration parse_time(std::string_view text);
[[nodiscard]] bool looks_like_time(std::string_view text);
/// The day does not show: "03:00:12", with milliseconds when there are any.
[[nodiscard]] std::string time_text(Instant at);
/// "12 s", "0.25 s".
[[nodiscard]] std::string length_text(Duration length);

/// Midnight, local, of the day on which every scenario begins; cities stand at UTC+8.
inline constexpr Instant kFirstMidnight{1'795'219'200'000'000 - 8LL * 3600 * 1'000'000};
inline constexpr Duration kDay = hours{24};

[[nodiscard]] std::int64_t parse_number(std::string_view text);

/// The value of that stable name (words.h of routing, core); a Fault lists those there are.
template <class E>
E parse_name(std::string_view name) {
  if (const auto found = from_name<E>(name)) return *found;
  std::string known;
  for (const auto& row : kEnumNames<E>) known += " " + std::string(row.name);
  throw Fault{"'" + std::string(name) + "' is none of:" + known};
}

}  // namespace kapok::scenario
