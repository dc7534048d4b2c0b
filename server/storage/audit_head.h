#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/key_ring.h"

namespace kapok::storage {

/// A signed statement about the audit chain (decision 26): "at this time row `seq` had this hash". Kept on the second
/// path and printed on paper, it shows a cut tail and a rewrite of the whole chain, which the file itself cannot.
///
/// As text, one line, also for paper:
///
///     kapok-head 1 city=1 from=1 seq=4711 at=2026-11-21T14:05:09+00:00 hash=… key=… prev=… sig=…
///
/// `from` is the first row of the segment (1: nothing was ever pruned), `key` the first eight characters of the digest
/// of the public key, `prev` the digest of the line before it (`-` for the first of a directory), `sig` Ed25519 over
/// everything before ` sig=`. Digests and signature are base64url.
struct AuditHead {
  CityId city;
  std::int64_t segment_start = 1;
  std::int64_t seq = 0;
  std::string hash;
  Instant at;  ///< whole seconds
  std::string key_id;
  std::string previous = "-";
  std::string signature;

  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// One line without its end.
std::string to_line(const AuditHead& head);
/// Nothing for anything that to_line did not make.
std::optional<AuditHead> read_audit_head(std::string_view line);
/// What the next head names as `prev`.
std::string digest_of(const AuditHead& head);

/// The public half of a signing key: 32 bytes, 43 characters of base64url as printed by init.
struct AuditPublicKey {
  std::string text;

  [[nodiscard]] std::string id() const;
  [[nodiscard]] bool signed_it(const AuditHead& head) const;
};
/// Refuses, in one sentence, anything but 43 characters of base64url.
Result<AuditPublicKey> read_audit_public_key(std::string_view text);

/// Beside the key file, for both are kept and backed up together.
std::filesystem::path audit_key_file_of(const std::filesystem::path& key_file);

/// Signs heads. The key lies in a file of its own, 0400, so that it outlives the rotation of the master keys:
///
///     kapok-audit-key 1
///     seed <32 bytes as base64url>
///     public <32 bytes as base64url>      for people; derived from the seed
///
/// Losing it loses no record: a new one is made, and its public key is noted beside the old one. Whoever has it can
/// sign a false history, but not take back lines that lie on the second path or on paper.
class AuditSigner {
 public:
  /// Writes a new key file. Refuses an existing one: heads already signed name its public key.
  static Result<AuditSigner> create_file(const std::filesystem::path& file);
  /// Refuses, in one sentence with the cure, a missing file, any group or other permission bit, and anything that does
  /// not read as above.
  static Result<AuditSigner> load(const std::filesystem::path& file);

  [[nodiscard]] const AuditPublicKey& public_key() const { return public_; }
  /// Fills `key_id` and `signature`; the time is cut to whole seconds.
  [[nodiscard]] AuditHead sign(AuditHead head) const;

 private:
  explicit AuditSigner(const std::string& seed);

  SecretKey seed_;
  AuditPublicKey public_;
};

}  // namespace kapok::storage
