#include "storage/key_file.h"

#include <sodium.h>

#include <array>
#include <charconv>
#include <sstream>
#include <vector>

#include "core/check.h"
#include "storage/audit_head.h"
#include "storage/base64.h"
#include "storage/durable_file.h"
#include "storage/guarded_file.h"

namespace kapok::storage {
namespace {

constexpr std::size_t kKeyFileBytesMax = 16 * 1024;
constexpr std::size_t kBackupBytesMax = 64 * 1024;
constexpr unsigned kKeyFileMode = 0400;
constexpr std::string_view kBackupFirstLine = "kapok-key-backup 1";

// What Argon2id may be told to take by a file that came from elsewhere.
constexpr unsigned long long kPassesMax = 20;
constexpr std::size_t kMemoryMax = std::size_t{1} << 30;

Error unavailable(std::string sentence) { return {ErrorCode::kStoreUnavailable, std::move(sentence)}; }

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

/// Replaces the file by one in which `keep` has had its say about every line, with `added` at the end.
template <class Keep>
Result<> rewrite(const std::filesystem::path& file, const Keep& keep, const std::string& added) {
  auto text = read_guarded_file("key file", file, kKeyFileBytesMax);
  if (!text) return text.error();
  std::istringstream lines(*text);
  std::string changed;
  for (std::string line; std::getline(lines, line);) changed += keep(line) ? line + "\n" : std::string{};
  changed += added;
  auto replacement = DurableFile::create(file, kKeyFileMode);
  Result<> written = replacement ? replacement.value().write(changed) : Result<>(replacement.error());
  if (written) written = replacement.value().finish();
  wipe(*text);
  wipe(changed);
  return written;
}

bool begins_with_words(const std::string& line, std::string_view first, std::string_view second = {}) {
  std::istringstream words(line);
  std::string one, two;
  words >> one >> two;
  return one == first && (second.empty() || two == second);
}

Result<SecretKey> key_from(std::string_view passphrase, std::string_view salt, unsigned long long passes,
                           std::size_t memory) {
  static_assert(crypto_secretbox_KEYBYTES == SecretKey::kBytes);
  SecretKey key;
  if (crypto_pwhash(key.data(), SecretKey::kBytes, passphrase.data(), passphrase.size(),
                    reinterpret_cast<const unsigned char*>(salt.data()), passes, memory,
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    return unavailable("there is not enough memory to work the passphrase: 256 MiB are needed");
  return key;
}

std::string joined(const KeyFiles& files) {
  return "keys " + std::to_string(files.keys.size()) + "\n" + files.keys + files.audit_key;
}

Result<KeyFiles> parted(const std::string& text) {
  const std::size_t end = text.find('\n');
  std::size_t length = 0;
  if (end == std::string::npos || !text.starts_with("keys ") ||
      std::from_chars(text.data() + 5, text.data() + end, length).ec != std::errc{} || length > text.size() - end - 1)
    return unavailable("the key backup holds something else than keys");
  return KeyFiles{text.substr(end + 1, length), text.substr(end + 1 + length)};
}

}  // namespace

Result<std::unique_ptr<KeyRing>> add_key(const std::filesystem::path& key_file) {
  auto ring = KeyRing::load(key_file);
  if (!ring) return ring.error();
  const int next = ring.value()->key_ids().back() + 1;
  if (next > 255) return unavailable("key file " + key_file.string() + " has reached key 255, the last there can be");
  std::string master(SecretKey::kBytes, '\0');
  randombytes_buf(master.data(), master.size());
  std::string added =
      "key " + std::to_string(next) + " " + to_base64(master) + "\ncurrent " + std::to_string(next) + "\n";
  const auto written =
      rewrite(key_file, [](const std::string& line) { return !begins_with_words(line, "current"); }, added);
  wipe(master);
  wipe(added);
  if (!written) return written.error();
  return KeyRing::load(key_file);
}

Result<> remove_key(const std::filesystem::path& key_file, std::uint8_t key_id) {
  const auto ring = KeyRing::load(key_file);
  if (!ring) return ring.error();
  if (!ring.value()->has(key_id)) return unavailable("the key file holds no key " + std::to_string(key_id));
  if (key_id == ring.value()->current_key_id()) return unavailable("the current key cannot be taken out");
  if (key_id == ring.value()->index_key_id()) return unavailable("the index key cannot be taken out");
  return rewrite(
      key_file,
      [number = std::to_string(key_id)](const std::string& line) { return !begins_with_words(line, "key", number); },
      {});
}

std::string fingerprint_of(const KeyRing& keys) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, 16);
  for (const std::uint8_t id : keys.key_ids()) {
    const SecretKey mark = keys.derive(id, KeyPurpose::kFingerprint);
    crypto_generichash_update(&state, &id, 1);
    crypto_generichash_update(&state, mark.data(), SecretKey::kBytes);
  }
  std::string digest(16, '\0');
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
  return to_base64(digest);
}

Result<KeyFiles> read_key_files(const std::filesystem::path& key_file) {
  KeyFiles files;
  auto keys = read_guarded_file("key file", key_file, kKeyFileBytesMax);
  if (!keys) return keys.error();
  files.keys = std::move(*keys);
  const auto audit_file = audit_key_file_of(key_file);
  if (!std::filesystem::exists(audit_file)) return files;
  auto audit_key = read_guarded_file("audit key file", audit_file, kKeyFileBytesMax);
  if (!audit_key) return audit_key.error();
  files.audit_key = std::move(*audit_key);
  return files;
}

Result<std::string> seal_key_backup(const KeyFiles& files, std::string_view fingerprint, std::string_view passphrase) {
  KAPOK_CHECK(sodium_init() >= 0);
  std::string salt(crypto_pwhash_SALTBYTES, '\0');
  randombytes_buf(salt.data(), salt.size());
  const auto key = key_from(passphrase, salt, crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE);
  if (!key) return key.error();
  std::string plain = joined(files);
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(sealed.data());
  randombytes_buf(bytes, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES, reinterpret_cast<const unsigned char*>(plain.data()),
                        plain.size(), bytes, key.value().data());
  wipe(plain);
  return std::string(kBackupFirstLine) + "\nkeys " + std::string(fingerprint) + "\nargon2id " +
         std::to_string(crypto_pwhash_OPSLIMIT_MODERATE) + " " + std::to_string(crypto_pwhash_MEMLIMIT_MODERATE) + " " +
         to_base64(salt) + "\nsealed " + to_base64(sealed) + "\n";
}

Result<KeyFiles> open_key_backup(std::string_view text, std::string_view passphrase) {
  KAPOK_CHECK(sodium_init() >= 0);
  const Error unreadable = unavailable("this is no key backup, or it is damaged");
  std::istringstream lines{std::string(text.substr(0, kBackupBytesMax))};
  std::string first, word, fingerprint, kdf, salt_text, sealed_text;
  unsigned long long passes = 0;
  std::size_t memory = 0;
  std::getline(lines, first);
  if (first != kBackupFirstLine || !(lines >> word >> fingerprint) ||
      !(lines >> kdf >> passes >> memory >> salt_text) || !(lines >> word >> sealed_text) || kdf != "argon2id" ||
      passes > kPassesMax || memory > kMemoryMax)
    return unreadable;
  const auto salt = from_base64(salt_text);
  const auto sealed = from_base64(sealed_text);
  if (!salt || salt->size() != crypto_pwhash_SALTBYTES || !sealed ||
      sealed->size() < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
    return unreadable;
  const auto key = key_from(passphrase, *salt, passes, memory);
  if (!key) return key.error();
  std::string plain(sealed->size() - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES, '\0');
  const auto* const bytes = reinterpret_cast<const unsigned char*>(sealed->data());
  if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()), bytes + crypto_secretbox_NONCEBYTES,
                                 sealed->size() - crypto_secretbox_NONCEBYTES, bytes, key.value().data()) != 0)
    return unavailable("the passphrase is wrong, or the key backup is damaged");
  auto files = parted(plain);
  wipe(plain);
  return files;
}

Result<> write_key_use(const std::filesystem::path& key_file, const KeyUseNote& note) {
  std::string text = std::string(note.resealing ? "resealing " : "done ") + std::to_string(note.rows_resealed) + "\n";
  for (const auto& [key, values] : note.values) text += std::to_string(key) + " " + std::to_string(values) + "\n";
  auto file = DurableFile::create(key_file.string() + ".use");
  if (!file) return file.error();
  if (auto written = file.value().write(text); !written) return written;
  return file.value().finish();
}

std::optional<KeyUseNote> read_key_use(const std::filesystem::path& key_file) {
  const auto text = read_small_file(key_file.string() + ".use", kKeyFileBytesMax);
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  KeyUseNote note;
  std::string state;
  lines >> state >> note.rows_resealed;
  note.resealing = state == "resealing";
  int key = 0;
  for (std::int64_t values = 0; lines >> key >> values;) note.values.emplace_back(key, values);
  return note;
}

std::filesystem::path backup_mark_of(const std::filesystem::path& key_file) { return key_file.string() + ".backed-up"; }

Result<> mark_backed_up(const std::filesystem::path& key_file, std::string_view fingerprint) {
  auto mark = DurableFile::create(backup_mark_of(key_file));
  if (!mark) return mark.error();
  if (auto written = mark.value().write(std::string(fingerprint) + "\n"); !written) return written;
  return mark.value().finish();
}

bool is_backed_up(const std::filesystem::path& key_file, const KeyRing& keys) {
  const auto mark = read_small_file(backup_mark_of(key_file), 100);
  return mark && *mark == fingerprint_of(keys) + "\n";
}

}  // namespace kapok::storage
