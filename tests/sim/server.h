#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "routing/routing_core.h"
#include "sim/modelled_store.h"
#include "sim/recording.h"
#include "sim/witness.h"

/// The server of a simulated world: the production core, a store that follows its commands, and a witness of both.
namespace kapok::sim {

struct ServerOptions {
  routing::CityOptions city;
  UnitId root;
  std::int64_t check_every = 1;   ///< events between full checks (decision 17: 1 in small worlds, 1,000 in cities)
  std::int64_t repeat_every = 1;  ///< crashes between comparisons with the journal's replay; 0 = never
  std::size_t recording_max = 200'000;  ///< events of one start kept; see recording_is_full()
  WorldRule rule;                       ///< a further invariant
};

struct ServerFigures {
  std::int64_t events = 0;
  std::int64_t commands = 0;
  std::int64_t starts = 0;
  std::int64_t crashes = 0;
  std::int64_t torn_batches = 0;
  std::int64_t unsaved_events = 0;  ///< decided while store and spool failed
  std::int64_t full_checks = 0;     ///< check_all() and store against core
  std::int64_t repeats = 0;         ///< starts lived through a second time, to the same hash
};

class Server {
 public:
  explicit Server(ServerOptions options) : options_(std::move(options)) {}

  /// A process start: a new core from the whole directory and what the store says. Commands of both events.
  std::vector<routing::Command> start(Instant now, const routing::DirectoryChanged& directory,
                                      const std::vector<routing::ShiftStarted>& running);

  /// One event: decided, written down, checked. Nothing when it was not saved (tear_batches): then nothing was written
  /// and nothing left the house; is_up() says whether the process still stands.
  std::optional<std::vector<routing::Command>> tell(Instant now, const routing::Event& event);

  /// The process is gone. Its journal, written and read as text, must replay to the same answers and the same state.
  void crash();
  /// Of this and the next events, so many in all, nothing can be saved; with the last the process gives up what it
  /// believes and dies. One: it dies between a decision and its commit. More: store and spool fail, and what follows
  /// an unsaved event is not saved either (service/journaling.h).
  void tear_batches(int events) { torn_ = events; }

  [[nodiscard]] bool is_up() const { return core_.has_value(); }
  [[nodiscard]] const routing::RoutingCore& core() const { return *core_; }
  [[nodiscard]] const ModelledStore& store() const { return store_; }
  [[nodiscard]] const Recording& recording() const { return recording_; }
  /// Time for a planned restart, which begins a new recording.
  [[nodiscard]] bool recording_is_full() const { return recording_.told.size() >= options_.recording_max; }
  /// The first invariant broken, in words. The world ends with it.
  [[nodiscard]] const std::optional<std::string>& broken() const { return broken_; }
  void break_rule(std::string what);
  [[nodiscard]] const ServerFigures& figures() const { return figures_; }
  [[nodiscard]] Instant last_told() const { return last_; }
  /// Full check now, whatever the count.
  void check();

 private:
  std::vector<routing::Command> decide(Instant now, const routing::Event& event);
  void compare_with_replay();

  ServerOptions options_;
  std::optional<routing::RoutingCore> core_;
  ModelledStore store_;
  Witness witness_;
  Recording recording_;
  Instant last_;
  std::int64_t epoch_ = 0;
  std::int64_t since_check_ = 0;
  int torn_ = 0;
  bool ahead_ = false;                  ///< the core believes what was not saved
  std::int64_t journal_seq_ = 0;        ///< of the last event of the start before
  std::vector<std::uint64_t> answers_;  ///< digests by event, where every crash is compared
  std::optional<std::string> broken_;
  ServerFigures figures_;
};

}  // namespace kapok::sim
