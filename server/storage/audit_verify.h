#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "storage/audit_chain.h"
#include "storage/audit_head_files.h"
#include "storage/key_ring.h"

namespace kapok::storage {

/// A check of the whole audit log of a SQLite store, fast: hash n depends on row n and the stored hash n−1 alone, so
/// ranges are checked side by side. Found is every edited, removed, inserted or exchanged row and detail; with heads
/// kept elsewhere also a cut tail and a chain that was rewritten with hashes made anew.

struct AuditCheck {
  std::filesystem::path database_file;
  const KeyRing* keys = nullptr;            ///< null: details are counted, not opened
  std::vector<FoundHead> heads;             ///< in the order in which they were kept
  std::vector<AuditPublicKey> public_keys;  ///< whose heads count
  Instant heads_since;                      ///< heads made before are left aside (after a restore that was accepted)
  unsigned threads = 2;
};

struct AuditFindings {
  AuditVerdict chain;                 ///< with the first bad row, found by the chain or by a head
  std::int64_t details_unopened = 0;  ///< without keys, or sealed when another key was in use
  std::int64_t highest = 0;           ///< highest row in the file
  std::int64_t heads_good = 0;        ///< signed by a known key and borne out by the rows
  std::int64_t heads_false = 0;       ///< signed by a known key, but not these words
  std::int64_t heads_unknown = 0;     ///< signed by a key that was not named
  std::int64_t protected_to = 0;      ///< highest row that a good head covers
  Instant protected_at;               ///< when that head was made
  std::vector<std::string> notes;     ///< about the heads themselves; at most kNotesMax

  /// No bad row and no false head.
  [[nodiscard]] bool sound() const { return chain.sound() && heads_false == 0; }
  [[nodiscard]] std::int64_t unprotected() const { return highest - protected_to; }
};

inline constexpr std::size_t kNotesMax = 20;

/// Opens the file read-only; the caller holds the directory's lock or checks a copy. kStoreUnavailable when the file
/// cannot be read to its end.
Result<AuditFindings> verify_audit(const AuditCheck& check);

}  // namespace kapok::storage
