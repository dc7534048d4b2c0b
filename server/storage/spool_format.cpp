#include "storage/spool_format.h"

#include <sodium.h>

#include "storage/keyed_digest.h"

namespace kapok::storage {
namespace {

constexpr std::string_view kRecordMagic = "KSPR";
constexpr std::string_view kHeaderMagic = "KAPOKSPL";
constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kNonceAt = 56;
constexpr std::size_t kHeaderPlain = 8 + 8 + 8 + 8;  // magic, format, generation, key id
constexpr std::size_t kHeaderDigest = 32;
static_assert(kNonceAt + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == kSpoolHead);
static_assert(kSpoolTag == crypto_aead_xchacha20poly1305_ietf_ABYTES);

const unsigned char* raw(std::string_view bytes, std::size_t from = 0) {
  return reinterpret_cast<const unsigned char*>(bytes.data()) + from;
}
unsigned char* raw(std::string& bytes, std::size_t from = 0) {
  return reinterpret_cast<unsigned char*>(bytes.data()) + from;
}

void put(std::string& to, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) to.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::uint64_t take(std::string_view from, std::size_t at, int width) {
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[at + static_cast<std::size_t>(i)])) << (8 * i);
  return value;
}

std::string header_digest(const KeyRing& keys, std::uint8_t key_id, std::string_view plain) {
  return keyed_digest(keys.derive(key_id, KeyPurpose::kSpool, "header"), plain, kHeaderDigest);
}

}  // namespace

std::size_t spool_record_bytes(std::size_t length) {
  const std::size_t whole = kSpoolHead + length + kSpoolTag;
  return (whole + kSpoolBlock - 1) / kSpoolBlock * kSpoolBlock;
}

std::string seal_spool_record(const KeyRing& keys, const SpoolHead& head, std::string_view plain) {
  std::string record(kRecordMagic);
  put(record, plain.size(), 4);
  put(record, head.generation, 8);
  put(record, head.index, 8);
  put(record, static_cast<std::uint64_t>(head.seq), 8);
  put(record, head.key_id, 8);
  record += head.tag_before;
  record.resize(spool_record_bytes(plain.size()), '\0');
  randombytes_buf(raw(record, kNonceAt), crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const SecretKey key = keys.derive(head.key_id, KeyPurpose::kSpool, "record");
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(record, kSpoolHead), nullptr, raw(plain), plain.size(), raw(record),
                                             kNonceAt, nullptr, raw(record, kNonceAt), key.data());
  return record;
}

std::optional<SpoolHead> read_spool_head(std::string_view block) {
  if (block.size() < kSpoolHead || !block.starts_with(kRecordMagic)) return std::nullopt;
  SpoolHead head;
  head.length = static_cast<std::uint32_t>(take(block, 4, 4));
  head.generation = take(block, 8, 8);
  head.index = take(block, 16, 8);
  head.seq = static_cast<std::int64_t>(take(block, 24, 8));
  const std::uint64_t key_id = take(block, 32, 8);
  if (key_id == 0 || key_id > 255) return std::nullopt;
  head.key_id = static_cast<std::uint8_t>(key_id);
  head.tag_before = block.substr(40, kSpoolTag);
  return head;
}

std::optional<std::string> open_spool_record(const KeyRing& keys, std::string_view record, std::string& tag) {
  const auto head = read_spool_head(record);
  if (!head || !keys.has(head->key_id) || record.size() < kSpoolHead + head->length + kSpoolTag) return std::nullopt;
  const SecretKey key = keys.derive(head->key_id, KeyPurpose::kSpool, "record");
  std::string plain(head->length, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plain), nullptr, nullptr, raw(record, kSpoolHead),
                                                 head->length + kSpoolTag, raw(record), kNonceAt, raw(record, kNonceAt),
                                                 key.data()) != 0)
    return std::nullopt;
  tag = record.substr(kSpoolHead + head->length, kSpoolTag);
  return plain;
}

std::string spool_header(const KeyRing& keys, std::uint64_t generation) {
  std::string header(kHeaderMagic);
  put(header, kFormat, 8);
  put(header, generation, 8);
  put(header, keys.current_key_id(), 8);
  header += header_digest(keys, keys.current_key_id(), header);
  header.resize(kSpoolBlock, '\0');
  return header;
}

std::optional<std::uint64_t> read_spool_header(const KeyRing& keys, std::string_view block) {
  if (block.size() < kSpoolBlock || !block.starts_with(kHeaderMagic) || take(block, 8, 8) != kFormat)
    return std::nullopt;
  const std::uint64_t key_id = take(block, 24, 8);
  if (key_id == 0 || key_id > 255 || !keys.has(static_cast<std::uint8_t>(key_id))) return std::nullopt;
  const std::string expected = header_digest(keys, static_cast<std::uint8_t>(key_id), block.substr(0, kHeaderPlain));
  if (sodium_memcmp(expected.data(), block.data() + kHeaderPlain, kHeaderDigest) != 0) return std::nullopt;
  return take(block, 16, 8);
}

}  // namespace kapok::storage
