#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kapok::load {

enum class BankOutcome { kServed, kHungUp, kPhantom };

/// One call of the bank's telephone centre, as its record says, oddities included.
struct BankCall {
  int day = 0;        ///< days after the first day of the file
  int arrival_s = 0;  ///< after local midnight of that day
  int vru_s = 0;      ///< in the automated answer; negative where the clock slipped
  bool queued = false;
  int wait_s = 0;
  int service_s = 0;
  BankOutcome outcome = BankOutcome::kServed;
};

struct BankLimits {
  std::size_t bytes_max = 8 * 1024 * 1024;
  std::size_t calls_max = 50'000;
  int days_max = 7;  ///< a longer record is no week
};

/// Reads the week's record (CSV with a header row, LF or CRLF, no quotes): the columns `date` (2026-11-22),
/// `arrival_s`, `vru_s`, `queued` (0, 1), `wait_s`, `service_s` and `outcome` (`agent`, `hang`, `phantom`) in any
/// order; others are passed over. Dates do not go backwards. Throws std::runtime_error `line N: …` at the first row
/// that is not so.
std::vector<BankCall> read_bank_calls(std::string_view csv, const BankLimits& limits = {});

}  // namespace kapok::load
