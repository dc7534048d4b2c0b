#include "sim/server.h"

#include <utility>

#include "core/check.h"

namespace kapok::sim {

using routing::Command;
using routing::Event;

void Server::break_rule(std::string what) {
  if (!broken_) broken_ = std::move(what);
}

void Server::check() {
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
  ++figures_.events;
  figures_.commands += static_cast<std::int64_t>(commands.size());
  return commands;
}

std::vector<Command> Server::start(Instant now, const routing::DirectoryChanged& directory,
                                   const std::vector<routing::ShiftStarted>& running) {
  ++figures_.starts;
  core_.emplace(options_.city);
  recording_ = {options_.city, {}};
  std::vector<Command> all;
  const routing::Restarted restarted = store_.restart(++epoch_, now, running);
  for (const Event& event : {Event{directory}, Event{restarted}}) {
    auto commands = decide(now, event);
    if (auto broken = store_.take(event, commands)) break_rule(*broken);
    if (auto broken = witness_.take(event, commands)) break_rule(*broken);
    all.insert(all.end(), commands.begin(), commands.end());
  }
  check();
  return all;
}

std::optional<std::vector<Command>> Server::tell(Instant now, const Event& event) {
  auto commands = decide(now, event);
  if (std::exchange(torn_, false)) {
    ++figures_.torn_batches;
    crash();
    return std::nullopt;
  }
  if (auto broken = store_.take(event, commands)) break_rule(*broken);
  if (auto broken = witness_.take(event, commands)) break_rule(*broken);
  if (options_.rule)
    if (auto broken = options_.rule(*core_, commands)) break_rule(*broken);
  if (++since_check_ >= options_.check_every) check();
  return commands;
}

void Server::crash() {
  ++figures_.crashes;
  if (options_.repeat_every > 0 && figures_.crashes % options_.repeat_every == 0) compare_with_replay();
  core_.reset();
  torn_ = false;
}

void Server::compare_with_replay() {
  ++figures_.repeats;
  if (repeat(recording_).state_hash != core_->state_hash())
    break_rule("I13: a replay of the journal ends in another state");
}

}  // namespace kapok::sim
