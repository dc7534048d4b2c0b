#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/call.h"
#include "routing/commands.h"
#include "sim/server.h"

namespace kapok::sim {

/// What callers met with and what went wrong, counted.
struct WorldFigures {
  static constexpr std::size_t kWaitBins = 1801;  ///< whole seconds; the last holds all longer ones

  ServerFigures server;
  std::int64_t arrivals = 0;  ///< taken by the server
  std::int64_t hunted = 0;    ///< sent on by the gateway while the server was away for long
  std::int64_t refused = 0;   ///< arrivals on lines that had just been closed
  std::int64_t talks = 0;
  std::int64_t offers = 0;
  std::int64_t misses = 0;
  std::int64_t refused_accepts = 0;
  std::int64_t arrivals_doubled = 0;
  std::int64_t recovered = 0;        ///< arrivals told again because the first telling was not saved
  std::int64_t lost_on_restart = 0;  ///< gone when the gateway attached again
  std::int64_t endpoints_removed = 0;
  std::int64_t warm_transfers = 0;
  std::int64_t cold_transfers = 0;
  std::int64_t transfers_taken = 0;  ///< of the warm ones
  std::int64_t callbacks_kept = 0;
  std::int64_t callbacks_reached = 0;
  std::int64_t messages_lost = 0;
  std::int64_t messages_doubled = 0;
  std::int64_t messages_late = 0;
  std::int64_t devices_lost = 0;
  std::int64_t stalls = 0;
  std::int64_t clock_jumps = 0;
  std::int64_t directory_changes = 0;
  std::int64_t surges = 0;
  std::int64_t shifts = 0;
  std::array<std::int64_t, 6> buckets{};                        ///< by KpiBucket
  std::array<std::int64_t, routing::kRingCount> answered_in{};  ///< by ring of the first answer
  std::array<std::int64_t, kWaitBins> answered_after{};
  double answered_wait_s = 0;
  double simulated_s = 0;
  std::uint64_t digest = 0;  ///< of states on the way and at the end: equal seeds give equal digests

  void add(const WorldFigures& other);
  [[nodiscard]] std::int64_t bucket(KpiBucket of) const { return buckets[static_cast<std::size_t>(of)]; }
  /// Seconds within which this share of the answered were answered.
  [[nodiscard]] double answered_quantile_s(double share) const;
};

}  // namespace kapok::sim
