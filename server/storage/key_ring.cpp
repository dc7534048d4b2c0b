#include "storage/key_ring.h"

#include <sodium.h>

#include <charconv>
#include <cstring>
#include <sstream>

#include "core/check.h"
#include "storage/base64.h"
#include "storage/guarded_file.h"

namespace kapok::storage {
namespace {

constexpr std::string_view kFirstLine = "kapok-keys 1";
constexpr std::size_t kFileBytesMax = 16 * 1024;
constexpr std::string_view kWhat = "key file";

Error refusal(const std::filesystem::path& file, const std::string& why) {
  return {ErrorCode::kStoreUnavailable, std::string(kWhat) + " " + file.string() + " " + why};
}

std::optional<std::uint8_t> key_id_from(const std::string& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > 255) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

std::optional<SecretKey> master_from(const std::string& text) {
  auto bytes = from_base64(text);
  if (!bytes || bytes->size() != SecretKey::kBytes) return std::nullopt;
  SecretKey master;
  std::memcpy(master.data(), bytes->data(), SecretKey::kBytes);
  sodium_memzero(bytes->data(), bytes->size());
  return master;
}

}  // namespace

SecretKey::~SecretKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

Result<> KeyRing::create_file(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  std::string master(SecretKey::kBytes, '\0');
  randombytes_buf(master.data(), master.size());
  std::string text = std::string(kFirstLine) + "\nkey 1 " + to_base64(master) + "\ncurrent 1\nindex 1\n";
  const Result<> written = create_guarded_file(kWhat, file, text);
  sodium_memzero(master.data(), master.size());
  sodium_memzero(text.data(), text.size());
  return written;
}

Result<std::unique_ptr<KeyRing>> KeyRing::load(const std::filesystem::path& file) {
  KAPOK_CHECK(sodium_init() >= 0);
  if (std::error_code unknown; !std::filesystem::exists(file, unknown))
    return refusal(file, "is missing: put it back with kapokctl keys restore, no record can be read without it");
  auto text = read_guarded_file(kWhat, file, kFileBytesMax);
  if (!text) return text.error();
  std::istringstream lines(*text);
  sodium_memzero(text.value().data(), text.value().size());

  std::unique_ptr<KeyRing> ring(new KeyRing);
  std::string line;
  if (!std::getline(lines, line) || line != kFirstLine) return refusal(file, "does not begin with \"kapok-keys 1\"");
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string word, id_text, key_text;
    if (!(words >> word) || word.starts_with('#')) continue;
    words >> id_text >> key_text;
    const auto id = key_id_from(id_text);
    if (!id) return refusal(file, "has a line without a key id from 1 to 255");
    if (word == "current") {
      ring->current_ = *id;
    } else if (word == "index") {
      ring->index_ = *id;
    } else if (word == "key") {
      const auto master = master_from(key_text);
      if (!master) return refusal(file, "holds a key that is not 32 bytes of base64url");
      if (ring->has(*id)) return refusal(file, "holds a key twice");
      ring->put(*id, *master);
    } else {
      return refusal(file, "has a line that is neither key, current nor index");
    }
  }
  if (!ring->has(ring->current_) || !ring->has(ring->index_)) return refusal(file, "names no current or no index key");
  return ring;
}

KeyRing::~KeyRing() {
  for (auto& master : masters_) delete master.load(std::memory_order_acquire);
}

void KeyRing::put(std::uint8_t key_id, const SecretKey& master) {
  masters_[key_id].store(new SecretKey(master), std::memory_order_release);
}

void KeyRing::adopt(const KeyRing& newer) {
  for (const std::uint8_t id : newer.key_ids())
    if (!has(id)) put(id, *newer.masters_[id].load(std::memory_order_acquire));
  current_.store(newer.current_key_id(), std::memory_order_release);
}

std::vector<std::uint8_t> KeyRing::key_ids() const {
  std::vector<std::uint8_t> ids;
  for (std::size_t id = 1; id < masters_.size(); ++id)
    if (has(static_cast<std::uint8_t>(id))) ids.push_back(static_cast<std::uint8_t>(id));
  return ids;
}

SecretKey KeyRing::derive(std::uint8_t key_id, KeyPurpose purpose, std::string_view part) const {
  static_assert(crypto_kdf_KEYBYTES == SecretKey::kBytes && crypto_kdf_CONTEXTBYTES == 8);
  const SecretKey* master = masters_[key_id].load(std::memory_order_acquire);
  KAPOK_CHECK(master != nullptr);
  SecretKey key;
  crypto_kdf_derive_from_key(key.data(), SecretKey::kBytes, static_cast<std::uint64_t>(purpose), "kapokstr",
                             master->data());
  if (part.empty()) return key;
  SecretKey divided;
  crypto_generichash(divided.data(), SecretKey::kBytes, reinterpret_cast<const unsigned char*>(part.data()),
                     part.size(), key.data(), SecretKey::kBytes);
  return divided;
}

std::optional<std::uint8_t> key_id_of(std::string_view stored) {
  // The first two bytes, { algorithm 1, key id }, stand in the first three signs.
  const auto head = stored.size() >= 4 ? from_base64(stored.substr(0, 4)) : std::nullopt;
  if (!head || (*head)[0] != 1) return std::nullopt;
  return static_cast<std::uint8_t>((*head)[1]);
}

}  // namespace kapok::storage
