#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  kFingerprint = 7,
  kSpool = 8,  ///< further divided into header and record
  kBackupSeal = 10,
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
/// 1–255. Shared by all threads. While it is in use a ring only grows: adopt() adds keys and moves `current`,
/// and nothing that was readable before stops being so.
class KeyRing {
 public:
  /// Writes a new key file (0400) with one random key. Refuses an existing file: overwriting it would
  /// make every sealed value unreadable for ever.
  static Result<> create_file(const std::filesystem::path& file);

  /// Refuses, in one sentence with the cure, a missing file, any group or other permission bit, a file
  /// that is not regular, and anything that does not read as above.
  static Result<std::unique_ptr<KeyRing>> load(const std::filesystem::path& file);

  ~KeyRing();
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

  /// Takes the keys of `newer` that are not here yet and its current key; the index key stays. For one thread at a
  /// time, while all others read on: a value is sealed with the old key or with the new one, and opens either way.
  void adopt(const KeyRing& newer);

  [[nodiscard]] std::uint8_t current_key_id() const { return current_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint8_t index_key_id() const { return index_; }
  [[nodiscard]] bool has(std::uint8_t key_id) const {
    return masters_[key_id].load(std::memory_order_acquire) != nullptr;
  }
  /// All keys of the ring, rising.
  [[nodiscard]] std::vector<std::uint8_t> key_ids() const;

  /// Key of one purpose; `part` divides a purpose further (a column, a kind of index). The key id must be
  /// in the ring.
  [[nodiscard]] SecretKey derive(std::uint8_t key_id, KeyPurpose purpose, std::string_view part = {}) const;

 private:
  KeyRing() = default;
  void put(std::uint8_t key_id, const SecretKey& master);

  std::array<std::atomic<const SecretKey*>, 256> masters_{};  // owned; set once, never changed
  std::atomic<std::uint8_t> current_ = 0;
  std::uint8_t index_ = 0;
};

/// Which key a sealed value or a stored digest names; nothing when the text is neither.
std::optional<std::uint8_t> key_id_of(std::string_view stored);

}  // namespace kapok::storage
