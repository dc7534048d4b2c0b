#include "storage/field_cipher.h"

#include <sodium.h>

#include "storage/base64.h"

namespace kapok::storage {
namespace {

constexpr char kAlgorithm = 1;
constexpr std::size_t kHead = 2;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SecretKey::kBytes);

unsigned char* raw(std::string& bytes, std::size_t offset = 0) {
  return reinterpret_cast<unsigned char*>(bytes.data()) + offset;
}
const unsigned char* raw(std::string_view bytes, std::size_t offset = 0) {
  return reinterpret_cast<const unsigned char*>(bytes.data()) + offset;
}

std::string column_part(const SealedPlace& place) { return std::string(place.table) + '.' + std::string(place.column); }

std::string bound_data(std::string_view head, const SealedPlace& place) {
  return std::string(head) + column_part(place) + '/' + std::to_string(place.row_id);
}

}  // namespace

std::string FieldCipher::seal(const SealedPlace& place, std::string_view plain) const {
  if (plain.empty()) return {};
  const std::uint8_t key_id = keys_->current_key_id();
  std::string value(kHead + kNonce + plain.size() + kTag, '\0');
  value[0] = kAlgorithm;
  value[1] = static_cast<char>(key_id);
  randombytes_buf(raw(value, kHead), kNonce);
  const std::string bound = bound_data(std::string_view(value).substr(0, kHead), place);
  const SecretKey key = keys_->derive(key_id, KeyPurpose::kSealedColumn, column_part(place));
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(value, kHead + kNonce), nullptr, raw(plain), plain.size(), raw(bound),
                                             bound.size(), nullptr, raw(value, kHead), key.data());
  return to_base64(value);
}

Result<std::string> FieldCipher::open(const SealedPlace& place, std::string_view sealed) const {
  if (sealed.empty()) return std::string{};
  const Error damaged{ErrorCode::kRowDamaged, "a sealed value of " + column_part(place) + " does not open"};
  const auto value = from_base64(sealed);
  if (!value || value->size() < kHead + kNonce + kTag || (*value)[0] != kAlgorithm) return damaged;
  const auto key_id = static_cast<std::uint8_t>((*value)[1]);
  if (!keys_->has(key_id)) return damaged;
  const std::string_view whole(*value);
  const std::string bound = bound_data(whole.substr(0, kHead), place);
  const SecretKey key = keys_->derive(key_id, KeyPurpose::kSealedColumn, column_part(place));
  std::string plain(whole.size() - kHead - kNonce - kTag, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plain), nullptr, nullptr, raw(whole, kHead + kNonce),
                                                 whole.size() - kHead - kNonce, raw(bound), bound.size(),
                                                 raw(whole, kHead), key.data()) != 0) {
    return damaged;
  }
  return plain;
}

}  // namespace kapok::storage
