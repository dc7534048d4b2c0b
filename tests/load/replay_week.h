#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/bank_calls.h"
#include "load/product_time.h"

/// A recorded week as callers who ring a hotline (decision 38). What each of them wants is the record's; when somebody
/// answers, and so who gives up, is the server's.
namespace kapok::load {

enum class ReplayKind {
  kHangsUpAtOnce,  ///< left in the automated answer
  kGivesUp,        ///< hung up on hold: has just that patience
  kStays,          ///< was served: waits for ever
};

struct ReplayCall {
  std::uint64_t number = 0;  ///< of the week, from 1, by time of joining
  ProductUs joins = 0;       ///< after the midnight with which the week begins
  ReplayKind kind = ReplayKind::kStays;
  ProductUs patience = 0;  ///< of those who do not stay
  ProductUs talk = 0;      ///< what he needs once somebody answers
};

struct ReplayWeek {
  std::vector<ReplayCall> calls;  ///< by time of joining
  std::size_t phantoms = 0;       ///< rows that were no callers
  ProductUs from = 0;
  ProductUs until = 7 * kDayUs;

  [[nodiscard]] std::size_t count(ReplayKind kind) const;
  [[nodiscard]] ProductUs length() const { return until - from; }
};

/// Every row but the phantoms is an arrival at `arrival_s + vru_s` (negative vru_s counts as 0). One who gave up and is
/// answered before his patience ends talks for as long as callers do in the middle: the record cannot say it.
ReplayWeek replay_of(const std::vector<BankCall>& calls);

/// The callers who join in [from, until), with the numbers they have in the whole week.
ReplayWeek part_of(const ReplayWeek& week, ProductUs from, ProductUs until);

/// The stretch that `--day` (1 Monday … 7), `--from` and `--until` (HH:MM, 24:00 allowed) name: of that day, or from
/// Monday to Sunday. Empty = midnight. Throws std::runtime_error with one sentence.
struct Stretch {
  ProductUs from = 0;
  ProductUs until = 7 * kDayUs;
};
Stretch stretch_of(std::optional<int> day, std::string_view from, std::string_view until);

/// The number that a caller of the week shows (invented: 020-09…).
std::string caller_of(std::uint64_t number);

}  // namespace kapok::load
