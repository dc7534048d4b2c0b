#include "cli/text_width.h"

#include <algorithm>
#include <array>

namespace kapok::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode East Asian Width W and F, as blocks.
constexpr std::array<Range, 17> kWide = {{{0x1100, 0x115F},
                                          {0x231A, 0x231B},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xA960, 0xA97F},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1F64F},
                                          {0x1F680, 0x1F6FF},
                                          {0x1F900, 0x1F9FF},
                                          {0x20000, 0x3FFFD}}};

constexpr std::array<Range, 6> kCombining = {
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t character) {
  return std::ranges::any_of(ranges,
                             [&](const Range& range) { return range.first <= character && character <= range.last; });
}

std::size_t length_of(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

}  // namespace

char32_t take_character(std::string_view& utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t length = length_of(lead);
  constexpr std::array<unsigned char, 5> kMask = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t character = lead & kMask[length];
  bool whole = length <= utf8.size();
  for (std::size_t at = 1; whole && at < length; ++at) {
    const auto next = static_cast<unsigned char>(utf8[at]);
    whole = (next & 0xC0) == 0x80;
    character = (character << 6) | (next & 0x3FU);
  }
  utf8.remove_prefix(whole ? length : 1);
  return whole && (length > 1 || lead < 0x80) ? character : U'\uFFFD';
}

std::size_t width_of_character(char32_t character) {
  if (character < 0x300) return 1;
  if (within(kCombining, character)) return 0;
  return within(kWide, character) ? 2 : 1;
}

std::size_t width_of(std::string_view utf8) {
  std::size_t columns = 0;
  while (!utf8.empty()) columns += width_of_character(take_character(utf8));
  return columns;
}

std::string cut_to(std::string_view utf8, std::size_t columns) {
  if (width_of(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return {};
  std::string_view rest = utf8;
  std::size_t used = 0;
  while (!rest.empty()) {
    std::string_view after = rest;
    const std::size_t next = width_of_character(take_character(after));
    if (used + next > columns - 1) break;
    used += next;
    rest = after;
  }
  return std::string(utf8.substr(0, utf8.size() - rest.size())) + "…";
}

std::string fit(std::string_view utf8, std::size_t columns) {
  std::string text = cut_to(utf8, columns);
  const std::size_t used = width_of(text);
  return text.append(columns - std::min(columns, used), ' ');
}

std::string fit_right(std::string_view utf8, std::size_t columns) {
  const std::string text = cut_to(utf8, columns);
  const std::size_t used = width_of(text);
  return std::string(columns - std::min(columns, used), ' ') + text;
}

}  // namespace kapok::cli
