#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace kapok::sim {

/// Writes one flat or nested JSON object, fields in the order given. For our own names and figures: texts are escaped,
/// numbers that are none (infinite, not a number) become null.
class Json {
 public:
  Json& field(std::string_view name, double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value);
    return raw(name, std::isfinite(value) ? text : "null");
  }
  Json& field(std::string_view name, std::int64_t value) { return raw(name, std::to_string(value)); }
  Json& field(std::string_view name, std::int32_t value) { return raw(name, std::to_string(value)); }
  Json& field(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }
  Json& field(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  Json& field(std::string_view name, std::string_view value) { return raw(name, quoted(value)); }
  Json& field(std::string_view name, const char* value) { return raw(name, quoted(value)); }
  /// `value` is JSON already.
  Json& raw(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? "{" : ", ";
    text_ += quoted(name);
    text_ += ": ";
    text_ += value;
    return *this;
  }
  [[nodiscard]] std::string text() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  static std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      if (static_cast<unsigned char>(c) >= 0x20)
        out += c;
      else
        out += ' ';
    }
    return out + '"';
  }

  std::string text_;
};

}  // namespace kapok::sim
