#include "storage/backup_key.h"

#include <sodium.h>
#include <sys/stat.h>

#include <cstring>

#include "core/check.h"
#include "storage/base64.h"
#include "storage/durable_file.h"

namespace kapok::storage {
namespace {

constexpr std::string_view kPrivateLine = "kapok-backup-private 1\n";
constexpr std::string_view kPublicLine = "kapok-backup-public 1\n";
constexpr std::size_t kFileBytesMax = 1024;
constexpr std::size_t kFingerprintBytes = 16;

static_assert(crypto_box_SECRETKEYBYTES == SecretKey::kBytes && crypto_box_PUBLICKEYBYTES == 32);

Error refusal(const std::filesystem::path& file, const std::string& why) {
  return {ErrorCode::kStoreUnavailable, "backup key file " + file.string() + " " + why};
}

Result<> write_key(const std::filesystem::path& file, unsigned mode, std::string text) {
  auto out = DurableFile::create(file, mode);
  if (!out) return out.error();
  auto written = out->write(text);
  sodium_memzero(text.data(), text.size());
  return written ? out->finish() : written;
}

/// The 32 bytes of a key file that begins with `first_line`.
Result<std::string> read_key(const std::filesystem::path& file, std::string_view first_line) {
  auto text = read_small_file(file, kFileBytesMax);
  if (!text) return text.error();
  std::string_view rest = *text;
  if (!rest.starts_with(first_line)) {
    const std::string_view other = first_line == kPrivateLine ? kPublicLine : kPrivateLine;
    if (!rest.starts_with(other)) return refusal(file, "is no backup key");
    return refusal(file, first_line == kPrivateLine
                             ? "is the public half; the private one is needed"
                             : "is the private half: take it away, the server needs FILE.public");
  }
  rest.remove_prefix(first_line.size());
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == ' ')) rest.remove_suffix(1);
  auto bytes = from_base64(rest);
  sodium_memzero(text.value().data(), text.value().size());
  if (!bytes || bytes->size() != SecretKey::kBytes) return refusal(file, "does not hold 32 bytes of base64url");
  return std::move(*bytes);
}

}  // namespace

std::string BackupPublicKey::fingerprint() const {
  std::string digest(kFingerprintBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(), bytes.data(), bytes.size(),
                     nullptr, 0);
  return digest;
}

std::string fingerprint_text(const std::string& fingerprint) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t at = 0; at < fingerprint.size(); ++at) {
    if (at > 0 && at % 2 == 0) text.push_back(' ');
    text.push_back(kDigits[static_cast<unsigned char>(fingerprint[at]) >> 4]);
    text.push_back(kDigits[static_cast<unsigned char>(fingerprint[at]) & 15]);
  }
  return text;
}

std::filesystem::path public_file_of(const std::filesystem::path& private_file) {
  return private_file.string() + ".public";
}

Result<BackupPublicKey> make_backup_keys(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  for (const auto& each : {file, public_file_of(file)})
    if (std::filesystem::exists(each)) return refusal(each, "exists already and is never overwritten");
  BackupPrivateKey pair;
  crypto_box_keypair(pair.public_key.bytes.data(), pair.secret.data());
  const auto line = [](std::string_view first, const unsigned char* bytes) {
    std::string raw(reinterpret_cast<const char*>(bytes), SecretKey::kBytes);
    std::string text = std::string(first) + to_base64(raw) + "\n";
    sodium_memzero(raw.data(), raw.size());
    return text;
  };
  if (auto made = write_key(file, 0400, line(kPrivateLine, pair.secret.data())); !made) return made.error();
  if (auto made = write_key(public_file_of(file), 0644, line(kPublicLine, pair.public_key.bytes.data())); !made)
    return made.error();
  return pair.public_key;
}

Result<BackupPublicKey> load_backup_public_key(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  auto bytes = read_key(file, kPublicLine);
  if (!bytes) return bytes.error();
  BackupPublicKey key;
  std::memcpy(key.bytes.data(), bytes->data(), key.bytes.size());
  return key;
}

Result<BackupPrivateKey> load_backup_private_key(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  struct stat facts{};
  if (::stat(file.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0)
    return refusal(file, "can be read by others: run chmod 400 on it");
  auto bytes = read_key(file, kPrivateLine);
  if (!bytes) return bytes.error();
  BackupPrivateKey key;
  std::memcpy(key.secret.data(), bytes->data(), SecretKey::kBytes);
  sodium_memzero(bytes.value().data(), bytes.value().size());
  crypto_scalarmult_base(key.public_key.bytes.data(), key.secret.data());
  return key;
}

}  // namespace kapok::storage
