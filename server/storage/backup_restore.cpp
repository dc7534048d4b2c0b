#include "storage/backup_restore.h"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "storage/audit_chain.h"
#include "storage/backup_content.h"
#include "storage/base64.h"
#include "storage/change_record.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/durable_file.h"
#include "storage/state_table.h"
#include "storage/store_layout.h"
#include "storage/take_in.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

Error damaged(std::string why) { return {ErrorCode::kRowDamaged, std::move(why)}; }

/// Makes `to` (0700), or takes it when it is empty; removes again what was made unless kept.
class NewDirectory {
 public:
  static Result<NewDirectory> make(const fs::path& to) {
    std::error_code failed;
    if (fs::exists(to, failed)) {
      if (!fs::is_directory(to, failed) || !fs::is_empty(to, failed))
        return Error{ErrorCode::kWrongState, to.string() + " is not empty: a restore never writes over anything"};
      ::chmod(to.c_str(), 0700);
      return NewDirectory(to, false);
    }
    if (::mkdir(to.c_str(), 0700) != 0)
      return Error{ErrorCode::kStoreUnavailable, "cannot make " + to.string() + ": " + std::strerror(errno)};
    return NewDirectory(to, true);
  }
  NewDirectory(NewDirectory&& other) noexcept : path_(std::exchange(other.path_, {})), made_(other.made_) {}
  NewDirectory& operator=(NewDirectory&&) = delete;
  ~NewDirectory() {
    if (path_.empty()) return;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path_, ignored)) fs::remove(entry.path(), ignored);
    if (made_) fs::remove(path_, ignored);
  }
  void keep() { path_.clear(); }

 private:
  NewDirectory(fs::path path, bool made) : path_(std::move(path)), made_(made) {}
  fs::path path_;
  bool made_;
};

/// A store under restoration: one connection, the audit chain it continues.
class Replay {
 public:
  Replay(std::unique_ptr<Database> database, std::unique_ptr<Connection> connection, const KeyRing& keys)
      : database_(std::move(database)), connection_(std::move(connection)), keys_(keys), audit_(*connection_) {}

  /// One batch, as it was committed. Leaves the store as it was when it cannot be repeated.
  Result<> repeat(const KeptChange& kept) {
    const auto record = decode_change_record(kept.record);
    if (!record) return damaged("holds batch " + std::to_string(kept.seq) + " which cannot be read");
    if (record->seq != kept.seq) return damaged("holds a batch under the number of another one");
    connection_->run_text("BEGIN IMMEDIATE");
    try {
      if (!run_changes(*connection_, *record)) {
        connection_->run_text("ROLLBACK");
        return damaged("holds batch " + std::to_string(kept.seq) + " which does not fit the store it follows");
      }
      connection_->run_text("COMMIT");
    } catch (const StoreFailure& failure) {
      connection_->run_text("ROLLBACK");
      return {ErrorCode::kStoreUnavailable,
              "holds batch " + std::to_string(kept.seq) + " which the store refuses: " + failure.what()};
    }
    last_ = kept;
    return Done{};
  }

  [[nodiscard]] StoreFacts facts(bool count_rows) { return read_store_facts(*connection_, count_rows); }
  Connection& connection() { return *connection_; }

  /// The number of the last batch goes into the store, and a new history begins.
  void finish(CityId city, Instant at) {
    connection_->run_text("BEGIN IMMEDIATE");
    Transaction tx(*connection_, keys_, audit_, city, last_ ? last_->at : at);
    if (last_) ChangeTable::append(tx, last_->seq, last_->at, last_->record);
    std::string history(kHistoryBytes, '\0');
    randombytes_buf(history.data(), history.size());
    write_state_value(tx, kBackupHistoryState, to_base64(history));
    connection_->run_text("COMMIT");
    connection_->text_of("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /// As facts(), with the place in the stream that the store itself is only told at the end.
  [[nodiscard]] StoreFacts facts_now(bool count_rows) {
    StoreFacts found = facts(count_rows);
    if (last_) found.seq = last_->seq, found.at = last_->at;
    return found;
  }

 private:
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
  const KeyRing& keys_;
  AuditChain audit_;
  std::optional<KeptChange> last_;
};

Result<std::unique_ptr<Replay>> open_replay(const fs::path& directory, const KeyRing& keys) {
  auto database = Database::open_unchanged(directory);
  if (!database) return database.error();
  auto connection = (*database)->connect_writer();
  if (!connection) return connection.error();
  try {
    return std::make_unique<Replay>(std::move(*database), std::move(*connection), keys);
  } catch (const StoreFailure& failure) {
    return damaged("holds a store whose audit log cannot be read: " + std::string(failure.what()));
  }
}

/// The newest base that opens, unpacked into `to`.
Result<ShelfFile> unpack_base(const Shelf& shelf, const RestoreOrder& order, const BackupPrivateKey& key,
                              const KeyRing& keys, Restored& restored) {
  Error last = damaged("holds no whole copy" + std::string(order.until ? " made before that time" : ""));
  last.detail = order.shelf.string() + " " + last.detail;
  for (auto base = shelf.bases.rbegin(); base != shelf.bases.rend(); ++base) {
    if (order.until && base->header.reaches_to > *order.until) continue;
    std::ifstream in(base->path, std::ios::binary);
    auto facts = read_base(in, key, keys, Database::store_file_of(order.to));
    if (facts) {
      restored.facts = std::move(facts).value();
      return *base;
    }
    last = {facts.error().code, base->path.string() + " " + facts.error().detail};
    restored.faults.push_back({base->path, facts.error().detail});
  }
  return last;
}

/// The first segment that should have followed and did not.
std::optional<ShelfFault> left_out(const Shelf& shelf, const ShelfFile& base, std::int64_t reached) {
  for (const ShelfFile& segment : shelf.segments)
    if (segment.header.history == base.header.history && segment.header.to_seq > reached)
      return ShelfFault{segment.path, "cannot be brought in: the changes after batch " + std::to_string(reached) +
                                          " that lead to it are missing"};
  return std::nullopt;
}

/// Batches of one segment, up to `until`. The error is what is wrong with the segment's file.
Result<bool> repeat_segment(const ShelfFile& segment, const RestoreOrder& order, const BackupPrivateKey& key,
                            const KeyRing& keys, Replay& replay, Restored& restored) {
  std::ifstream in(segment.path, std::ios::binary);
  const auto content = read_segment(in, key, keys);
  if (!content) return content.error();
  for (const KeptChange& change : content->changes) {
    if (change.seq <= restored.facts.seq) continue;  // the base holds it already
    if (order.until && change.at > *order.until) return false;
    if (auto repeated = replay.repeat(change); !repeated) return repeated.error();
    ++restored.batches;
    restored.reaches_to = change.at;
  }
  if (!content->facts) return true;
  const std::string differs = difference(*content->facts, replay.facts_now(!content->facts->rows.empty()));
  if (!differs.empty()) return damaged("leads to another store than it came from: " + differs);
  return true;
}

/// What stopped it before the end; nothing when it came to the end, or to `until`.
std::optional<ShelfFault> repeat_chain(const Shelf& shelf, const RestoreOrder& order, const BackupPrivateKey& key,
                                       const KeyRing& keys, Replay& replay, Restored& restored,
                                       const std::function<void(std::size_t, std::size_t)>& reached) {
  const auto chain = segments_after(shelf, restored.base);
  for (const ShelfFile* segment : chain) {
    const auto more = repeat_segment(*segment, order, key, keys, replay, restored);
    if (!more) return ShelfFault{segment->path, more.error().detail};
    if (!*more) return std::nullopt;
    ++restored.segments;
    if (reached) reached(restored.segments, chain.size());
  }
  if (order.until) return std::nullopt;
  return left_out(shelf, restored.base, chain.empty() ? restored.base.header.to_seq : chain.back()->header.to_seq);
}

}  // namespace

Result<Restored> restore_backup(const RestoreOrder& order, const BackupPrivateKey& key, const KeyRing& keys,
                                const std::function<void(std::size_t, std::size_t)>& reached) {
  auto shelf = read_shelf(order.shelf, ShelfLook::kHeaders);
  if (!shelf) return shelf.error();
  auto directory = NewDirectory::make(order.to);
  if (!directory) return directory.error();

  Restored restored;
  restored.faults = shelf->faults;
  auto base = unpack_base(*shelf, order, key, keys, restored);
  if (!base) return base.error();
  restored.base = std::move(base).value();
  restored.reaches_to = restored.facts.at;

  auto replay = open_replay(order.to, keys);
  if (!replay) return replay.error();
  try {
    const std::string differs = difference(restored.facts, (*replay)->facts(true));
    if (!differs.empty()) return damaged(restored.base.path.string() + " holds another store than it says: " + differs);
    if (auto fault = repeat_chain(*shelf, order, key, keys, **replay, restored, reached)) {
      restored.faults.push_back(std::move(*fault));
      restored.complete = false;
    }
    (*replay)->finish(CityId{restored.base.header.city}, restored.reaches_to);
    restored.facts = (*replay)->facts(true);
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable, "the restored store cannot be used: " + std::string(failure.what())};
  }
  replay->reset();
  if (auto synced = sync_directory(order.to); !synced) return synced.error();
  directory.value().keep();
  return restored;
}

}  // namespace kapok::storage
