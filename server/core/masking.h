#pragma once

#include <string>
#include <string_view>

namespace kapok {

/// What someone without reason to know is shown (reliability.md §3.2). Masking happens on the server: the full
/// value never leaves it.

/// `张伟` → `张*`; the length of the name is not shown. Empty stays empty.
std::string mask_name(std::string_view utf8_name);

/// `13800138000` → `138****8000`, a country code of China left out. Fewer than ten digits show the last two, fewer than
/// five none.
std::string mask_number(std::string_view digits);

}  // namespace kapok
