#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "routing/routing_core.h"

namespace kapok::routing {

/// Numbers from a counter and a seed: no state but the count, so a run is repeated from its seed alone.
class CounterRandom {
 public:
  explicit CounterRandom(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t next() {
    std::uint64_t x = seed_ * 0x9e3779b97f4a7c15ULL + ++count_ * 0xd1342543de82ef95ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
  /// 0 … n-1
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(std::int64_t percent) { return below(100) < percent; }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

struct Happened {
  Instant now;
  Event event;
  bool restarted = false;  ///< a new core begins with this event
  std::vector<Command> commands;
  std::uint64_t hash = 0;
};

struct Ledger {
  std::multiset<CallId> arrived;
  std::multiset<CallId> ended;
};

/// A few stations, up to 30 workers and far too many callers, who do everything people, devices and gateways
/// do, also at the wrong moment. Each seed has its own load and its own set of faults (swarm testing).
class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed);

  /// One random event (and time before it). What broke, or nothing.
  std::optional<std::string> step();
  /// Faults stop, everybody works: every queue must empty in bounded time.
  std::optional<std::string> drain();

  [[nodiscard]] const std::vector<Happened>& history() const { return history_; }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }
  [[nodiscard]] CityOptions options() const { return {3, hours{8}}; }
  [[nodiscard]] std::string story() const;
  [[nodiscard]] bool holds_for_workers();
  [[nodiscard]] bool holds_for_languages();

 private:
  std::optional<std::string> apply(const Event& event, bool restarted = false);
  void note(const std::vector<Command>& commands);
  Event random_event();
  Event caller_event();
  Event worker_event();
  Event offer_event();
  Event directory_event();
  Event transfer(const CallView& call);
  Event second_event(const CallView& call);
  Event arrival();
  std::optional<std::string> crash();
  WorkerId perhaps_free_worker();
  WorkerId any_worker() { return WorkerId{1 + random_.below(workers_)}; }
  WorkerId last_worker();
  CallId any_call();
  EndpointId endpoint(WorkerId worker, std::int64_t kind) const { return EndpointId{worker.value * 10 + kind}; }
  /// One of two, as a bit.
  std::uint64_t some_language() { return std::uint64_t{1} << random_.below(2); }
  Event shift(WorkerId worker);
  std::vector<UnitId> some_units();

  CounterRandom random_;
  RoutingCore core_;
  Instant now_;
  std::int64_t workers_ = 0;
  std::int64_t load_percent_ = 0;
  std::int64_t fault_percent_ = 0;
  std::int64_t flood_percent_ = 0;  ///< of callers who all dial one line
  std::int64_t last_call_ = 0;
  std::int64_t last_shift_ = 0;
  std::int64_t epoch_ = 1;
  std::vector<OfferCall> offers_;
  std::vector<ShiftId> shifts_;
  std::vector<Happened> history_;
  Ledger ledger_;
  std::set<CallId> taken_;  ///< passed on warm
};

}  // namespace kapok::routing
