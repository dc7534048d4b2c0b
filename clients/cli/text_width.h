#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// How wide text stands in a terminal: Han characters, kana, full-width forms and emoji take two columns, combining
/// marks none, everything else one. Ill-formed UTF-8 counts one column per byte. Pure.
namespace kapok::cli {

std::size_t width_of(std::string_view utf8);
std::size_t width_of_character(char32_t character);

/// `text` if it fits, else its beginning with `…`, at most `columns` wide. Never cuts inside a character.
std::string cut_to(std::string_view utf8, std::size_t columns);

/// Exactly `columns` wide: cut or filled with blanks at the right (left for numbers).
std::string fit(std::string_view utf8, std::size_t columns);
std::string fit_right(std::string_view utf8, std::size_t columns);

/// Takes the first character off `utf8`; an ill-formed byte counts as one.
char32_t take_character(std::string_view& utf8);

}  // namespace kapok::cli
