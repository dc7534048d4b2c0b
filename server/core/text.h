#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace kapok {

/// Longest texts we take, in code points (reliability.md §3.6). One Han character, rare ones included, is one.
inline constexpr std::size_t kNoteCharsMax = 8000;
inline constexpr std::size_t kNameCharsMax = 64;
inline constexpr std::size_t kNumberCharsMax = 20;
inline constexpr std::size_t kReasonCharsMax = 200;
inline constexpr std::size_t kAddressCharsMax = 200;
inline constexpr std::size_t kSearchCharsMin = 2;
inline constexpr std::size_t kSearchCharsMax = 64;

/// Well-formed UTF-8: no overlong forms, surrogates or values above U+10FFFF.
bool is_valid_utf8(std::string_view text);

/// Code points in well-formed UTF-8.
std::size_t code_points(std::string_view utf8);

/// The first `count` code points of well-formed UTF-8; never cuts inside a character.
std::string_view first_code_points(std::string_view utf8, std::size_t count);

/// Control characters: below U+0020, U+007F, and U+0080 to U+009F, which terminals obey and screens do not show. A
/// newline counts only when `newline_allowed` is false.
bool has_control(std::string_view utf8, bool newline_allowed);

/// One line of text. Refuses TEXT_NOT_UTF8, TEXT_TOO_LONG, and INVALID_ARGUMENT for control characters; the detail
/// names `field` and the limit, never the text.
Result<> check_line(std::string_view text, std::string_view field, std::size_t chars_max);

/// Text of several lines: as check_line, newlines allowed.
Result<> check_note(std::string_view text, std::string_view field, std::size_t chars_max = kNoteCharsMax);

/// Without the blanks around it; ASCII space, tab, newline and the ideographic space U+3000.
std::string_view trimmed(std::string_view utf8);

/// Nothing but blanks.
bool is_blank(std::string_view utf8);

}  // namespace kapok
