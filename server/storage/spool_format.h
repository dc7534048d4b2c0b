#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/key_ring.h"

/// Bytes of the spool's file (spool.h); knows nothing of files.
namespace kapok::storage {

inline constexpr std::size_t kSpoolBlock = 512;
inline constexpr std::size_t kSpoolSlotB = 4'096;
inline constexpr std::size_t kSpoolFirstRecord = 8'192;

/// magic 4, length 4, generation 8, index 8, seq 8, key id 1 + 7 zero, tag before 16, nonce 24; numbers little-endian.
inline constexpr std::size_t kSpoolHead = 80;
inline constexpr std::size_t kSpoolTag = 16;

struct SpoolHead {
  std::uint32_t length = 0;  ///< of the sealed bytes without their tag
  std::uint64_t generation = 0;
  std::uint64_t index = 0;
  std::int64_t seq = 0;
  std::uint8_t key_id = 0;
  std::string tag_before;  ///< 16 bytes
};

/// Bytes that a record of `length` takes in the file.
std::size_t spool_record_bytes(std::size_t length);

/// A whole record, filled up with zeros to its end.
std::string seal_spool_record(const KeyRing& keys, const SpoolHead& head, std::string_view plain);

/// Head of what may be a record; nothing when it is none. Says nothing about its being sound.
std::optional<SpoolHead> read_spool_head(std::string_view block);

/// The plain bytes of a record; `tag` receives its tag. Nothing when it does not open.
std::optional<std::string> open_spool_record(const KeyRing& keys, std::string_view record, std::string& tag);

/// One header slot.
std::string spool_header(const KeyRing& keys, std::uint64_t generation);
/// The generation it names; nothing when it is not sound.
std::optional<std::uint64_t> read_spool_header(const KeyRing& keys, std::string_view block);

}  // namespace kapok::storage
