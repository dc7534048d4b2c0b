#include "routing/replay.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "routing/command_text.h"
#include "routing/event_text.h"

namespace kapok::routing {
namespace {

Replay::Difference difference(Replay::Fault fault, const JournalEntry& entry, std::string what) {
  Replay::Difference found;
  found.fault = fault;
  found.seq = entry.seq;
  found.at = entry.at;
  found.what = std::move(what);
  found.event = entry.event;
  return found;
}

}  // namespace

std::optional<Replay::Difference> Replay::take(const JournalEntry& entry) {
  if (last_seq_ != 0 && entry.seq != last_seq_ + 1)
    return difference(Fault::kRowsMissing, entry,
                      "the row before it has seq " + std::to_string(last_seq_) + ": rows are missing or damaged");
  if (entry.core)
    if (auto found = begin(entry)) return found;
  if (!core_) return difference(Fault::kNoStart, entry, "a replay begins with the first event of a start");
  const auto event = parse_event(entry.event);
  if (!event) return difference(Fault::kUnreadable, entry, event.error().detail);
  if (auto found = out_of_place(entry, *event)) return found;
  last_seq_ = entry.seq;
  last_at_ = entry.at;
  ++events_of_start_;
  ++figures_.events;
  const auto commands = core_->apply(entry.at, *event);
  figures_.commands += static_cast<std::int64_t>(commands.size());
  return compare(entry, commands);
}

std::optional<Replay::Difference> Replay::begin(const JournalEntry& entry) {
  const auto start = parse_core_start(*entry.core);
  if (!start) return difference(Fault::kUnreadable, entry, "how the core began: " + start.error().detail);
  core_ = std::make_unique<RoutingCore>(start->options);
  events_of_start_ = 0;
  ++figures_.starts;
  if (std::ranges::find(figures_.programs, start->program) == figures_.programs.end())
    figures_.programs.push_back(start->program);
  return std::nullopt;
}

/// What a core would rightly abort on.
std::optional<Replay::Difference> Replay::out_of_place(const JournalEntry& entry, const Event& event) const {
  const bool is_directory = std::holds_alternative<DirectoryChanged>(event);
  const bool is_restart = std::holds_alternative<Restarted>(event);
  if (entry.at < last_at_) return difference(Fault::kOutOfOrder, entry, "it is earlier than the row before it");
  if (events_of_start_ == 0 && !is_directory)
    return difference(Fault::kOutOfOrder, entry, "a start begins with the whole directory");
  if ((events_of_start_ == 1) != is_restart)
    return difference(Fault::kOutOfOrder, entry, "Restarted is the second event of a start, and only that");
  return std::nullopt;
}

std::optional<Replay::Difference> Replay::compare(const JournalEntry& entry, const std::vector<Command>& commands) {
  const auto differs = [&](Fault fault, std::string what, std::uint64_t recorded, std::uint64_t recomputed) {
    Difference found = difference(fault, entry, std::move(what));
    found.recorded = recorded;
    found.recomputed = recomputed;
    for (const Command& command : commands) found.commands.push_back(command_text(command));
    return found;
  };
  if (entry.commands) {
    ++figures_.digests_compared;
    if (const auto digest = digest_of(commands); digest != *entry.commands)
      return differs(Fault::kOtherCommands, "routing answers otherwise than it did then", *entry.commands, digest);
  }
  if (entry.state_hash) {
    ++figures_.hashes_compared;
    if (const auto hash = core_->state_hash(); hash != *entry.state_hash)
      return differs(Fault::kOtherState, "routing knows something else than it did then", *entry.state_hash, hash);
  }
  return std::nullopt;
}

}  // namespace kapok::routing
