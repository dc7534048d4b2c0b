#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "load/ledger_check.h"
#include "load/replay_week.h"
#include "storage/audit_verify.h"
#include "storage/journal_replay.h"

namespace kapok::week {

/// A folder in memory when it has room for a week's store, else the system's temporary one. A week is 44,000 commits:
/// what a disk needs for them says nothing about the week.
std::filesystem::path quick_folder();

struct WeekOptions {
  int workers = 10;  ///< on duty at any moment; three crews of as many take turns of eight hours
  std::uint64_t seed = 1;
  double answer_min_s = 1;  ///< how long a worker looks at an offer before he takes it
  double answer_max_s = 4;
  std::filesystem::path store_parent{};             ///< where the store's directory is made; empty = quick_folder()
  std::function<void(double share)> on_progress{};  ///< of the stretch that has passed
};

/// What callers met, in seconds.
struct WaitFigures {
  std::size_t count = 0;
  double mean = 0;
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
  double longest = 0;
};

struct WeekResult {
  std::size_t arrivals = 0;
  std::size_t phantoms = 0;
  std::size_t at_once = 0;    ///< hung up as they joined
  std::size_t joined = 0;     ///< the others
  std::size_t impatient = 0;  ///< of those who joined: would not wait for ever
  std::size_t impatient_answered = 0;
  std::size_t gave_up = 0;  ///< of those who joined: left unanswered
  std::size_t answered_in_20s = 0;
  WaitFigures answered_wait;
  WaitFigures joined_wait;  ///< until answered or gone
  std::size_t most_waiting = 0;
  std::size_t most_talking = 0;
  double talk_hours = 0;
  load::CheckResult check;
  std::map<std::string, int> refusals;
  storage::ReplayedJournal journal;
  storage::AuditFindings audit;
  std::int64_t batches = 0;  ///< saved, each with one COMMIT
  std::uintmax_t store_bytes = 0;
  std::string server_log;
  double real_s = 0;         ///< of the week itself
  double checks_real_s = 0;  ///< of comparing, replaying and verifying

  [[nodiscard]] bool journal_equal() const;
  /// Every arrival has one outcome, ledger and log are equal, the journal replays and the audit chain is sound.
  [[nodiscard]] bool sound() const;
};

/// The callers of `week` at one line with `workers` desks, in virtual time, on the production service and store; then
/// the comparison of its own books with what the service says and with what lies in the store. The same week and
/// options give the same waits. Throws std::runtime_error with one sentence when the city falls silent.
WeekResult live_through(const load::ReplayWeek& week, const WeekOptions& options);

std::string week_text(const WeekResult& result, const WeekOptions& options);
std::string week_json(const WeekResult& result, const WeekOptions& options);

}  // namespace kapok::week
