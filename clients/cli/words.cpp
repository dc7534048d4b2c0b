#include "cli/words.h"

namespace kapok::cli {

Language language_of(std::string_view asked, std::string_view locale) {
  const std::string_view deciding = asked.empty() ? locale : asked;
  return deciding.starts_with("zh") ? Language::kChinese : Language::kEnglish;
}

}  // namespace kapok::cli
