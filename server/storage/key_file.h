#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "storage/key_ring.h"

/// Changes of the key file (key_ring.h) and its backup. A changed file is written beside the old one, brought to the
/// disk and given its name; whatever happens in between, one of the two is there whole. Lines that are neither the
/// key in question nor `current` are kept as they are. Errors are kStoreUnavailable with one sentence.
namespace kapok::storage {

/// Adds a random key with the next number and makes it current; the ring of the new file. The index key stays. Refuses
/// beyond key 255.
Result<std::unique_ptr<KeyRing>> add_key(const std::filesystem::path& key_file);

/// Takes a key out. Refuses the current key, the index key and one that is not there. That no value uses it any more is
/// for the caller to know.
Result<> remove_key(const std::filesystem::path& key_file, std::uint8_t key_id);

/// Which keys a ring holds, without telling anything of them: 22 characters, other for every other set.
std::string fingerprint_of(const KeyRing& keys);

/// The backup of the keys: the text of the key file and of the file that signs audit heads, sealed with a passphrase
/// (Argon2id, 256 MiB, then XSalsa20-Poly1305). Text, so that it can also be printed:
///
///     kapok-key-backup 1
///     keys <fingerprint>
///     argon2id <passes> <bytes of memory> <salt>
///     sealed <nonce and ciphertext as base64url>
struct KeyFiles {
  std::string keys;
  std::string audit_key;  ///< empty: there was none
};
Result<KeyFiles> read_key_files(const std::filesystem::path& key_file);
Result<std::string> seal_key_backup(const KeyFiles& files, std::string_view fingerprint, std::string_view passphrase);
/// Refuses a wrong passphrase and a changed file in one sentence: the two cannot be told apart.
Result<KeyFiles> open_key_backup(std::string_view text, std::string_view passphrase);

/// What a running server last said of its keys, beside the key file: how far sealing anew has come, and how many values
/// each key seals (-1: not counted). For `kapokctl keys show`, which may not open the store beside it.
struct KeyUseNote {
  bool resealing = false;
  std::int64_t rows_resealed = 0;
  std::vector<std::pair<int, std::int64_t>> values;
};
Result<> write_key_use(const std::filesystem::path& key_file, const KeyUseNote& note);
/// Nothing when no server has run yet.
std::optional<KeyUseNote> read_key_use(const std::filesystem::path& key_file);

/// Beside the key file stands which set of keys was last backed up; it tells nothing of them.
std::filesystem::path backup_mark_of(const std::filesystem::path& key_file);
Result<> mark_backed_up(const std::filesystem::path& key_file, std::string_view fingerprint);
bool is_backed_up(const std::filesystem::path& key_file, const KeyRing& keys);

}  // namespace kapok::storage
