#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kapok::storage {

/// Numbers as bytes, most significant first: the form of everything that is read on another machine.
template <class T>
void put_number(std::string& into, T value) {
  const auto bits = static_cast<std::uint64_t>(value);
  for (std::size_t byte = sizeof(T); byte-- > 0;) into.push_back(static_cast<char>((bits >> (8 * byte)) & 0xff));
}

/// Takes numbers and bytes from the front of a text. After the first that was not there `sound` is false and
/// everything taken is zero or empty: ask once, at the end.
struct ByteTaker {
  std::string_view rest;
  bool sound = true;

  template <class T>
  T number() {
    const std::string_view bytes = take(sizeof(T));
    std::uint64_t bits = 0;
    for (const char byte : bytes) bits = (bits << 8) | static_cast<unsigned char>(byte);
    return static_cast<T>(bits);
  }

  std::string_view take(std::size_t count) {
    if (!sound || count > rest.size()) return sound = false, std::string_view{};
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
};

}  // namespace kapok::storage
