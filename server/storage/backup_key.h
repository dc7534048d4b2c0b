#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "core/result.h"
#include "storage/key_ring.h"

namespace kapok::storage {

/// The public half of the backup key (X25519). The server seals backups with it and cannot open them again.
struct BackupPublicKey {
  std::array<unsigned char, 32> bytes{};

  /// First 16 bytes of its digest: stands in every file sealed to it, so that the wrong key can be named as such.
  [[nodiscard]] std::string fingerprint() const;
};

/// The private half. It lies on paper or on a stick in a safe and meets the backups only when one is restored or tried.
struct BackupPrivateKey {
  SecretKey secret;
  BackupPublicKey public_key;
};

/// A fingerprint as people compare it: 32 hexadecimal digits in groups of four.
std::string fingerprint_text(const std::string& fingerprint);

/// Makes a pair: `file` (0400) holds the private key, `file` + ".public" (0644) what the server needs. Text files of
/// two lines, short enough to be copied by hand:
///
///     kapok-backup-private 1
///     <32 bytes as base64url>
///
/// Refuses existing files: a key that seals backups is never overwritten.
Result<BackupPublicKey> make_backup_keys(const std::filesystem::path& file);
std::filesystem::path public_file_of(const std::filesystem::path& private_file);

/// Each refuses, in one sentence, what is missing, is the other half, or does not read as above. The private key must
/// not be readable by others.
Result<BackupPublicKey> load_backup_public_key(const std::filesystem::path& file);
Result<BackupPrivateKey> load_backup_private_key(const std::filesystem::path& file);

}  // namespace kapok::storage
