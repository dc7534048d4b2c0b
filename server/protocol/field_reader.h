#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error_code.h"
#include "core/instant.h"
#include "core/result.h"
#include "core/text.h"
#include "protocol/wire_enum.h"

namespace kapok::protocol {

/// Takes fields of one request over and remembers the first that breaks a rule. After a refusal the values
/// given back are harmless defaults; whoever reads the request asks `error()` at the end and throws it away.
/// `name` is the field's name in proto; it goes to the client.
class FieldReader {
 public:
  /// Not negative; 0 is "none".
  template <class AnyId>
  AnyId id(std::string_view name, std::int64_t value) {
    return AnyId(checked_id(name, value));
  }

  /// At most `count_max`, each of them set.
  template <class AnyId, class Values>
  std::vector<AnyId> ids(std::string_view name, const Values& values, std::size_t count_max) {
    std::vector<AnyId> out;
    if (!fits(name, static_cast<std::size_t>(values.size()), count_max)) return out;
    for (const std::int64_t value : values) {
      if (value == 0) refuse(ErrorCode::kInvalidArgument, std::string(name) + " holds 0");
      out.push_back(id<AnyId>(name, value));
    }
    return out;
  }

  /// 1970 to 2099; 0 is "unset".
  Instant instant(std::string_view name, std::int64_t us);

  /// One line of at most `chars_max` code points.
  std::string line(std::string_view name, const std::string& text, std::size_t chars_max);
  /// Several lines.
  std::string note(std::string_view name, const std::string& text);

  /// UNSPECIFIED stands for `unspecified`; an unknown value is refused.
  template <class E, class Wire>
  E value(std::string_view name, Wire wire, E unspecified) {
    if (static_cast<int>(wire) == 0) return unspecified;
    return required<E>(name, wire);
  }

  /// UNSPECIFIED and unknown values are refused.
  template <class E, class Wire>
  E required(std::string_view name, Wire wire) {
    const auto read = from_wire<E>(wire);
    if (!read) refuse(ErrorCode::kInvalidArgument, std::string(name) + " has no known value");
    return read.value_or(E{});
  }

  /// Nothing when absent; UNSPECIFIED and unknown values are refused.
  template <class E, class Wire>
  std::optional<E> optional(std::string_view name, bool present, Wire wire) {
    if (!present) return std::nullopt;
    return required<E>(name, wire);
  }

  /// Rows of one page: 0 is kRowsDefault, at most kRowsMax.
  std::uint32_t rows(std::uint32_t limit);

  /// At most `value_max`.
  template <class Number>
  Number number(std::string_view name, Number value, Number value_max) {
    return fits(name, value, value_max) ? value : Number{};
  }

  /// Refuses a list or number beyond its limit.
  bool fits(std::string_view name, std::size_t count, std::size_t count_max);

  void refuse(ErrorCode code, std::string detail);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  std::int64_t checked_id(std::string_view name, std::int64_t value);
  std::string checked(const std::string& text, const Result<>& verdict);

  std::optional<Error> error_;
};

}  // namespace kapok::protocol
