#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/damage.h"
#include "storage/key_ring.h"
#include "storage/scanned_table.h"

namespace kapok::storage {

class Connection;
class Database;
class StoreScan;
class Writer;

/// How a key is used, as far as the latest complete walk over the store knows.
struct KeyUse {
  std::uint8_t key = 0;
  bool current = false;
  bool index = false;
  std::optional<std::int64_t> values;  ///< nothing: not counted since the keys were last changed
  /// No value names it, and it is neither current nor index key.
  [[nodiscard]] bool may_retire() const { return values == 0 && !current && !index; }
};

struct CareState {
  std::vector<KeyUse> keys;
  bool resealing = false;
  std::int64_t rows_seen = 0;      ///< of the walk under way, or of the last
  std::int64_t rows_resealed = 0;  ///< since the start
  std::int64_t damaged = 0;        ///< rows in quarantine
  bool keys_backed_up = false;
};

/// What looks after the rows of a running store, on a thread and a read-only connection of its own:
///
///   each night  every row is checked against its seal, at a few hundredths of a core
///   at once     a row that anybody met damaged is put into quarantine and named; one that a scan finds sound leaves
///   rotation    a new key in the key file is taken within a second and seals what is written from then on; every value
///   under an older one is sealed anew, in small batches of case work,
///               so that calls go first; no row's version changes, and a change that comes between wins. A walk is
///               repeated until one meets nothing old; killed, it goes on at the next start.
///
/// While nothing can be saved it waits and tries again once a second.
class StoreCare {
 public:
  struct Parts {
    Database& database;
    Writer& writer;
    KeyRing& keys;
    std::filesystem::path key_file;
    CityId city;
    std::function<Instant()> now;  ///< product time
    /// How long from now until the next nightly scan, in real time. Empty: none by itself.
    std::function<Duration()> until_scan;
    std::function<void(const DamagedRow&)> on_damaged;                        ///< once per row
    std::function<void()> on_rotated;                                         ///< a new key is in use
    std::function<void(std::int64_t rows, std::int64_t damaged)> on_scanned;  ///< after each whole walk
  };

  /// Reads the quarantine and begins what an earlier run left undone. All callbacks come on its own thread.
  static Result<std::unique_ptr<StoreCare>> start(Parts parts);
  ~StoreCare();

  /// Before the Writer stops. Idempotent.
  void stop();

  // Any thread from here on.

  /// A new key in the file and in use for everything that is written from now on; old rows follow. Blocks for the
  /// time of two fsyncs: not on a strand. kStoreUnavailable: the key file cannot be written; nothing changed.
  Result<> rotate();

  /// Takes a key out of the file that no value uses any more; it stays in memory until the next start. kWrongState:
  /// it is current, the index key, still used, or not counted yet.
  Result<> retire(std::uint8_t key);

  /// Begins a scan now.
  void scan_now();

  [[nodiscard]] CareState state() const;

 private:
  enum class Walk { kCheck, kReseal };

  explicit StoreCare(Parts parts);
  void run();
  bool wait_for_work();
  void follow_key_file();
  void taken(const KeyRing& newer);
  void publish();
  void walk(Walk kind);
  std::optional<ScannedPage> next_page(StoreScan& scan, std::int64_t limit);
  void reseal(const std::vector<Reseal>& reseals);
  void finish(Walk kind, const StoreScan& scan, std::uint64_t generation);
  void look_again();
  void save_found();
  bool read(const std::function<void(ReadTransaction&)>& look);
  bool write(std::function<Result<>(Transaction&)> apply);
  bool pause(Duration length);
  [[nodiscard]] bool old_keys_used(const KeyCounts& counts) const;

  Parts parts_;
  std::unique_ptr<Connection> connection_;  // own thread only

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  bool stopping_ = false;
  bool scan_wanted_ = false;
  bool reseal_wanted_ = false;
  std::int64_t next_scan_us_ = 0;  ///< steady
  std::uint64_t generation_ = 0;   ///< of the set of keys
  std::vector<DamagedRow> found_;
  std::optional<KeyCounts> counted_;
  CareState state_;
  std::mutex key_file_mutex_;
  std::filesystem::file_time_type key_file_time_;  // own thread only
  std::int64_t published_us_ = 0;                  // own thread only, steady

  std::thread thread_;
};

}  // namespace kapok::storage
