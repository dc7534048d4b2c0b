#include "core/text.h"

#include <cstdint>

namespace kapok {
namespace {

constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Length of the well-formed sequence at the front of `text`, 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(text[i])) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool too_great = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_great ? 0 : length;
}

Error too_long(std::string_view field, std::size_t chars_max) {
  return {ErrorCode::kTextTooLong, std::string{field} + " takes at most " + std::to_string(chars_max) + " characters"};
}

Result<> check_text(std::string_view text, std::string_view field, std::size_t chars_max, bool newline_allowed) {
  // A text beyond four bytes a character cannot fit; refusing it first bounds the work on hostile input.
  if (text.size() > chars_max * 4) return too_long(field, chars_max);
  if (!is_valid_utf8(text)) return Error{ErrorCode::kTextNotUtf8, std::string{field} + " is not valid UTF-8"};
  if (code_points(text) > chars_max) return too_long(field, chars_max);
  if (has_control(text, newline_allowed))
    return Error{ErrorCode::kInvalidArgument, std::string{field} + " contains control characters"};
  return Done{};
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8)
    if (!is_continuation(c)) ++count;
  return count;
}

std::string_view first_code_points(std::string_view utf8, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i)
    if (!is_continuation(utf8[i]) && ++seen > count) return utf8.substr(0, i);
  return utf8;
}

bool has_control(std::string_view utf8, bool newline_allowed) {
  unsigned char before = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    // U+0080 to U+009F are C2 80 to C2 9F; C2 begins no other character with such a second byte.
    const bool upper_control = before == 0xC2 && byte >= 0x80 && byte <= 0x9F;
    before = byte;
    if (byte == '\n' && newline_allowed) continue;
    if (byte < 0x20 || byte == 0x7F || upper_control) return true;
  }
  return false;
}

Result<> check_line(std::string_view text, std::string_view field, std::size_t chars_max) {
  return check_text(text, field, chars_max, false);
}

Result<> check_note(std::string_view text, std::string_view field, std::size_t chars_max) {
  return check_text(text, field, chars_max, true);
}

std::string_view trimmed(std::string_view utf8) {
  constexpr std::string_view kAsciiBlanks = " \t\r\n";
  while (!utf8.empty()) {
    if (kAsciiBlanks.find(utf8.front()) != std::string_view::npos)
      utf8.remove_prefix(1);
    else if (utf8.starts_with(kIdeographicSpace))
      utf8.remove_prefix(kIdeographicSpace.size());
    else
      break;
  }
  while (!utf8.empty()) {
    if (kAsciiBlanks.find(utf8.back()) != std::string_view::npos)
      utf8.remove_suffix(1);
    else if (utf8.ends_with(kIdeographicSpace))
      utf8.remove_suffix(kIdeographicSpace.size());
    else
      break;
  }
  return utf8;
}

bool is_blank(std::string_view utf8) { return trimmed(utf8).empty(); }

}  // namespace kapok
