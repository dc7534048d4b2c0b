#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/change_table.h"
#include "storage/sealed_file.h"
#include "storage/store_facts.h"

/// What stands inside sealed backup files: blocks { kind 1 byte, length 4 bytes, bytes }.
///
///     facts      the store as it stood at to_seq; in a base always, in a segment where it was known
///     database   a piece of the store's file, base only, in order
///     change     seq 8, product time 8, record; segment only, in order of seq
///     seal       keyed digest of the header and of every block before, made with the store's own keys; the last block
///
/// Anybody who has the public key can make a file that opens; only the store that holds the data keys can make one
/// whose seal holds. Nothing is taken from a file before its seal has held.
namespace kapok::storage {

/// A whole sealed file in one go; `go_on` is asked now and then, and when it says no the file is not made
/// (kShuttingDown). The number is the bytes of the file.
Result<std::uint64_t> write_base(const std::filesystem::path& file, const SealedHeader& header,
                                 const BackupPublicKey& to, const KeyRing& keys, const StoreFacts& facts,
                                 const std::filesystem::path& copy, const std::function<bool()>& go_on);
Result<std::uint64_t> write_segment(const std::filesystem::path& file, const SealedHeader& header,
                                    const BackupPublicKey& to, const KeyRing& keys,
                                    const std::optional<StoreFacts>& facts, const std::vector<KeptChange>& changes);

/// Opens a base: its store goes to `into`, a new file (0600), removed again on error. kForbidden: another backup key,
/// or data keys that did not make it; kRowDamaged: damaged.
Result<StoreFacts> read_base(std::istream& in, const BackupPrivateKey& key, const KeyRing& keys,
                             const std::filesystem::path& into);

struct SegmentContent {
  SealedHeader header;
  std::optional<StoreFacts> facts;
  std::vector<KeptChange> changes;
};
Result<SegmentContent> read_segment(std::istream& in, const BackupPrivateKey& key, const KeyRing& keys);

}  // namespace kapok::storage
