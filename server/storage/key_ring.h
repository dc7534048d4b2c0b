#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace kapok::storage {

/// What a derived key is for. Each purpose has its own key, so that a fault in one use never weakens
/// another; the number is part of the derivation and never changes.
enum class KeyPurpose : std::uint64_t {
  kSealedColumn = 1,  ///< further divided by table and column
  kBlindIndex = 2,    ///< further divided by kind of value
  kRowMac = 3,
  kSearchTokens = 4,
  kAuditDetail = 5,
  kRequestDigest = 6,
};

/// 32 bytes that are wiped when they go out of use.
class SecretKey {
 public:
  static constexpr std::size_t kBytes = 32;

  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  [[nodiscard]] const unsigned char* data() const { return bytes_.data(); }
  [[nodiscard]] unsigned char* data() { return bytes_.data(); }

 private:
  std::array<unsigned char, kBytes> bytes_{};
};

/// The master keys of one store and the purpose keys derived from them (libsodium KDF, BLAKE2b).
///
/// Key file, text, 0400 of the service account, kept apart from copies of the database:
///
///     kapok-keys 1
///     key 1 <32 bytes as base64url>
///     current 1        new values are sealed with this key
///     index 1          blind indices and search tokens use this one until they are rebuilt
///
/// Values carry the id of the key that sealed them, so several keys can be readable at once. Ids are
/// 1–255. Immutable after loading; shared by all threads.
class KeyRing {
 public:
  /// Writes a new key file (0400) with one random key. Refuses an existing file: overwriting it would
  /// make every sealed value unreadable for ever.
  static Result<> create_file(const std::filesystem::path& file);

  /// Refuses, in one sentence with the cure, a missing file, any group or other permission bit, a file
  /// that is not regular, and anything that does not read as above.
  static Result<std::unique_ptr<const KeyRing>> load(const std::filesystem::path& file);

  [[nodiscard]] std::uint8_t current_key_id() const { return current_; }
  [[nodiscard]] std::uint8_t index_key_id() const { return index_; }
  [[nodiscard]] bool has(std::uint8_t key_id) const { return masters_.contains(key_id); }

  /// Key of one purpose; `part` divides a purpose further (a column, a kind of index). The key id must be
  /// in the ring.
  [[nodiscard]] SecretKey derive(std::uint8_t key_id, KeyPurpose purpose, std::string_view part = {}) const;

 private:
  KeyRing() = default;

  std::map<std::uint8_t, SecretKey> masters_;
  std::uint8_t current_ = 0;
  std::uint8_t index_ = 0;
};

}  // namespace kapok::storage
