#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "load/ledger_check.h"
#include "load/product_time.h"
#include "load/steady_link.h"

namespace kapok::load {

/// What a run looks like at one moment.
struct RunFigures {
  ProductUs city_time = 0;
  int utc_offset_min = 0;
  std::uint32_t factor = 1;
  ProductUs passed = 0;
  double real_s = 0;
  bool gateway_up = false;
  std::size_t waiting = 0;
  std::size_t talking = 0;
  std::size_t hunted_now = 0;
  std::uint64_t arrived = 0;
  std::uint64_t answered = 0;
  std::uint64_t not_placed = 0;
  std::uint64_t hunted = 0;
  double mean_wait_s = 0;
  double p99_wait_s = 0;
  bool is_replay = false;
  std::uint64_t at_once = 0;  ///< hung up as they joined
  std::uint64_t desks = 0;
  std::uint64_t callbacks_dialled = 0;
  std::uint64_t callbacks_kept = 0;
  std::uint64_t callbacks_reached = 0;
  std::size_t contacts = 0;
  std::size_t referrals = 0;
  LinkFigures links;
  std::uint64_t failed_tasks = 0;
  double memory_mib = 0;
};

/// One line for a person who watches.
std::string progress_line(const RunFigures& now);
/// The end: figures, then ledger | log | difference.
std::string summary_text(const RunFigures& end, const CheckResult& check, const Ledger& ledger);
std::string summary_json(const RunFigures& end, const CheckResult& check, const Ledger& ledger);

/// Resident memory of this process.
double memory_mib();

}  // namespace kapok::load
