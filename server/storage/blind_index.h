#pragma once

#include <string>
#include <string_view>

#include "storage/key_ring.h"

namespace kapok::storage {

/// What kind of value is looked up. Equal values of different kinds give different indices.
enum class BlindKind {
  kNumber,    ///< a whole phone number in its normalised form
  kLastFour,  ///< its last four digits; short values have none
  kName,      ///< a whole name as written
  kIdentity,  ///< an identity document's number, normalised
};

/// Keyed BLAKE2b-128 of a value: equal values can be found without showing them to whoever holds the
/// file. The space of phone numbers is small, so the key must live outside the database.
/// 22 characters; empty when there is nothing to index. The value must be normalised by the caller.
std::string blind_index(const KeyRing& keys, BlindKind kind, std::string_view value);

}  // namespace kapok::storage
