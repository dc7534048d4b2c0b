#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/digest.h"

/// Three readings of one description. A structure names its fields once, in order (event_fields.h):
///
///     template <class V> void fields(V& v, Is<ShiftEnded> auto& e) { v.field("shift", e.shift); }
///
/// and is written as text, read back from text, or mixed into a digest by it, so that these cannot drift apart.
/// Text: ` name=value` for each field; ids, instants and counts as decimal numbers, yes and no as 1 and 0, words of
/// an enumeration by name, bytes as hexadecimal after an x (nothing when absent), lists of numbers as `[1,2]`, lists of
/// structures as `[( id=1 )( id=2 )]`. A value has exactly one spelling: what reads back is what was written.
namespace kapok::routing {

/// For describing a structure that is read and one that is written by the same text.
template <class E, class T>
concept Is = std::is_same_v<std::remove_const_t<E>, T>;

template <class T>
concept Number = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint64_t>;

/// Bytes of a text and entries of a list that are read at most: a whole city's directory is a tenth of it.
inline constexpr std::size_t kFieldTextMax = std::size_t{8} << 20;
inline constexpr std::size_t kFieldListMax = 100'000;
/// Bytes of a value such as a caller's key, and of a plain word.
inline constexpr std::size_t kFieldBytesMax = 256;
inline constexpr std::size_t kFieldWordMax = 64;

class TextWriter {
 public:
  explicit TextWriter(std::string_view start) : text_(start) {}

  template <class T>
  void field(std::string_view name, const T& value) {
    name_of_field(name);
    put(value);
  }
  template <class T>
  void list(std::string_view name, const std::vector<T>& values) {
    name_of_field(name);
    text_ += '[';
    for (const T& value : values) {
      text_ += '(';
      fields(*this, value);
      text_ += " )";
    }
    text_ += ']';
  }
  /// Letters, digits and `._+-` only: a version.
  void word(std::string_view name, const std::string& value) {
    name_of_field(name);
    text_ += value;
  }

  std::string take() { return std::move(text_); }

 private:
  void name_of_field(std::string_view name) {
    text_ += ' ';
    text_ += name;
    text_ += '=';
  }
  void put(bool value) { text_ += value ? '1' : '0'; }
  template <Number T>
  void put(T value) {
    text_ += std::to_string(value);
  }
  void put(Instant at) { put(at.us); }
  void put(Duration length) { put(std::int64_t{length.count()}); }
  template <class Tag>
  void put(Id<Tag> id) {
    put(id.value);
  }
  template <class E>
    requires std::is_enum_v<E>
  void put(E value) {
    text_ += kapok::name_of(value);
  }
  void put(const std::optional<std::string>& value) {
    static constexpr char kHex[] = "0123456789abcdef";
    if (!value) return;
    text_ += 'x';
    for (const char byte : *value) {
      text_ += kHex[static_cast<unsigned char>(byte) >> 4];
      text_ += kHex[static_cast<unsigned char>(byte) & 15];
    }
  }
  template <class T>
  void put(const std::vector<T>& values) {
    text_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text_ += ',';
      put(values[i]);
    }
    text_ += ']';
  }

  std::string text_;
};

/// Reads foreign bytes: strict and bounded. After the first fault nothing more is read and `sound()` is false.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  template <class T>
  void field(std::string_view name, T& value) {
    if (name_of_field(name) && !read(value)) fault(name);
  }
  template <class T>
  void list(std::string_view name, std::vector<T>& values) {
    if (!name_of_field(name)) return;
    if (!take('[')) return fault(name);
    while (sound_ && !take(']')) {
      if (!take('(') || values.size() == kFieldListMax) return fault(name);
      fields(*this, values.emplace_back());
      if (sound_ && !take(" )")) return fault(name);
    }
  }
  void word(std::string_view name, std::string& value) {
    if (!name_of_field(name)) return;
    value = std::string(token());
    for (const char c : value)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
            c == '+' || c == '-'))
        return fault(name);
    if (value.size() > kFieldWordMax) fault(name);
  }

  /// Everything up to the next space or the end: the name of the structure, before its fields.
  std::string_view name() {
    const std::size_t end = std::min(text_.find(' ', at_), text_.size());
    const std::string_view found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }

  [[nodiscard]] bool sound() const { return sound_; }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  /// Field at which reading stopped, and where in the text; for the person who looks for the fault.
  [[nodiscard]] std::string_view faulty_field() const { return faulty_field_; }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  void fault(std::string_view name) {
    if (sound_) faulty_field_ = name;
    sound_ = false;
  }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }
  bool name_of_field(std::string_view name) {
    if (!sound_) return false;
    if (take(' ') && take(name) && take('=')) return true;
    fault(name);
    return false;
  }
  std::string_view token() {
    const std::size_t end = std::min(text_.find_first_of(" ,])", at_), text_.size());
    const std::string_view found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }

  bool read(bool& value) {
    if (take('1')) return value = true;
    value = false;
    return take('0');
  }
  template <Number T>
  bool read(T& value) {
    const std::string_view digits = token();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return false;
    const std::string_view bare = digits.front() == '-' ? digits.substr(1) : digits;
    return bare.front() != '0' || digits == "0";
  }
  bool read(Instant& at) { return read(at.us); }
  bool read(Duration& length) {
    std::int64_t count = 0;
    if (!read(count)) return false;
    length = Duration{count};
    return true;
  }
  template <class Tag>
  bool read(Id<Tag>& id) {
    return read(id.value);
  }
  template <class E>
    requires std::is_enum_v<E>
  bool read(E& value) {
    const auto found = from_name<E>(token());
    if (found) value = *found;
    return found.has_value();
  }
  bool read(std::optional<std::string>& value) {
    value.reset();
    if (!take('x')) return token().empty();
    const std::string_view digits = token();
    if (digits.size() % 2 != 0 || digits.size() > 2 * kFieldBytesMax) return false;
    value.emplace();
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      const int high = digit(digits[i]);
      const int low = digit(digits[i + 1]);
      if (high < 0 || low < 0) return false;
      value->push_back(static_cast<char>(high * 16 + low));
    }
    return true;
  }
  template <class T>
  bool read(std::vector<T>& values) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (values.size() == kFieldListMax || !read(values.emplace_back())) return false;
    } while (take(','));
    return take(']');
  }
  static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool sound_ = true;
  std::string_view faulty_field_;
};

/// Mixes the same fields into 64 bits, names aside.
class FieldDigest {
 public:
  explicit FieldDigest(Digest& digest) : digest_(digest) {}

  template <class T>
  void field(std::string_view, const T& value) {
    add(value);
  }

 private:
  void add(Duration length) { digest_.add(std::int64_t{length.count()}); }
  template <class T>
  void add(const T& value) {
    digest_.add(value);
  }

  Digest& digest_;
};

}  // namespace kapok::routing
