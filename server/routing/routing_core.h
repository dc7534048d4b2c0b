#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "routing/commands.h"
#include "routing/events.h"
#include "routing/views.h"

namespace kapok::routing {

struct State;

/// What a core is born with; never changes while it lives.
struct CityOptions {
  std::int32_t city_number = 1;    ///< 1–1023, part of offer ids
  Duration utc_offset = hours{8};  ///< of local time, for the night rule (decision 5)
  /// Product seconds in a real one: above 1 on a practice clock only. A lost desk has its grace in real time, since
  /// its client reconnects in real time (decision 5: network deadlines stay real).
  std::int32_t time_factor = 1;
};

/// Decides who gets whom in one city. Events in, commands out, time as a parameter: the same events at the
/// same instants give the same commands and the same state_hash(), on every machine and in every replay.
///
/// Order of life: DirectoryChanged (whole) → Restarted → anything. Calls before that are our mistake.
/// `now` never runs backwards between calls (the shell's clock sees to it, decision 5).
/// A wrong event changes nothing and is answered by RefuseEvent or RefuseAccept; nothing throws.
/// Not thread-safe: one strand per city owns it. It never blocks, and asks nobody.
class RoutingCore {
 public:
  explicit RoutingCore(CityOptions options = {});
  ~RoutingCore();
  RoutingCore(RoutingCore&&) noexcept;
  RoutingCore& operator=(RoutingCore&&) noexcept;

  /// Fires every timer due at or before `now`, then takes the event, then matches whoever became free or
  /// began to wait. The commands must be saved as one batch before any of them takes effect outside.
  [[nodiscard]] std::vector<Command> apply(Instant now, const Event& event);

  /// When to call apply(now, Ticked{}) at the latest. Nothing = only an event can change anything.
  [[nodiscard]] std::optional<Instant> next_timer() const;

  /// Digest of everything that influences a later decision. O(state): compare every N events, not each.
  [[nodiscard]] std::uint64_t state_hash() const;

  /// Recomputes every invariant (routing.md §1.4) from scratch; the first one broken, in words, or nothing.
  /// O(calls × workers): after each event in small worlds, every 1,000th in city-sized ones (decision 17).
  [[nodiscard]] std::optional<std::string> check_all() const;

  // Questions. Unknown ids give nothing or an empty answer.
  [[nodiscard]] std::optional<CallView> call(CallId id) const;
  [[nodiscard]] std::optional<WorkerView> worker(WorkerId id) const;
  /// Open calls (waiting, offered, talking) of lines at or below `unit`, in order of service for those waiting.
  [[nodiscard]] std::vector<CallView> calls_of(UnitId unit) const;
  /// Workers who hold a shift (or finish one) at or below `unit`, by id.
  [[nodiscard]] std::vector<WorkerView> workers_of(UnitId unit) const;
  [[nodiscard]] NodeCounters counters(UnitId unit) const;
  [[nodiscard]] std::vector<GapView> gaps() const;
  /// Callers that would be served before this one if every ring open to him freed now, plus one; 0 when not
  /// waiting. O(log n).
  [[nodiscard]] std::int32_t position(CallId id) const;
  /// Is this the live offer of that worker? For the shell's own early refusals.
  [[nodiscard]] bool offer_is_live(OfferId id, std::int64_t epoch) const;
  [[nodiscard]] WorkCounters work() const;

 private:
  friend class StateOfCore;  ///< tests plant faults through it
  std::unique_ptr<State> state_;
};

}  // namespace kapok::routing
