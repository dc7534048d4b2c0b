#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/story.h"

/// A scenario file: read, played, and told again with what the routing core did. README.md describes the text.
namespace kapok::scenario {

/// "file:line: sentence", for people.
struct FileFault {
  std::string text;
};

/// A sentence the rule's author wrote by hand. A recording never changes it, and without it there is no recording.
struct Must {
  std::size_t line = 0;
  std::optional<Instant> at;  ///< unset = at any time
  std::string text;           ///< the beginning of a sentence of the answer
  bool never = false;
  bool before = false;  ///< never before `at`
  bool after = false;   ///< never after `at`
};

/// How a file was played.
struct Played {
  std::vector<std::string> told;   ///< every line of the file as it should be
  std::vector<std::string> unmet;  ///< musts that did not come true, "file:line: sentence"
};

/// Plays the file in the city of `city_file`. A wrong text, or a core that breaks an invariant, is a FileFault.
[[nodiscard]] Played play(const std::string& path, const std::string& text, const std::string& city_path,
                          const std::string& city_text);

/// Lines of a text; the last one without a line's end is one too.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace kapok::scenario
