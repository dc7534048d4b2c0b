#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/local_time.h"
#include "routing/routing_core.h"
#include "storage/journal_table.h"

namespace kapok::service {

/// At the latest after so many events the state's hash stands in the journal, so that a replay which went another way
/// unseen by its answers shows soon. Hashing a full city takes about a millisecond of the strand.
inline constexpr int kEventsPerStateHash = 1000;

/// Makes the rows of the journal: each event that routing was told, a digest of its answer, and at a start, at local
/// midnight and every kEventsPerStateHash events a hash of routing's state (decision 20). Strand only.
class Journaling {
 public:
  Journaling(CityId city, UtcOffset utc_offset, std::string program)
      : city_(city), utc_offset_(utc_offset), program_(std::move(program)) {}

  /// A core was born; the next row begins a start. `last_seq` is that of the store.
  void begin(std::int64_t last_seq, const routing::CityOptions& options);

  /// The row of an event that `core` has just answered with `commands` at `at`. Call for each event that routing was
  /// told, but for those it refused while no timer was due: a refused event changes nothing.
  storage::JournalRow row(storage::JournalId id, Instant at, const routing::Event& event,
                          const std::vector<routing::Command>& commands, const routing::RoutingCore& core);

  /// Which row was not saved, if any. Rows that follow it were decided by a routing which believed in it, so they must
  /// not be saved either, or the journal would tell of a day that never was; the city is rebuilt from the store
  /// instead. Asked on the writer thread, in the order of the rows; begin() makes a new one.
  struct Unsaved {
    std::atomic<std::int64_t> seq = 0;  ///< 0 = all were; noted by the writer, or by the strand when it takes nothing

    [[nodiscard]] bool comes_before(std::int64_t row) const { return seq != 0 && seq < row; }
    void note(std::int64_t row) {
      std::int64_t known = seq;
      while ((known == 0 || row < known) && !seq.compare_exchange_weak(known, row)) {
      }
    }
  };
  [[nodiscard]] const std::shared_ptr<Unsaved>& unsaved() const { return unsaved_; }

 private:
  [[nodiscard]] bool hash_is_due(Instant at, const routing::Event& event) const;

  CityId city_;
  UtcOffset utc_offset_;
  std::string program_;
  std::int64_t seq_ = 0;
  std::optional<std::string> core_;  ///< for the next row
  CivilDay hashed_day_{};
  int events_since_hash_ = 0;
  std::shared_ptr<Unsaved> unsaved_ = std::make_shared<Unsaved>();
};

}  // namespace kapok::service
