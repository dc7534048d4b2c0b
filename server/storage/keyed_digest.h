#pragma once

#include <string>
#include <string_view>

#include "storage/key_ring.h"

namespace kapok::storage {

/// Keyed BLAKE2b of `bytes` with `length` result bytes (16–32), raw.
std::string keyed_digest(const SecretKey& key, std::string_view bytes, std::size_t length);

/// Unkeyed BLAKE2b-256, raw: for the audit chain, which anybody must be able to check.
std::string plain_digest(std::string_view bytes);

/// Keyed digest as it is stored: base64url of { algorithm 1, key id, 16 bytes }, 24 characters, under the
/// current key. It names its key, so it can still be checked after a rotation.
std::string stored_digest(const KeyRing& keys, KeyPurpose purpose, std::string_view bytes);
bool stored_digest_holds(const KeyRing& keys, KeyPurpose purpose, std::string_view bytes, std::string_view stored);

/// As stored_digest, under the index key, for what is digested and not kept, so that no rotation could make it anew.
std::string lasting_digest(const KeyRing& keys, KeyPurpose purpose, std::string_view bytes);

/// The same digest under the index key: equal requests give equal texts, whichever key is current. For
/// cursors and other texts that a client hands back; 22 characters.
std::string request_digest(const KeyRing& keys, std::string_view request);

}  // namespace kapok::storage
