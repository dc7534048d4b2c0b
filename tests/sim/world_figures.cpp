#include "sim/world_figures.h"

#include "routing/digest.h"

namespace kapok::sim {
namespace {

template <std::size_t N>
void add_all(std::array<std::int64_t, N>& to, const std::array<std::int64_t, N>& from) {
  for (std::size_t at = 0; at < N; ++at) to[at] += from[at];
}

void add_server(ServerFigures& to, const ServerFigures& from) {
  to.events += from.events;
  to.commands += from.commands;
  to.starts += from.starts;
  to.crashes += from.crashes;
  to.torn_batches += from.torn_batches;
  to.unsaved_events += from.unsaved_events;
  to.full_checks += from.full_checks;
  to.repeats += from.repeats;
}

}  // namespace

void WorldFigures::add(const WorldFigures& other) {
  add_server(server, other.server);
  arrivals += other.arrivals;
  hunted += other.hunted;
  refused += other.refused;
  talks += other.talks;
  offers += other.offers;
  misses += other.misses;
  refused_accepts += other.refused_accepts;
  arrivals_doubled += other.arrivals_doubled;
  recovered += other.recovered;
  lost_on_restart += other.lost_on_restart;
  endpoints_removed += other.endpoints_removed;
  warm_transfers += other.warm_transfers;
  cold_transfers += other.cold_transfers;
  transfers_taken += other.transfers_taken;
  callbacks_kept += other.callbacks_kept;
  callbacks_reached += other.callbacks_reached;
  messages_lost += other.messages_lost;
  messages_doubled += other.messages_doubled;
  messages_late += other.messages_late;
  devices_lost += other.devices_lost;
  stalls += other.stalls;
  clock_jumps += other.clock_jumps;
  directory_changes += other.directory_changes;
  surges += other.surges;
  shifts += other.shifts;
  add_all(buckets, other.buckets);
  add_all(answered_in, other.answered_in);
  add_all(answered_after, other.answered_after);
  answered_wait_s += other.answered_wait_s;
  simulated_s += other.simulated_s;
  digest += routing::Digest{}.add(other.digest).value();  // in whatever order worlds are lived through
}

double WorldFigures::answered_quantile_s(double share) const {
  std::int64_t all = 0;
  for (const std::int64_t count : answered_after) all += count;
  std::int64_t seen = 0;
  for (std::size_t second = 0; second < kWaitBins; ++second) {
    seen += answered_after[second];
    if (static_cast<double>(seen) >= share * static_cast<double>(all)) return static_cast<double>(second);
  }
  return static_cast<double>(kWaitBins);
}

}  // namespace kapok::sim
