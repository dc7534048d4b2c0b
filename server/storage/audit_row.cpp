#include "storage/audit_row.h"

#include "storage/base64.h"
#include "storage/keyed_digest.h"

namespace kapok::storage {

std::string audit_hash(std::string_view previous, const AuditNumbers& numbers, std::string_view detail_digest) {
  std::string bytes;
  bytes.reserve(previous.size() + kAuditNumbers * 8 + detail_digest.size());
  bytes += previous;
  for (const std::int64_t number : numbers) {
    const auto value = static_cast<std::uint64_t>(number);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xff));
  }
  bytes += detail_digest;
  return to_base64(plain_digest(bytes));
}

std::string bound_audit_detail(std::int64_t seq, std::string_view detail) {
  return std::to_string(seq) + '/' + std::string(detail);
}

SealedPlace audit_detail_place(std::int64_t seq) { return {"audit_detail", "detail", seq}; }

DetailVerdict check_audit_detail(const KeyRing& keys, std::int64_t seq, std::string_view sealed,
                                 std::string_view detail_digest) {
  const auto detail = FieldCipher(keys).open(audit_detail_place(seq), sealed);
  if (!detail) return DetailVerdict::kFalse;
  const auto digest = from_base64(detail_digest);
  if (digest && digest->size() > 1 && !keys.has(static_cast<std::uint8_t>((*digest)[1])))
    return DetailVerdict::kKeyGone;
  const std::string bound = bound_audit_detail(seq, *detail);
  return stored_digest_holds(keys, KeyPurpose::kAuditDetail, bound, detail_digest) ? DetailVerdict::kSound
                                                                                   : DetailVerdict::kFalse;
}

}  // namespace kapok::storage
