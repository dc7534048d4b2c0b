#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/id.h"
#include "core/instant.h"
#include "ops/log_message.h"

/// The structured log: `2026-11-21T19:31:21.123Z error KPK-202 ACCEPT_FAILED errno=24`. Nothing in it identifies a
/// caller or a person: a field can be built only from the things below, and none of them can carry a name, a
/// telephone number or anything a client sent.
namespace kapok::ops {

/// Text known when the program was compiled; the only text a field accepts.
class Literal {
 public:
  consteval Literal(const char* text) : text_(text) {
    for (const char letter : text_)
      if (letter <= ' ' || letter == '=' || letter == '"') throw "a field is one word";
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// A word of one of our enumerations or a compiled-in literal.
class Code {
 public:
  template <class E>
    requires std::is_enum_v<E>
  constexpr Code(E value) : text_(name_of(value)) {}
  consteval Code(const char* literal) : text_(Literal(literal).text()) {}
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// `key=value` of one line. Counts are 32 bits wide and saturate, so that an eleven-digit number does not fit.
class Field {
 public:
  template <class Tag>
  Field(Literal key, Id<Tag> id) : key_(key.text()), value_(std::to_string(id.value)) {}
  Field(Literal key, Code code) : key_(key.text()), value_(code.text()) {}
  Field(Literal key, Duration length) : key_(key.text()), value_(std::to_string(length.count() / 1000) + "ms") {}
  template <std::integral T>
  Field(Literal key, T count) : key_(key.text()), value_(std::to_string(saturated(count))) {}

  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] const std::string& value() const { return value_; }

 private:
  template <std::integral T>
  static std::uint32_t saturated(T count) {
    if (std::cmp_less(count, 0)) return 0;
    return std::cmp_greater(count, UINT32_MAX) ? UINT32_MAX : static_cast<std::uint32_t>(count);
  }

  std::string_view key_;
  std::string value_;
};

/// Where the lines go. `write` may be called on any thread and never blocks: lines wait in a bounded queue
/// (8,192) for a thread of the log's own; when it is full the oldest are dropped and LOG_LINES_LOST says how
/// many. The destructor writes what is left.
class Log {
 public:
  /// To standard error, which systemd keeps in its journal.
  explicit Log(Severity least = Severity::kInfo);
  /// To a stream that outlives the log; for tests.
  Log(Severity least, std::ostream& stream);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogId id, std::initializer_list<Field> fields = {});
  /// Hears of each line on the thread that writes it, also of those below the least severity. Set before other threads
  /// write; must not block.
  void on_written(std::function<void(const LogMessage&)> hears) { hears_ = std::move(hears); }

 private:
  struct Sinks;
  Severity least_;
  std::function<void(const LogMessage&)> hears_;
  std::unique_ptr<Sinks> sinks_;
};

}  // namespace kapok::ops
