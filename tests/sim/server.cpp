#include "sim/server.h"

#include <utility>

#include "core/check.h"
#include "routing/command_text.h"
#include "routing/event_text.h"
#include "routing/replay.h"

namespace kapok::sim {

using routing::Command;
using routing::Event;

void Server::break_rule(std::string what) {
  if (!broken_) broken_ = std::move(what);
}

void Server::check() {
  if (ahead_) return;
  since_check_ = 0;
  ++figures_.full_checks;
  if (auto broken = core_->check_all()) break_rule(*broken);
  if (auto broken = store_.agrees_with(*core_, options_.root)) break_rule(*broken);
}

/// The recording is written before the core is asked, so that it holds the event by which a check ended the process.
std::vector<Command> Server::decide(Instant now, const Event& event) {
  KAPOK_CHECK(now >= last_);
  last_ = now;
  recording_.told.push_back({now, event});
  auto commands = core_->apply(now, event);
  if (options_.repeat_every == 1) answers_.push_back(routing::digest_of(commands));
  ++figures_.events;
  figures_.commands += static_cast<std::int64_t>(commands.size());
  return commands;
}

std::vector<Command> Server::start(Instant now, const routing::DirectoryChanged& directory,
                                   const std::vector<routing::ShiftStarted>& running) {
  ++figures_.starts;
  core_.emplace(options_.city);
  recording_.options = options_.city;
  recording_.told.clear();  // and keep the room
  witness_ = {};
  std::vector<Command> all;
  const routing::Restarted restarted = store_.restart(++epoch_, now, running);
  for (const Event& event : {Event{directory}, Event{restarted}}) {
    auto commands = decide(now, event);
    if (auto broken = store_.take(event, commands)) break_rule(*broken);
    if (auto broken = witness_.take(now, event, commands)) break_rule(*broken);
    all.insert(all.end(), commands.begin(), commands.end());
  }
  check();
  return all;
}

std::optional<std::vector<Command>> Server::tell(Instant now, const Event& event) {
  auto commands = decide(now, event);
  if (torn_ > 0) {
    ++figures_.unsaved_events;
    ahead_ = true;
    if (--torn_ > 0) return std::nullopt;
    ++figures_.torn_batches;
    crash();
    return std::nullopt;
  }
  if (auto broken = store_.take(event, commands)) break_rule(*broken);
  if (auto broken = witness_.take(now, event, commands)) break_rule(*broken);
  if (options_.rule)
    if (auto broken = options_.rule(*core_, commands)) break_rule(*broken);
  if (++since_check_ >= options_.check_every) check();
  return commands;
}

void Server::crash() {
  ++figures_.crashes;
  if (options_.repeat_every > 0 && figures_.crashes % options_.repeat_every == 0) compare_with_replay();
  core_.reset();
  torn_ = 0;
  ahead_ = false;
  journal_seq_ += static_cast<std::int64_t>(recording_.told.size());
  answers_.clear();
}

void Server::compare_with_replay() {
  ++figures_.repeats;
  routing::Replay replay;
  for (std::size_t n = 0; n < recording_.told.size(); ++n) {
    routing::JournalEntry entry;
    entry.seq = journal_seq_ + static_cast<std::int64_t>(n) + 1;
    entry.at = recording_.told[n].at;
    entry.event = routing::event_text(recording_.told[n].event);
    if (n == 0) entry.core = routing::core_start_text({"kapok-sim", recording_.options});
    if (n < answers_.size()) entry.commands = answers_[n];
    if (n + 1 == recording_.told.size()) entry.state_hash = core_->state_hash();
    if (const auto differs = replay.take(entry))
      return break_rule("I13: a replay of the journal differs: " + differs->what);
  }
}

}  // namespace kapok::sim
