#include "storage/blind_index.h"

#include <algorithm>

#include "storage/base64.h"
#include "storage/keyed_digest.h"

namespace kapok::storage {
namespace {

std::string_view part_of(BlindKind kind) {
  switch (kind) {
    case BlindKind::kNumber:
      return "number";
    case BlindKind::kLastFour:
      return "last_four";
    case BlindKind::kName:
      return "name";
    case BlindKind::kIdentity:
      return "identity";
  }
  return {};
}

/// The last four characters when all of them are digits.
std::string_view last_four(std::string_view value) {
  if (value.size() < 4) return {};
  value.remove_prefix(value.size() - 4);
  const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? value : std::string_view{};
}

}  // namespace

std::string blind_index(const KeyRing& keys, BlindKind kind, std::string_view value) {
  if (kind == BlindKind::kLastFour) value = last_four(value);
  if (value.empty()) return {};
  const SecretKey key = keys.derive(keys.index_key_id(), KeyPurpose::kBlindIndex, part_of(kind));
  return to_base64(keyed_digest(key, value, 16));
}

}  // namespace kapok::storage
