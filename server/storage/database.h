#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/instant.h"
#include "core/result.h"

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
  /// the directory, a second instance (naming the process that holds the lock), a newer schema.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory, Instant now);

  ~Database();

  /// The one writing connection. Asking while it is out is our mistake; given back by destroying it.
  Result<std::unique_ptr<Connection>> connect_writer();
  Result<std::unique_ptr<Connection>> connect_reader();

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  /// What its connections find damaged.
  [[nodiscard]] DamageNotes& damage_notes() { return *damage_notes_; }

 private:
  Database(std::filesystem::path directory, std::unique_ptr<DirectoryLock> lock);
  Result<> prepare(Instant now);

  std::filesystem::path directory_;
  std::unique_ptr<DirectoryLock> lock_;
  std::weak_ptr<void> writer_out_;
  std::shared_ptr<DamageNotes> damage_notes_;
};

}  // namespace kapok::storage
