#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "storage/key_ring.h"

namespace kapok::storage {

/// Where a sealed value stands. It is bound to this place: moved to another row or column it will not open.
struct SealedPlace {
  std::string_view table;
  std::string_view column;
  std::int64_t row_id;
};

/// Seals single values: XChaCha20-Poly1305, associated data = algorithm, key id, table, column, row id.
///
/// Form: base64url of { algorithm 1 byte (1), key id 1 byte, nonce 24, ciphertext, tag 16 }. The empty
/// text is stored as the empty text: that a field is empty stays visible, as its length does.
class FieldCipher {
 public:
  explicit FieldCipher(const KeyRing& keys) : keys_(&keys) {}

  [[nodiscard]] std::string seal(const SealedPlace& place, std::string_view plain) const;

  /// kRowDamaged when the value was changed, moved, or sealed with a key that is not in the ring.
  [[nodiscard]] Result<std::string> open(const SealedPlace& place, std::string_view sealed) const;

 private:
  const KeyRing* keys_;
};

}  // namespace kapok::storage
