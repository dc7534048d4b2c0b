#include "storage/keyed_digest.h"

#include <sodium.h>

#include "core/check.h"
#include "storage/base64.h"

namespace kapok::storage {
namespace {

constexpr char kAlgorithm = 1;
constexpr std::size_t kDigestBytes = 16;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::string tagged(const KeyRing& keys, KeyPurpose purpose, std::uint8_t key_id, std::string_view bytes) {
  return std::string{kAlgorithm, static_cast<char>(key_id)} +
         keyed_digest(keys.derive(key_id, purpose), bytes, kDigestBytes);
}

}  // namespace

std::string keyed_digest(const SecretKey& key, std::string_view bytes, std::size_t length) {
  KAPOK_CHECK(length >= crypto_generichash_BYTES_MIN && length <= crypto_generichash_BYTES_MAX);
  std::string digest(length, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(), raw(bytes), bytes.size(),
                     key.data(), SecretKey::kBytes);
  return digest;
}

std::string plain_digest(std::string_view bytes) {
  std::string digest(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(), raw(bytes), bytes.size(), nullptr,
                     0);
  return digest;
}

std::string stored_digest(const KeyRing& keys, KeyPurpose purpose, std::string_view bytes) {
  return to_base64(tagged(keys, purpose, keys.current_key_id(), bytes));
}

std::string lasting_digest(const KeyRing& keys, KeyPurpose purpose, std::string_view bytes) {
  return to_base64(tagged(keys, purpose, keys.index_key_id(), bytes));
}

bool stored_digest_holds(const KeyRing& keys, KeyPurpose purpose, std::string_view bytes, std::string_view stored) {
  const auto value = from_base64(stored);
  if (!value || value->size() != 2 + kDigestBytes || (*value)[0] != kAlgorithm) return false;
  const auto key_id = static_cast<std::uint8_t>((*value)[1]);
  if (!keys.has(key_id)) return false;
  const std::string expected = tagged(keys, purpose, key_id, bytes);
  return sodium_memcmp(expected.data(), value->data(), expected.size()) == 0;
}

std::string request_digest(const KeyRing& keys, std::string_view request) {
  return to_base64(keyed_digest(keys.derive(keys.index_key_id(), KeyPurpose::kRequestDigest), request, kDigestBytes));
}

}  // namespace kapok::storage
