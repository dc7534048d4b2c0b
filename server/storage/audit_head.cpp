#include "storage/audit_head.h"

#include <sodium.h>

#include <charconv>
#include <cstring>
#include <sstream>

#include "core/check.h"
#include "core/local_time.h"
#include "storage/base64.h"
#include "storage/guarded_file.h"
#include "storage/keyed_digest.h"

namespace kapok::storage {
namespace {

constexpr std::string_view kFirstLine = "kapok-audit-key 1";
constexpr std::string_view kFirstWords = "kapok-head 1";
constexpr std::string_view kWhat = "audit key file";
constexpr std::size_t kKeyFileBytesMax = 4096;
constexpr std::size_t kHeadBytesMax = 1024;
constexpr std::size_t kKeyIdChars = 8;

const unsigned char* raw(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

/// What is signed: the line up to its signature.
std::string signed_text(const AuditHead& head) {
  std::string text(kFirstWords);
  text += " city=" + std::to_string(head.city.value) + " from=" + std::to_string(head.segment_start);
  text += " seq=" + std::to_string(head.seq) + " at=" + format_local(head.at, UtcOffset{0});
  return text + " hash=" + head.hash + " key=" + head.key_id + " prev=" + head.previous;
}

/// Takes the word `name=…` off the front of `line`.
std::optional<std::string> take_word(std::string_view& line, std::string_view name) {
  if (!line.starts_with(' ')) return std::nullopt;
  line.remove_prefix(1);
  if (!line.starts_with(name) || line.substr(name.size()).substr(0, 1) != "=") return std::nullopt;
  line.remove_prefix(name.size() + 1);
  const std::size_t end = std::min(line.find(' '), line.size());
  std::string value(line.substr(0, end));
  line.remove_prefix(end);
  return value;
}

std::optional<std::int64_t> take_number(std::string_view& line, std::string_view name) {
  const auto text = take_word(line, name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string to_line(const AuditHead& head) { return signed_text(head) + " sig=" + head.signature; }

std::optional<AuditHead> read_audit_head(std::string_view line) {
  if (line.size() > kHeadBytesMax || !line.starts_with(kFirstWords)) return std::nullopt;
  std::string_view rest = line.substr(kFirstWords.size());
  const auto city = take_number(rest, "city"), from = take_number(rest, "from"), seq = take_number(rest, "seq");
  const auto at_text = take_word(rest, "at");
  const auto hash = take_word(rest, "hash"), key = take_word(rest, "key");
  const auto previous = take_word(rest, "prev"), signature = take_word(rest, "sig");
  if (!city || !from || !seq || !at_text || !hash || !key || !previous || !signature) return std::nullopt;
  const auto at = parse_local(*at_text, UtcOffset{0});
  if (!at || !rest.empty()) return std::nullopt;
  AuditHead head{CityId{*city}, *from, *seq, *hash, *at, *key, *previous, *signature};
  if (to_line(head) != line) return std::nullopt;  // one head has one text
  return head;
}

std::string digest_of(const AuditHead& head) { return to_base64(plain_digest(to_line(head))); }

std::string AuditPublicKey::id() const {
  return to_base64(plain_digest(from_base64(text).value_or(""))).substr(0, kKeyIdChars);
}

bool AuditPublicKey::signed_it(const AuditHead& head) const {
  const auto key = from_base64(text), signature = from_base64(head.signature);
  if (!key || key->size() != crypto_sign_PUBLICKEYBYTES) return false;
  if (!signature || signature->size() != crypto_sign_BYTES) return false;
  const std::string words = signed_text(head);
  return crypto_sign_verify_detached(raw(*signature), raw(words), words.size(), raw(*key)) == 0;
}

Result<AuditPublicKey> read_audit_public_key(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != crypto_sign_PUBLICKEYBYTES)
    return Error{ErrorCode::kInvalidArgument, "an audit public key is 43 characters of base64url, as init printed it"};
  return AuditPublicKey{std::string(text)};
}

std::filesystem::path audit_key_file_of(const std::filesystem::path& key_file) { return key_file.string() + ".audit"; }

AuditSigner::AuditSigner(const std::string& seed) {
  KAPOK_CHECK(seed.size() == SecretKey::kBytes);
  std::memcpy(seed_.data(), seed.data(), SecretKey::kBytes);
  std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(raw(open), raw(secret), seed_.data());
  sodium_memzero(secret.data(), secret.size());
  public_.text = to_base64(open);
}

Result<AuditSigner> AuditSigner::create_file(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  std::string seed(SecretKey::kBytes, '\0');
  randombytes_buf(seed.data(), seed.size());
  AuditSigner signer(seed);
  std::string text = std::string(kFirstLine) + "\nseed " + to_base64(seed) + "\npublic " + signer.public_.text + "\n";
  sodium_memzero(seed.data(), seed.size());
  auto created = create_guarded_file(kWhat, file, text);
  sodium_memzero(text.data(), text.size());
  if (!created) return created.error();
  return signer;
}

Result<AuditSigner> AuditSigner::load(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  auto text = read_guarded_file(kWhat, file, kKeyFileBytesMax);
  if (!text) return text.error();
  std::istringstream lines(*text);
  sodium_memzero(text->data(), text->size());
  std::string first, word, seed_text;
  std::getline(lines, first);
  lines >> word >> seed_text;
  auto seed = from_base64(seed_text);
  if (first != kFirstLine || word != "seed" || !seed || seed->size() != SecretKey::kBytes)
    return Error{ErrorCode::kStoreUnavailable,
                 std::string(kWhat) + " " + file.string() + " does not read as one: restore it from its backup"};
  AuditSigner signer(*seed);
  sodium_memzero(seed->data(), seed->size());
  return signer;
}

AuditHead AuditSigner::sign(AuditHead head) const {
  head.at = Instant{head.at.us / 1'000'000 * 1'000'000};
  head.key_id = public_.id();
  std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(raw(open), raw(secret), seed_.data());
  std::string signature(crypto_sign_BYTES, '\0');
  const std::string words = signed_text(head);
  crypto_sign_detached(raw(signature), nullptr, raw(words), words.size(), raw(secret));
  sodium_memzero(secret.data(), secret.size());
  head.signature = to_base64(signature);
  return head;
}

}  // namespace kapok::storage
