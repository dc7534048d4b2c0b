#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/instant.h"
#include "core/result.h"
#include "storage/fault_point.h"

namespace kapok::storage {

class Connection;
class DamageNotes;
class DirectoryLock;

/// The data directory (0700): `kapok.db` with its WAL, and `lock`. One process at a time.
///
/// Exactly one connection writes and checkpoints: SQLite 3.40.1 can corrupt a WAL that two connections
/// write or checkpoint (reliability.md §0.1). All others are opened read-only. Every connection is
/// checked by reading back what was set: WAL, FULL, no mmap, foreign keys.
///
/// Outlives its Writer and ReaderPool; stop the readers first, then the writer. Errors at opening are
/// kStoreUnavailable with one sentence for the operator.
class Database {
 public:
  /// Makes directory and store. Refuses when a store is there already.
  static Result<std::unique_ptr<Database>> create(const std::filesystem::path& directory, Instant now);

  /// Opens an existing store and brings its schema up to date. Refuses: no store, group or other bits on
  /// the directory, a second instance (naming the process that holds the lock), a newer schema. `before_steps` runs
  /// on the writing connection under the lock, before the schema is brought up to date: what an older program left
  /// in the spool fits the older schema. Its refusal is that of open().
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory, Instant now,
                                                const std::function<Result<>(Connection&)>& before_steps = {});

  /// Opens a store without touching its schema, for replaying changes that were made under it (restore).
  static Result<std::unique_ptr<Database>> open_unchanged(const std::filesystem::path& directory);

  /// A read-only connection to a copy that nobody writes (store_copy.h).
  static Result<std::unique_ptr<Connection>> connect_copy(const std::filesystem::path& file);

  ~Database();

  /// The one writing connection. Asking while it is out is our mistake; given back by destroying it.
  Result<std::unique_ptr<Connection>> connect_writer();
  Result<std::unique_ptr<Connection>> connect_reader();

  /// As connect_writer() after a connection has failed and was destroyed: settles the log first.
  Result<std::unique_ptr<Connection>> reconnect_writer();

  /// A failed fsync may have left parts of the write-ahead log in the kernel's memory alone, marked as written: new
  /// commits behind such a hole would be lost with a power cut. So the log is written over with its own bytes and
  /// synced before anybody trusts it again. Nothing may be writing meanwhile.
  static Result<> settle_log(const std::filesystem::path& directory);

  /// For tests: faults of this store's writing connections, those made from now on.
  void fail_when(FaultHook hook) { faults_ = std::move(hook); }

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path store_file() const { return store_file_of(directory_); }
  static std::filesystem::path store_file_of(const std::filesystem::path& directory);

  /// What its connections find damaged.
  [[nodiscard]] DamageNotes& damage_notes() { return *damage_notes_; }

 private:
  Database(std::filesystem::path directory, std::unique_ptr<DirectoryLock> lock);
  Result<> prepare(Instant now, const std::function<Result<>(Connection&)>& before_steps);

  std::filesystem::path directory_;
  std::unique_ptr<DirectoryLock> lock_;
  std::weak_ptr<void> writer_out_;
  std::shared_ptr<DamageNotes> damage_notes_;
  FaultHook faults_;
};

}  // namespace kapok::storage
