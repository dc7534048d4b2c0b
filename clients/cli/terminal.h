#pragma once

#include <cstddef>
#include <iosfwd>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/words.h"

namespace kapok::cli {

enum class Colour { kPlain, kBold, kDim, kRed, kGreen, kYellow, kBlue, kCyan };

/// Where kapokctl writes, and how. `out` takes results, `err` what is said about them, so that a pipe gets results
/// alone.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  Language language = Language::kChinese;
  bool json = false;
  bool colour = false;       ///< off when NO_COLOR is set or `out` is no terminal
  bool interactive = false;  ///< both ends are a terminal
  std::size_t columns = 0;   ///< 0 = not a terminal: nothing is cut

  [[nodiscard]] std::string_view words(Words words) const { return words.in(language); }

  /// A line of result, or about it.
  template <class... Values>
  void say(Words words, Values&&... values) {
    (json ? err : out) << cli::say(language, words, values...) << '\n';
  }
  template <class... Values>
  void note(Words words, Values&&... values) {
    err << cli::say(language, words, values...) << '\n';
  }

  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
};

}  // namespace kapok::cli
