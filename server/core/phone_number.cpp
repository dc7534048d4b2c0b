#include "core/phone_number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "core/masking.h"
#include "core/text.h"

namespace kapok {
namespace {

constexpr std::size_t kBytesMax = 256;
constexpr std::size_t kForeignDigitsMin = 7;
constexpr std::size_t kForeignDigitsMax = 15;
constexpr std::size_t kMobileDigits = 11;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// Full-width forms U+FF01–U+FF5E are the ASCII ones moved; Chinese input methods write digits, plus and brackets so.
std::string to_ascii_width(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    if (i + 2 < text.size() && byte(i) == 0xEF && (byte(i + 1) == 0xBC || byte(i + 1) == 0xBD)) {
      const unsigned point = 0xF000U | (byte(i + 1) & 0x3FU) << 6 | (byte(i + 2) & 0x3FU);
      if (point >= 0xFF01 && point <= 0xFF5E) {
        result += static_cast<char>(point - 0xFEE0);
        i += 2;
        continue;
      }
    }
    result += text[i];
  }
  return result;
}

/// The user part of `tel:`, `sip:`, `sips:` and `"name" <…>`; other text unchanged.
std::string_view address_user(std::string_view text) {
  if (const auto open = text.find('<'); open != std::string_view::npos) {
    text.remove_prefix(open + 1);
    text = text.substr(0, text.find('>'));
  }
  const std::string folded = lower(text.substr(0, std::min<std::size_t>(text.size(), 5)));
  const bool sip = folded.starts_with("sip:") || folded.starts_with("sips:");
  const bool tel = folded.starts_with("tel:");
  if (!sip && !tel) return text;
  text.remove_prefix(text.find(':') + 1);
  text = text.substr(0, text.find_first_of(";?"));
  if (sip) text = text.substr(0, text.find('@'));
  return text.substr(0, text.find(':'));  // sip:user:password@host
}

/// What networks and exchanges write when they will not or cannot tell.
bool is_withheld(std::string_view user) {
  constexpr std::array<std::string_view, 12> kWords = {"anonymous",  "unknown",  "unavailable", "private",
                                                       "restricted", "withheld", "asserted",    "null",
                                                       "none",       "未知",     "隐藏号码",    "号码未显示"};
  if (user.empty() || std::find(kWords.begin(), kWords.end(), lower(user)) != kWords.end()) return true;
  return user.find_first_not_of("0-") == std::string_view::npos;
}

/// Digits with an optional leading plus; nothing when other characters stand between them.
std::optional<std::string> dialled_digits(std::string_view text) {
  constexpr std::string_view kSeparators = " -.()/\t";
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i]) || (text[i] == '+' && digits.empty()))
      digits += text[i];
    else if (kSeparators.find(text[i]) == std::string_view::npos)
      return std::nullopt;
  }
  return digits;
}

bool is_mobile(std::string_view national) {
  if (national.size() != kMobileDigits || national[0] != '1') return false;
  const char second = national[1];
  const char third = national[2];
  switch (second) {
    case '3':
    case '8':
      return true;
    case '4':
      return third == '0' || third == '1' || third >= '4';
    case '5':
      return third != '4';
    case '6':
      return third == '2' || third >= '5';
    case '7':
      return third <= '8';
    case '9':
      return third != '4';
    default:
      return false;
  }
}

/// Whether the three digits are an area code in use: by province, first two digits and the last ones taken.
bool is_three_digit_area(std::string_view code) {
  struct Block {
    std::string_view first_two;
    std::string_view last;
  };
  constexpr std::array<Block, 49> kBlocks = {{
      {"31", "0123456789"}, {"33", "5"},          {"34", "9"},          {"35", "0123456789"}, {"37", "012345679"},
      {"39", "1234568"},    {"41", "0123456789"}, {"42", "179"},        {"43", "123456789"},  {"44", "0"},
      {"45", "123456789"},  {"46", "4789"},       {"47", "0123456789"}, {"48", "23"},         {"51", "0123456789"},
      {"52", "37"},         {"53", "0123456789"}, {"54", "36"},         {"55", "0123456789"}, {"56", "123456"},
      {"57", "0123456789"}, {"58", "0"},          {"59", "123456789"},  {"63", "1234567"},    {"66", "0238"},
      {"69", "12"},         {"70", "1"},          {"71", "0123456789"}, {"72", "248"},        {"73", "0123456789"},
      {"74", "3456"},       {"75", "0123456789"}, {"76", "0235689"},    {"77", "0123456789"}, {"79", "0123456789"},
      {"81", "236789"},     {"82", "567"},        {"83", "0123456789"}, {"85", "0123456789"}, {"87", "0123456789"},
      {"88", "3678"},       {"89", "0123456789"}, {"90", "123689"},     {"91", "01234567"},   {"93", "0123456789"},
      {"94", "13"},         {"95", "12345"},      {"97", "01234567"},   {"99", "0123456789"},
  }};
  return std::any_of(kBlocks.begin(), kBlocks.end(), [code](const Block& block) {
    return code.starts_with(block.first_two) && block.last.find(code[2]) != std::string_view::npos;
  });
}

/// Length of the area code at the front of `national`, 0 when there is none.
std::size_t area_code_length(std::string_view national) {
  if (national.size() < 3) return 0;
  if (national.starts_with("10")) return 2;
  if (national[0] == '2' && national[1] != '6') return 2;
  return is_three_digit_area(national.substr(0, 3)) ? 3 : 0;
}

/// A landline's own part never begins with 0, 1 or 9; those are trunk, services and short codes.
bool is_subscriber(std::string_view digits) {
  return (digits.size() == 7 || digits.size() == 8) && digits[0] >= '2' && digits[0] <= '8';
}

/// Numbers of practice cities and examples: area 020 and a first digit that no exchange gives out, so they are
/// read like landlines and ring nobody (deploy/guangzhou/README.md).
bool is_invented(std::string_view national) { return national.size() == 10 && national.starts_with("200"); }

bool is_landline(std::string_view national) {
  if (is_invented(national)) return true;
  const std::size_t area = area_code_length(national);
  if (area == 0) return false;
  const std::string_view subscriber = national.substr(area);
  return is_subscriber(subscriber) && (area == 3 || subscriber.size() == 8);
}

bool is_service(std::string_view national) {
  return national.size() == 10 && (national.starts_with("400") || national.starts_with("800"));
}

/// 110, 12345, 10086, 95588, 96900 and longer ports of the 95 and 106 ranges.
bool is_short_code(std::string_view digits) {
  if (digits.starts_with("106")) return digits.size() >= 12 && digits.size() <= 20;
  if (digits.starts_with("95")) return digits.size() >= 5 && digits.size() <= 8;
  if (digits.starts_with("96")) return digits.size() >= 5 && digits.size() <= 6;
  return digits.size() >= 3 && digits.size() <= 6 && digits[0] == '1' && digits[1] <= '2';
}

struct Reading {
  NumberKind kind = NumberKind::kRaw;
  std::string canonical;
};

std::optional<Reading> chinese(std::string_view national) {
  const std::string e164 = "+86" + std::string{national};
  if (is_mobile(national)) return Reading{NumberKind::kMobile, e164};
  if (is_service(national)) return Reading{NumberKind::kService, e164};
  if (is_landline(national)) return Reading{NumberKind::kLandline, e164};
  return std::nullopt;
}

/// A number that begins with its country: `digits` without the plus.
Reading international(std::string_view digits) {
  if (digits.starts_with("86")) {
    std::string_view national = digits.substr(2);
    if (national.starts_with('0')) national.remove_prefix(1);  // +86 (0)20 …
    return chinese(national).value_or(Reading{});
  }
  if (digits.size() < kForeignDigitsMin || digits.size() > kForeignDigitsMax || digits[0] == '0') return {};
  return {NumberKind::kForeign, "+" + std::string{digits}};
}

/// A number as dialled inside the country. A leading 0 is the trunk prefix; some exchanges put it before mobiles too.
Reading domestic(std::string_view digits, std::string_view home_area_code) {
  if (digits.starts_with("00")) return international(digits.substr(2));
  if (digits.starts_with('0')) return chinese(digits.substr(1)).value_or(Reading{});
  if (is_short_code(digits)) return {NumberKind::kShortCode, std::string{digits}};
  if (is_mobile(digits) || is_service(digits)) return *chinese(digits);
  if (digits.starts_with("86") && digits.size() >= 12) return international(digits);
  const std::string at_home = std::string{home_area_code} + std::string{digits};
  if (is_subscriber(digits) && is_landline(at_home)) return *chinese(at_home);
  return chinese(digits).value_or(Reading{});
}

std::string_view national_of(const PhoneNumber& number) { return std::string_view{number.canonical}.substr(3); }

}  // namespace

PhoneNumber parse_phone_number(std::string_view text, std::string_view home_area_code) {
  PhoneNumber number{NumberKind::kRaw, {}, std::string{text}};
  if (text.size() > kBytesMax) return number;
  const std::string ascii = to_ascii_width(text);
  const std::string_view user = trimmed(address_user(trimmed(ascii)));
  if (is_withheld(user)) {
    number.kind = NumberKind::kWithheld;
    return number;
  }
  const auto digits = dialled_digits(user);
  if (!digits) return number;
  const std::string_view dialled = *digits;
  const bool plus = dialled.starts_with('+');
  if (!all_digits(plus ? dialled.substr(1) : dialled)) return number;
  Reading reading = plus ? international(dialled.substr(1)) : domestic(dialled, home_area_code);
  number.kind = reading.kind;
  number.canonical = std::move(reading.canonical);
  return number;
}

bool can_match(const PhoneNumber& number) { return !number.canonical.empty(); }

bool can_ring(const PhoneNumber& number) {
  return number.kind == NumberKind::kMobile || number.kind == NumberKind::kLandline ||
         number.kind == NumberKind::kService || number.kind == NumberKind::kForeign;
}

std::string last_four(const PhoneNumber& number) {
  constexpr std::size_t kDigits = 4;
  if (number.canonical.size() < kDigits) return {};
  return number.canonical.substr(number.canonical.size() - kDigits);
}

std::string written(const PhoneNumber& number) {
  switch (number.kind) {
    case NumberKind::kMobile:
    case NumberKind::kService:
      return std::string{national_of(number)};
    case NumberKind::kLandline: {
      const std::string_view national = national_of(number);
      const std::size_t area = area_code_length(national);
      return "0" + std::string{national.substr(0, area)} + "-" + std::string{national.substr(area)};
    }
    case NumberKind::kShortCode:
    case NumberKind::kForeign:
      return number.canonical;
    case NumberKind::kWithheld:
      return {};
    case NumberKind::kRaw:
      return number.raw;
  }
  check_failed("number kind is known", __FILE__, __LINE__);
}

std::string masked(const PhoneNumber& number) {
  switch (number.kind) {
    case NumberKind::kMobile:
    case NumberKind::kService:
      return mask_number(national_of(number));
    case NumberKind::kLandline: {
      const std::string_view national = national_of(number);
      return "0" + std::string{national.substr(0, area_code_length(national))} + "****" + last_four(number);
    }
    case NumberKind::kForeign:
      return mask_number(number.canonical);
    case NumberKind::kShortCode:
      return number.canonical;
    case NumberKind::kWithheld:
      return {};
    case NumberKind::kRaw:
      return "****";
  }
  check_failed("number kind is known", __FILE__, __LINE__);
}

}  // namespace kapok
