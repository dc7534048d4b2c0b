#pragma once

#include <string>
#include <string_view>

#include "core/enum_names.h"

namespace kapok {

/// What a caller's number turned out to be (decision 34).
enum class NumberKind {
  kMobile,     ///< Chinese mobile
  kLandline,   ///< Chinese area code and subscriber
  kService,    ///< 400, 800
  kShortCode,  ///< 110, 12345, 95588: somebody's switchboard, never a person
  kForeign,    ///< + and 7–15 digits
  kWithheld,   ///< hidden by the caller or lost on the way: never one person, never on a list
  kRaw,        ///< kept as it came and matched with nothing
};

struct PhoneNumber {
  NumberKind kind = NumberKind::kWithheld;
  /// The one spelling used for matching: E.164 (`+8613800138000`), a short code's digits; empty for withheld and raw.
  std::string canonical;
  std::string raw;  ///< as it came

  friend bool operator==(const PhoneNumber&, const PhoneNumber&) = default;
};

/// Area code of a number written without one, as landlines of the city are; Guangzhou.
inline constexpr std::string_view kGuangzhouAreaCode = "20";

/// Reads any usual way of writing a number: spaces, hyphens, brackets and dots; full-width digits; `+86`, `0086`, `86`;
/// area code with and without 0; `tel:`, `sip:` and `sips:` addresses with parameters, and a display name before `<…>`.
/// Never fails: what it cannot place is kRaw, as is anything beyond 256 bytes.
PhoneNumber parse_phone_number(std::string_view text, std::string_view home_area_code = kGuangzhouAreaCode);

/// There is a canonical form: history, callbacks and search may match by it.
bool can_match(const PhoneNumber& number);

/// Somebody can be rung back there: mobile, landline, service or foreign.
bool can_ring(const PhoneNumber& number);

/// Last four digits for the index; empty when the number cannot be matched or has fewer.
std::string last_four(const PhoneNumber& number);

/// As people here write it: `13800138000`, `020-83123456`, `+85223456789`; empty when withheld, the raw text when raw.
std::string written(const PhoneNumber& number);

/// `138****8000`, `020****3456`, `+852****6789`; short codes are no secret; raw shows nothing but stars.
std::string masked(const PhoneNumber& number);

template <>
inline constexpr EnumName<NumberKind> kEnumNames<NumberKind>[] = {
    {NumberKind::kMobile, "mobile", "手机"},       {NumberKind::kLandline, "landline", "座机"},
    {NumberKind::kService, "service", "服务号码"}, {NumberKind::kShortCode, "short_code", "短号"},
    {NumberKind::kForeign, "foreign", "境外号码"}, {NumberKind::kWithheld, "withheld", "号码未显示"},
    {NumberKind::kRaw, "raw", "无法识别"},
};

}  // namespace kapok
