#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

namespace kapok::storage {

/// BLAKE2b-256 over everything that passes. Included by storage's source files only.
class RunningDigest {
 public:
  static constexpr std::size_t kBytes = 32;

  RunningDigest() { crypto_generichash_init(&state_, nullptr, 0, kBytes); }

  void add(std::string_view bytes) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }

  /// Of all so far; more may follow.
  [[nodiscard]] std::string value() const {
    crypto_generichash_state copy = state_;
    std::string digest(kBytes, '\0');
    crypto_generichash_final(&copy, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
    return digest;
  }

 private:
  crypto_generichash_state state_{};
};

}  // namespace kapok::storage
