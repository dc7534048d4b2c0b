#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "core/instant.h"
#include "routing/block_set.h"

namespace kapok::routing {

/// What a timer is for. The order decides which of two timers of the same instant fires first.
enum class TimerKind {
  kOfferEnds,       ///< subject: offer
  kTalkGraceEnds,   ///< subject: call whose worker's desk is gone
  kAfterCallEnds,   ///< subject: worker
  kPhonePauseEnds,  ///< subject: worker
  kExclusionEnds,   ///< subject: call, other: worker
  kRingOpens,       ///< subject: call
  kClassAges,       ///< subject: call
  kAnnounce,        ///< subject: none, one for the city
  kHoldEnds,        ///< subject: call
  kKeepingEnds,     ///< subject: call
};

struct Timer {
  Instant at;
  TimerKind kind = TimerKind::kOfferEnds;
  std::int64_t subject = 0;
  std::int64_t other = 0;
  friend constexpr auto operator<=>(const Timer&, const Timer&) = default;
};

/// The one queue of all deadlines of a city. Setting and cancelling cost O(log n); equal instants fire in an
/// order that depends on nothing but the timers themselves. Whoever sets a timer keeps its instant to cancel it.
class TimerQueue {
 public:
  void set(Timer timer) { timers_.insert(timer); }
  void cancel(Timer timer) { timers_.erase(timer); }

  [[nodiscard]] std::optional<Instant> next() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.front().at;
  }

  /// Takes the earliest timer due at or before `now`, if any.
  std::optional<Timer> take_due(Instant now) {
    if (timers_.empty() || timers_.front().at > now) return std::nullopt;
    const Timer due = timers_.front();
    timers_.pop_front();
    return due;
  }

  [[nodiscard]] bool holds(Timer timer) const { return timers_.contains(timer); }
  [[nodiscard]] const BlockSet<Timer>& all() const { return timers_; }

 private:
  BlockSet<Timer> timers_;
};

}  // namespace kapok::routing
