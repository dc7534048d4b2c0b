#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "core/instant.h"
#include "core/result.h"
#include "storage/backup_key.h"

/// The container in which backups leave the machine. Anybody can check that a file is whole; only the holder of the
/// offline private key can read it. All numbers are big-endian.
///
///     magic "KAPOKSEA"                          8
///     container version 1, kind, 0, 0           4
///     city, after_seq, to_seq, schema,
///     reaches_to, made_at                       6 × 8
///     history                                  16
///     fingerprint of the public key            16
///     file key, sealed (crypto_box_seal)       80
///     header of the secret stream              24
///     BLAKE2b-256 of all the above             32
///     chunks: length 4 (18 … 65,553), then that many bytes of the secret stream; the first chunk authenticates the
///       header as associated data, the last one alone carries the final tag
///     length 0                                  4
///     BLAKE2b-256 of all the above             32
///
/// What is refused, as kRowDamaged in one sentence: anything missing, changed, added or out of its limits.
namespace kapok::storage {

enum class SealedKind : std::uint8_t {
  kBase = 1,     ///< a whole store as it stood after batch to_seq
  kSegment = 2,  ///< the batches after after_seq up to and including to_seq
};

inline constexpr std::size_t kHistoryBytes = 16;

struct SealedHeader {
  SealedKind kind = SealedKind::kBase;
  std::int64_t city = 0;
  /// Segment: the last batch of the segment before. Base: to_seq, or less where the stream of segments begins anew with
  /// this base because the changes in between were not kept.
  std::int64_t after_seq = 0;
  std::int64_t to_seq = 0;
  std::int64_t schema = 0;  ///< the store's schema version at that time
  Instant reaches_to;       ///< product time of the last batch inside
  Instant made_at;          ///< wall clock
  std::string history;      ///< 16 bytes: one life of a store; a restored store begins a new one
  std::string fingerprint;  ///< 16 bytes: of the key it is sealed to; the writer puts it in

  friend bool operator==(const SealedHeader&, const SealedHeader&) = default;
};

/// Writes one sealed file: it has its name only once it is whole and on the disk. One thread.
class SealedFileWriter {
 public:
  static Result<std::unique_ptr<SealedFileWriter>> create(const std::filesystem::path& file, SealedHeader header,
                                                          const BackupPublicKey& key);
  ~SealedFileWriter();

  Result<> append(std::string_view plain);
  Result<> finish();
  [[nodiscard]] std::uint64_t bytes_written() const;

 private:
  struct Parts;
  explicit SealedFileWriter(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Reads a sealed file with the private key; memory is one chunk.
class SealedFileReader {
 public:
  /// `in` outlives the reader. A file sealed to another key is refused as kForbidden.
  static Result<std::unique_ptr<SealedFileReader>> open(std::istream& in, const BackupPrivateKey& key);
  ~SealedFileReader();

  [[nodiscard]] const SealedHeader& header() const;

  /// Adds the next chunk to `plain`. False when the file ended as it must; nothing more was added then.
  Result<bool> next(std::string& plain);

 private:
  struct Parts;
  explicit SealedFileReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Reads the header alone and checks its digest.
Result<SealedHeader> read_sealed_header(std::istream& in);

/// Reads to the end and checks structure and digests; needs no key. The whole file stands as it was written then,
/// unless somebody wrote another one: who did shows only with the keys.
Result<SealedHeader> check_sealed(std::istream& in);

}  // namespace kapok::storage
