#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The orders that libdisk_faults.so follows, as they stand in its control file. One order per line:
///
///   rule ID OPERATION FAULT SKIP TIMES PATTERN    e.g. `rule 3 sync EIO 0 1 */kapok.db-wal`
///   clock SECONDS                                 the wall clock is that much ahead (or, negative, behind)
///
/// OPERATION  write, sync, truncate, allocate, open, read
/// FAULT      ENOSPC, EIO (or any of their kind below); full: ENOSPC, but only where the file would grow; short: half
/// of
///            the bytes are written; delay:MS; kill: the process kills itself (-9) before the operation
/// SKIP       how many matching operations go well first; TIMES how many are struck then, 0 = for ever
/// PATTERN    fnmatch(3) on the absolute path, `*` matching `/` too; to the end of the line
namespace kapok::faults {

/// How many rules a control file may name during its life: ids are 0 … kRulesMax - 1 and never used again, because what
/// a rule has counted outlives the process it struck.
inline constexpr int kRulesMax = 512;

enum class Operation { kWrite, kSync, kTruncate, kAllocate, kOpen, kRead };
enum class FaultKind { kError, kFull, kShort, kDelay, kKill };

struct Rule {
  int id = 0;
  Operation operation = Operation::kWrite;
  FaultKind kind = FaultKind::kError;
  int error = 0;  ///< errno of kError
  std::int64_t delay_ms = 0;
  std::uint64_t skip = 0;
  std::uint64_t times = 0;  ///< 0: for ever
  std::string pattern;
};

struct Orders {
  std::vector<Rule> rules;
  std::int64_t clock_shift_s = 0;
};

/// Lines that are no order end the process with a sentence on standard error: a fault that a test believes in and that
/// is never made is worse than a broken test.
Orders parse_orders(std::string_view text);

}  // namespace kapok::faults
