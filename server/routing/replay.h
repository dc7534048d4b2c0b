#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/instant.h"
#include "routing/routing_core.h"

namespace kapok::routing {

/// One row of the journal, as any store holds it.
struct JournalEntry {
  std::int64_t seq = 0;
  Instant at;
  std::string event;                        ///< event_text()
  std::optional<std::string> core;          ///< core_start_text(), on the first event of each start
  std::optional<std::uint64_t> commands;    ///< digest_of() what routing answered
  std::optional<std::uint64_t> state_hash;  ///< after this event, now and then
};

/// Runs recorded events through a core of its own and compares every answer with the recorded one (decision 20, I13).
/// Pure; any thread; give it entries in order of seq, beginning with the first of a start.
class Replay {
 public:
  enum class Fault {
    kNoStart,        ///< the first entry is not the first of a start
    kRowsMissing,    ///< seq does not follow; rows of a start are a start's own
    kOutOfOrder,     ///< time runs backwards, or an event comes where none may
    kUnreadable,     ///< text of event or core
    kOtherCommands,  ///< routing answers otherwise than then
    kOtherState,     ///< the same answers so far, another state
  };
  struct Difference {
    Fault fault = Fault::kNoStart;
    std::int64_t seq = 0;
    Instant at;
    std::string what;  ///< one English sentence
    std::string event;
    std::optional<std::uint64_t> recorded;  ///< digest or hash, for the last two faults
    std::optional<std::uint64_t> recomputed;
    std::vector<std::string> commands;  ///< as re-computed, command_text()
  };
  struct Figures {
    std::int64_t events = 0;
    std::int64_t commands = 0;
    std::int64_t starts = 0;
    std::int64_t digests_compared = 0;
    std::int64_t hashes_compared = 0;
    std::vector<std::string> programs;  ///< versions that recorded what was replayed
  };

  /// Nothing when the entry agrees. After a difference nothing more may be given: all that follows would differ too.
  std::optional<Difference> take(const JournalEntry& entry);

  [[nodiscard]] const Figures& figures() const { return figures_; }

 private:
  std::optional<Difference> begin(const JournalEntry& entry);
  [[nodiscard]] std::optional<Difference> out_of_place(const JournalEntry& entry, const Event& event) const;
  std::optional<Difference> compare(const JournalEntry& entry, const std::vector<Command>& commands);

  std::unique_ptr<RoutingCore> core_;
  std::int64_t last_seq_ = 0;
  Instant last_at_;
  std::int64_t events_of_start_ = 0;
  Figures figures_;
};

}  // namespace kapok::routing
