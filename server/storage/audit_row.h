#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/field_cipher.h"

namespace kapok::storage {

/// What the chain says of one row; shared by whoever appends and whoever checks.

/// seq, at, actor_id, session_id, action, object_kind, object_id, scope, reason, outcome; NULL is 0, which no real
/// value is.
inline constexpr std::size_t kAuditNumbers = 10;
using AuditNumbers = std::array<std::int64_t, kAuditNumbers>;

/// Hash of a row: BLAKE2b-256, base64url, of the hash of the row before and the row's canonical bytes, which are its
/// numbers as 8 bytes each, big-endian, and the digest of its detail (empty when it has none).
std::string audit_hash(std::string_view previous, const AuditNumbers& numbers, std::string_view detail_digest);

/// What the digest of a detail is made over: the same words in another row have another digest.
std::string bound_audit_detail(std::int64_t seq, std::string_view detail);
SealedPlace audit_detail_place(std::int64_t seq);

enum class DetailVerdict { kSound, kFalse, kKeyGone };

/// Whether a sealed detail is the one its row was written with. kKeyGone: it opens, but the key of the digest is no
/// longer in the ring.
DetailVerdict check_audit_detail(const KeyRing& keys, std::int64_t seq, std::string_view sealed,
                                 std::string_view detail_digest);

}  // namespace kapok::storage
