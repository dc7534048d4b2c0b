#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "storage/fault_point.h"
#include "storage/key_ring.h"
#include "storage/policy.h"

namespace kapok::storage {

/// One batch that waits for the store.
struct SpooledBatch {
  std::int64_t seq = 0;
  std::string record;  ///< bytes for decode_change_record()
};

/// Where batches go that the store cannot take (decision 18): the file `spool` in a directory of its own (0700), best
/// on another disk. Its space is reserved when it is made, so that a full disk cannot refuse it.
///
///     0      header slot A, 512 bytes: magic, version, generation, key id, keyed digest
///     4096   header slot B; the sound one with the higher generation counts
///     8192   records, each from a multiple of 512 on, so that writing one never touches the sector of another:
///              magic, length, generation, index from 1, seq, key id, tag of the record before, nonce, sealed bytes
///
/// Records are sealed (XChaCha20-Poly1305) with a key of their own purpose; all of the head is bound by the seal.
/// The tag of the record before makes a chain: a torn, cut, exchanged or older record ends it. Emptying writes the
/// other header slot with the next generation, to which no record belongs yet.
///
/// An append is on the disk when it returns. When it fails the file is not trusted again until reopen() has read it
/// anew and wiped what was not acknowledged: an fsync is never repeated, because the kernel may have dropped what
/// it could not write. Batches that wait are kept in memory as well (no more than the file holds), so that taking
/// them in needs no sound spool disk.
///
/// One thread at a time; a lock on the file keeps a second process out.
class Spool {
 public:
  /// Makes directory and file where missing and reads what waits. Refuses with kStoreUnavailable in one sentence:
  /// group or other bits on the directory, not enough room, a second process, a file that these keys do not open
  /// (it may hold calls that the store does not have: it is never overwritten).
  static Result<std::unique_ptr<Spool>> open(const std::filesystem::path& directory, const KeyRing& keys,
                                             std::size_t bytes = kSpoolBytes, FaultHook faults = {});
  ~Spool();

  /// Batches that wait, oldest first.
  [[nodiscard]] const std::deque<SpooledBatch>& waiting() const { return waiting_; }

  /// Keeps a batch; durable when it returns Done. kStoreUnavailable: full (the file stays trusted), or the disk
  /// failed (usable() is false from then on). Nothing is kept then.
  Result<> append(std::int64_t seq, std::string_view record);

  /// The oldest batch is in the store or was put aside. On the disk it stays until empty().
  void taken_in();

  /// Forgets everything on the disk too; nothing may wait. When it fails the file is not trusted; what it still
  /// holds is known to the store by its numbers and will be skipped.
  Result<> empty();

  [[nodiscard]] bool usable() const { return fd_ >= 0 && trusted_; }
  /// Room for more than the largest usual batch.
  [[nodiscard]] bool has_room() const { return static_cast<std::size_t>(end_) + bytes_ / 8 <= bytes_; }
  /// Tries to make a file that failed usable again. What waits stays as it is.
  Result<> reopen();

  /// Puts a batch that does not fit the store aside, sealed like a field (place: table "spool", column "record", row
  /// seq), as `spool-conflict-<seq>` beside the spool.
  Result<std::filesystem::path> put_aside(const SpooledBatch& batch);

  /// Sound records were found behind an unsound one: something in between was lost by the disk. The whole file was
  /// copied to this path when it was opened; empty when all is well.
  [[nodiscard]] const std::filesystem::path& damaged_copy() const { return damaged_copy_; }

  /// On the file system of `other`, so that both fail together. Unknown counts as yes.
  [[nodiscard]] bool same_disk_as(const std::filesystem::path& other) const;

  [[nodiscard]] std::size_t bytes_used() const { return static_cast<std::size_t>(end_); }

 private:
  Spool(std::filesystem::path directory, const KeyRing& keys, std::size_t bytes, FaultHook faults);

  struct Found;
  Result<> open_file();
  Result<> reserve(off_t size_now);
  Result<> read_header();
  Result<> write_header(std::uint64_t generation);
  Result<> read_records();
  Found read_record(off_t at) const;
  [[nodiscard]] off_t next_sound_after(off_t at, std::uint64_t index) const;
  Result<> keep_damaged();
  Result<> wipe_tail();
  void distrust();
  [[nodiscard]] bool fails(FaultPoint point) const { return faults_ && faults_(point); }
  [[nodiscard]] std::filesystem::path file() const { return directory_ / "spool"; }
  [[nodiscard]] Error failure(const std::string& what) const;

  std::filesystem::path directory_;
  const KeyRing& keys_;
  const std::size_t bytes_;
  const FaultHook faults_;
  int fd_ = -1;
  bool trusted_ = false;
  std::uint64_t generation_ = 0;
  std::uint64_t index_ = 0;  ///< of the last record of this generation
  std::string last_tag_;
  off_t end_;  ///< where the next record goes
  std::deque<SpooledBatch> waiting_;
  std::filesystem::path damaged_copy_;
};

}  // namespace kapok::storage
