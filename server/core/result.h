#pragma once

#include <string>
#include <utility>
#include <variant>

#include "core/check.h"
#include "core/error_code.h"

namespace kapok {

/// A failure we expect, as a value. `code` is stable and goes to clients; `detail` is a short English
/// sentence for them that names the field or the limit and never a person or internal text.
struct Error {
  ErrorCode code;
  std::string detail;

  friend bool operator==(const Error&, const Error&) = default;
};

/// Success without a value.
struct Done {
  friend constexpr bool operator==(Done, Done) = default;
};

/// Either a T or an Error. Asking for the side that is not there is our mistake and ends the process.
template <class T = Done>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}
  Result(ErrorCode code, std::string detail = {}) : held_(std::in_place_index<1>, Error{code, std::move(detail)}) {}

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    KAPOK_CHECK(ok());
    return std::get<0>(held_);
  }
  [[nodiscard]] T& value() & {
    KAPOK_CHECK(ok());
    return std::get<0>(held_);
  }
  [[nodiscard]] T&& value() && {
    KAPOK_CHECK(ok());
    return std::get<0>(std::move(held_));
  }
  [[nodiscard]] const Error& error() const {
    KAPOK_CHECK(!ok());
    return std::get<1>(held_);
  }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, Error> held_;
};

}  // namespace kapok
