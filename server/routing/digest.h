#pragma once

#include <cstdint>
#include <type_traits>

#include "core/id.h"
#include "core/instant.h"

namespace kapok::routing {

/// Mixes numbers, in order, into 64 bits (the finaliser of splitmix64 after each). Not for secrets: it only
/// tells two states apart.
class Digest {
 public:
  Digest& add(std::uint64_t value) {
    std::uint64_t x = (hash_ ^ value) + 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    hash_ = x ^ (x >> 31);
    return *this;
  }
  Digest& add(std::int64_t value) { return add(static_cast<std::uint64_t>(value)); }
  Digest& add(std::int32_t value) { return add(static_cast<std::int64_t>(value)); }
  Digest& add(bool value) { return add(std::uint64_t{value}); }
  Digest& add(Instant at) { return add(at.us); }
  template <class Tag>
  Digest& add(Id<Tag> id) {
    return add(id.value);
  }
  template <class E>
    requires std::is_enum_v<E>
  Digest& add(E value) {
    return add(static_cast<std::int64_t>(value));
  }
  /// A list with its length, so that neighbours cannot trade elements.
  template <class List>
    requires requires(const List& l) { l.begin(), l.size(); }
  Digest& add(const List& list) {
    add(static_cast<std::uint64_t>(list.size()));
    for (const auto& item : list) add(item);
    return *this;
  }

  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0;
};

}  // namespace kapok::routing
