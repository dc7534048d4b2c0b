#include "cli/terminal.h"

namespace kapok::cli {
namespace {

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::kPlain:
      return "0";
    case Colour::kBold:
      return "1";
    case Colour::kDim:
      return "2";
    case Colour::kRed:
      return "31";
    case Colour::kGreen:
      return "32";
    case Colour::kYellow:
      return "33";
    case Colour::kBlue:
      return "34";
    case Colour::kCyan:
      return "36";
  }
  return "0";
}

}  // namespace

std::string Terminal::paint(Colour wanted, std::string_view text) const {
  if (!colour || wanted == Colour::kPlain) return std::string(text);
  return "\x1b[" + std::string(code_of(wanted)) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace kapok::cli
