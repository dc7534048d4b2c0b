#pragma once

#include <string>
#include <string_view>

#include "storage/key_ring.h"

namespace kapok::storage {

/// Keyed BLAKE2b of `bytes` with `length` result bytes (16–32), raw.
std::string keyed_digest(const SecretKey& key, std::string_view bytes, std::size_t length);

/// Unkeyed BLAKE2b-256, raw: for the audit chain, which anybody must be able to check.
std::string plain_digest(std::string_view bytes);

/// The MAC of a row over its canonical bytes, as text: base64url of { algorithm 1, key id, 16 bytes }.
std::string row_mac(const KeyRing& keys, std::string_view canonical);
bool row_mac_holds(const KeyRing& keys, std::string_view canonical, std::string_view mac);

/// Digest of a request or reply whose content must not be guessable from it; 22 characters.
std::string request_digest(const KeyRing& keys, std::string_view request);

}  // namespace kapok::storage
