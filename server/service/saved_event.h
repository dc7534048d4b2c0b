#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "api/message.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/commands.h"
#include "routing/views.h"
#include "service/live_calls.h"
#include "service/service.h"

namespace kapok::service {

/// A call's place in routing as of one event.
struct CallPlace {
  routing::CallView view;
  std::int32_t position = 0;
};

struct UnitPlace {
  UnitId unit;
  routing::NodeCounters counters;
};

/// A call told when it was over (Backfill), and what that changes.
struct ToldLater {
  storage::CallRow row;
  std::string caller_key;       ///< blind index of the number; empty when it cannot be matched
  bool was_unanswered = false;  ///< its row had counted as unanswered until now
};

/// One event as it was decided: the commands and a picture of everything they touch, taken right then, so that
/// those told after COMMIT see this state and not a later one that is not saved yet.
struct SavedEvent {
  Instant at;
  std::vector<routing::Command> commands;
  std::vector<LiveCall> calls;               ///< of every call named, ended ones included
  std::vector<CallPlace> places;             ///< of those still open, and of callers waiting at the same unit
  std::vector<routing::WorkerView> workers;  ///< of every worker named
  std::vector<ToldLater> told_later;
  std::vector<UnitPlace> units;                   ///< of every unit whose counters may have moved, up to the root
  ConnectionId asked_by;                          ///< who gets the reply, if anyone
  api::Saved saved = api::Saved::kNothingToSave;  ///< where it lies; set when it has been saved
  bool fresh = false;  ///< the whole city after a start: forget what was shown before; the lists are complete
  // Only in a fresh one:
  std::vector<UnitId> gaps;
  std::vector<storage::CallCount> today;
  std::vector<storage::AnswerCount> answers_today;
  std::vector<storage::EndedRef> ended_refs;  ///< of calls that ended not long ago
  std::map<WorkerId, ContactId> drafts;       ///< the unfinished contact of each answerer's latest call

  /// Null when the event does not concern it.
  [[nodiscard]] const LiveCall* call(CallId id) const;
  [[nodiscard]] const routing::WorkerView* worker(WorkerId id) const;
  template <class C>
  [[nodiscard]] const C* find() const {
    for (const routing::Command& command : commands)
      if (const C* found = std::get_if<C>(&command)) return found;
    return nullptr;
  }
};

}  // namespace kapok::service
