#include "core/masking.h"

#include "core/text.h"

namespace kapok {
namespace {

constexpr std::string_view kStars = "****";
constexpr std::size_t kPrefixShown = 3;
constexpr std::size_t kTailShown = 4;
constexpr std::size_t kDigitsForBoth = 10;

}  // namespace

std::string mask_name(std::string_view utf8_name) {
  if (utf8_name.empty()) return {};
  return std::string{first_code_points(utf8_name, 1)} + "*";
}

std::string mask_number(std::string_view digits) {
  if (digits.empty()) return {};
  std::string_view country;
  if (digits.starts_with("+86")) digits.remove_prefix(3);
  if (digits.starts_with("+")) {
    country = "+";
    digits.remove_prefix(1);
  }
  if (digits.size() < 5) return std::string{kStars};
  if (digits.size() < kDigitsForBoth) return std::string{kStars} + std::string{digits.substr(digits.size() - 2)};
  return std::string{country} + std::string{digits.substr(0, kPrefixShown)} + std::string{kStars} +
         std::string{digits.substr(digits.size() - kTailShown)};
}

}  // namespace kapok
