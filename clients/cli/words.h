#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

/// What kapokctl says, in Chinese and English side by side.
namespace kapok::cli {

enum class Language { kChinese, kEnglish };

/// One thing to say. A missing language, or places for values (`{}`) that differ between the two, do not compile.
class Words {
 public:
  consteval Words(std::string_view zh, std::string_view en) : zh_(zh), en_(en) {
    if (zh.empty() || en.empty()) throw "both languages are needed";
    if (places(zh) != places(en)) throw "both languages need the same values";
  }

  [[nodiscard]] constexpr std::string_view in(Language language) const {
    return language == Language::kChinese ? zh_ : en_;
  }

 private:
  static consteval int places(std::string_view text) {
    int count = 0;
    for (const char sign : text) count += sign == '{' ? 1 : 0;
    return count;
  }

  std::string_view zh_;
  std::string_view en_;
};

/// `words` in `language` with the values put in their places, in order.
template <class... Values>
std::string say(Language language, Words words, Values&&... values) {
  return fmt::vformat(words.in(language), fmt::make_format_args(values...));
}

/// `--lang` if given, else the first of LC_ALL, LC_MESSAGES, LANG that is set: Chinese for zh*, English for en* and
/// the rest.
Language language_of(std::string_view asked, std::string_view locale);

}  // namespace kapok::cli
