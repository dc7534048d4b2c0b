#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/local_time.h"

namespace kapok {

/// What people read out instead of an id: `GZ-261121-0042` is the 42nd record of 21 Nov 2026 in the city GZ
/// (decision 4). The number of the day is given by the service, counts from 1 and grows past four digits when it must.
struct DisplayNumber {
  std::string city_code;  ///< 2 to 4 capital letters
  CivilDay day;
  int number_of_day = 0;

  friend bool operator==(const DisplayNumber&, const DisplayNumber&) = default;
};

std::string format_display_number(const DisplayNumber& number);

/// Nothing unless the text is exactly what `format_display_number` writes, in either letter case; the century is 20xx.
std::optional<DisplayNumber> parse_display_number(std::string_view text);

}  // namespace kapok
