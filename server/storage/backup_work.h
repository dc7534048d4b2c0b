#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/backup_key.h"
#include "storage/backup_shelf.h"
#include "storage/key_ring.h"
#include "storage/policy.h"
#include "storage/store_facts.h"

namespace kapok::storage {

class Connection;
class Database;
class Writer;
struct KeptChange;

struct BackupSettings {
  std::filesystem::path directory;     ///< where backups go (its parent must be there); empty: nowhere
  std::optional<BackupPublicKey> key;  ///< none: no backups
  CityId city;
  Duration ship_every = kShipEvery;
  Duration base_every = hours{24};
  Duration keep = hours{24 * 35};
  Duration forget_every = kForgetShippedEvery;
  std::uint64_t unwanted_batches_max = kUnwantedBatchesMax;

  [[nodiscard]] bool complete() const { return key && !directory.empty(); }
};

struct BackupPorts {
  Database& database;
  const KeyRing& keys;
  Writer& writer;
  std::function<Instant()> product_now;  ///< any thread
  std::function<Instant()> wall_now;     ///< any thread
};

/// One whole copy that lies on the shelf and was read back.
struct BaseMade {
  Instant at;  ///< wall clock
  std::int64_t seq = 0;
  std::uint64_t bytes = 0;
  Duration took{};
  std::string file;
};

/// What is done for the backup, step by step; BackupKeeper says when. One thread, which may block: it waits for the
/// disk, for the second path and for the writer. Every step may fail and be tried again.
///
/// The shelf holds bases and a stream of segments (backup_shelf.h). A store writes its own history mark into both; the
/// stream is continued where the shelf says it ends. Where the store has forgotten batches that the shelf does not
/// hold — another directory, a removed file, a time without backups, a damaged row — the stream is broken and the next
/// base begins it anew.
class BackupWork {
 public:
  BackupWork(BackupSettings settings, BackupPorts ports);

  /// Removes what a crash left in the data directory and on the shelf. Needs no store.
  void clean();

  /// Puts the batches committed since the last one on the shelf and, now and then, lets the store forget them. How
  /// many.
  Result<std::uint64_t> ship();

  /// Whether a base is due: none of this history, key and schema, too old, or a broken stream.
  Result<bool> base_wanted();

  /// Copies, seals, reads back. kShuttingDown when `go_on` said no.
  Result<BaseMade> make_base(const std::function<bool()>& go_on);

  /// Removes what is older than it is kept; how many files.
  std::size_t expire();

  /// When too many batches wait, or for too long, lets the store forget them and breaks the stream. How many were
  /// dropped. Without a complete setting that is how they are forgotten as they come.
  Result<std::uint64_t> bound_what_waits();

  [[nodiscard]] const BackupSettings& settings() const { return settings_; }

 private:
  Result<> look();
  Result<> look_at_store();
  Result<> look_at_shelf();
  struct Page {
    std::uint64_t batches = 0;
    bool last = true;  ///< nothing more was there
  };
  Result<Page> ship_page(Connection& connection);
  Result<> forget(std::int64_t up_to);
  Result<> write(std::function<Result<>(class Transaction&)> apply);
  [[nodiscard]] SealedHeader header(SealedKind kind) const;
  [[nodiscard]] const ShelfFile* newest_base() const;
  [[nodiscard]] std::filesystem::path copy_file() const;

  const BackupSettings settings_;
  const BackupPorts ports_;

  // Known once look() succeeded.
  std::optional<Shelf> shelf_;  ///< headers, kept in step with what is written and removed
  std::string history_;
  int schema_ = 0;
  std::int64_t shipped_to_ = 0;
  bool stream_broken_ = false;

  std::optional<Instant> counted_at_;  ///< wall clock: rows were last counted for a segment
  std::optional<Instant> forgot_at_;   ///< wall clock: shipped batches were last forgotten
};

}  // namespace kapok::storage
