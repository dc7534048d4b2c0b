#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/instant.h"
#include "storage/policy.h"

namespace kapok::storage {

class Spool;

/// How things stand with saving (decision 18). kHealthy: in the store. kDegraded: the store fails, or is back and
/// still takes in what was spooled; changes marked Degraded::kAllowed go to the spool, all others hear
/// kStoreUnavailable. kNotRecorded: the spool fails as well, or there is none; nothing is saved.
enum class StoreState { kHealthy, kDegraded, kNotRecorded };

/// Counts since start, for metrics; the last three say how things stand now.
struct WriterFigures {
  std::uint64_t commits = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t largest_batch = 0;
  std::uint64_t spooled = 0;           ///< batches that went to the spool
  std::uint64_t taken_in = 0;          ///< spooled batches that the store has by now
  std::uint64_t conflicts = 0;         ///< spooled batches that did not fit and were put aside
  std::uint64_t not_recorded = 0;      ///< batches that neither took
  Duration last_commit{};              ///< how long the last COMMIT took
  std::int64_t last_seq = 0;           ///< number of the last batch
  std::uint64_t spool_waiting = 0;     ///< batches in the spool that the store does not have yet
  std::uint64_t spool_bytes_used = 0;  ///< of kSpoolBytes
};

/// What a writer is started with besides the store.
struct WriterParts {
  /// Writer thread; before the outcomes of the batch that caused the change are told.
  std::function<void(StoreState)> on_state;
  /// Writer thread; a spooled batch did not fit the store and lies in this file now.
  std::function<void(std::int64_t seq, const std::filesystem::path& file)> on_conflict;
  /// Opened and taken in before (spool.h, take_in.h); null: a failing store means kNotRecorded. Outlives the writer.
  Spool* spool = nullptr;
  /// Between two attempts to open what has failed; shorter in tests.
  std::chrono::milliseconds reopen_pause = kReopenPause;
};

}  // namespace kapok::storage
