#include "routing/holds.h"

#include <utility>
#include <vector>

#include "core/planted_fault.h"
#include "routing/matching.h"
#include "routing/policy.h"
#include "routing/rings.h"

namespace kapok::routing {
namespace {

const WorkerRecord* last_worker(const State& state, const CallRecord& call) {
  const auto found = state.workers.find(call.arrival.facts.last_worker);
  return found == state.workers.end() ? nullptr : &found->second;
}

/// Until when the caller may wait for his last worker; unset = he is no longer waited for.
Instant comes_by(const State& state, const CallRecord& call) {
  const WorkerRecord* worker = last_worker(state, call);
  const Instant latest = call.joined_at + kStickyHold;
  if (worker == nullptr || state.now > latest) return {};
  if (!has_skills(state, call, *worker) || is_excluded(call, worker->info.id)) return {};
  if (worker->placed.idle || KAPOK_IS_PLANTED(held_for_whoever_talks)) return latest;
  if (call.effective == CallerClass::kCrisis) return {};
  const bool writes = worker->placed.presence.state == WorkerState::kAfterCall && worker->placed.presence.present;
  return writes && worker->after_call_until <= latest ? worker->after_call_until : Instant{};
}

/// Units above hold those below, so the widest one of the tree and the duty phone speak for all his rings.
bool somebody_speaks(const State& state, const CallRecord& call) {
  const std::uint64_t language = call.arrival.facts.language;
  if (state.nodes[kDutyNode].speakers.speaks(language)) return true;
  for (int r = static_cast<int>(Ring::kCity); r >= static_cast<int>(call.path.first); --r)
    if (const NodeIx node = call.path.at(static_cast<Ring>(r)); node != kNoNode)
      return state.nodes[node].speakers.speaks(language);
  return false;
}

void set_hold(State& state, CallRecord& call, HoldKind kind, Instant until) {
  call.hold = {kind, until};
  if (KAPOK_IS_PLANTED(hold_without_end)) return;
  state.timers.set({until, TimerKind::kHoldEnds, call.arrival.call.value});
}

void hold_for_language(State& state, CallRecord& call) {
  const Instant until = call.arrival.arrived_at + (KAPOK_IS_PLANTED(held_too_long) ? 2 : 1) * kLanguageHold;
  if (call.effective == CallerClass::kCrisis && !KAPOK_IS_PLANTED(crisis_is_held)) return;
  if (call.arrival.facts.language == 0 || state.now >= until) return;
  if (somebody_speaks(state, call)) set_hold(state, call, HoldKind::kLanguage, until);
}

}  // namespace

bool may_be_asked(const CallRecord& call, const WorkerRecord& worker) {
  if (call.hold.kind == HoldKind::kWorker) return worker.info.id == call.arrival.facts.last_worker;
  return call.hold.kind != HoldKind::kLanguage || (worker.info.languages & call.arrival.facts.language) != 0;
}

void begin_hold(State& state, CallRecord& call) {
  const bool first_wait = call.offers_made == 0 && !call.answered_at.is_set();
  const Instant until = first_wait ? comes_by(state, call) : Instant{};
  if (until.is_set()) return set_hold(state, call, HoldKind::kWorker, until);
  hold_for_language(state, call);
}

void drop_hold(State& state, CallRecord& call) {
  if (call.hold.kind == HoldKind::kNone) return;
  state.timers.cancel({call.hold.until, TimerKind::kHoldEnds, call.arrival.call.value});
  call.hold = {};
}

void hold_ends(State& state, CallId id) {
  CallRecord& call = state.call(id);
  place_anew(state, call, [&] {
    const bool was_for_worker = call.hold.kind == HoldKind::kWorker;
    drop_hold(state, call);
    if (was_for_worker) hold_for_language(state, call);
  });
  call.released_step = state.step;
}

void recheck_holds(State& state) {
  if (KAPOK_IS_PLANTED(hold_outlives_its_reason)) {
    state.quiet_languages = 0;
    state.moved_hosts.clear();
  }
  if (state.moved_hosts.empty() && state.quiet_languages == 0) return;
  std::vector<CallId> look_at;
  state.moved_hosts.drain([&](WorkerId worker) {
    if (const auto held = state.held_for_worker.find(worker); held != state.held_for_worker.end())
      for (const auto& [effective, key] : held->second) look_at.push_back(key.call);
  });
  const std::uint64_t quiet = std::exchange(state.quiet_languages, 0);
  for (const auto& [language, calls] : state.held_for_language)
    if ((language & quiet) != 0) look_at.insert(look_at.end(), calls.begin(), calls.end());
  state.work.calls_replaced += static_cast<std::int64_t>(look_at.size());
  for (CallId id : look_at)
    if (!hold_stands(state, state.call(id))) hold_ends(state, id);
}

void list_hold(State& state, const CallRecord& call) {
  if (call.hold.kind == HoldKind::kWorker)
    state.held_for_worker[call.arrival.facts.last_worker].emplace(call.effective, call.key());
  if (call.hold.kind == HoldKind::kLanguage)
    state.held_for_language[call.arrival.facts.language].insert(call.arrival.call);
}

void unlist_hold(State& state, const CallRecord& call) {
  const auto leave = [](auto& lists, auto list, auto held) {
    const auto found = lists.find(list);
    KAPOK_CHECK(found != lists.end() && found->second.erase(held) == 1);
    if (found->second.empty()) lists.erase(found);
  };
  if (call.hold.kind == HoldKind::kWorker)
    leave(state.held_for_worker, call.arrival.facts.last_worker, std::pair(call.effective, call.key()));
  if (call.hold.kind == HoldKind::kLanguage)
    leave(state.held_for_language, call.arrival.facts.language, call.arrival.call);
}

bool hold_stands(const State& state, const CallRecord& call) {
  if (call.hold.kind == HoldKind::kWorker) return comes_by(state, call).is_set();
  return call.hold.kind == HoldKind::kNone || somebody_speaks(state, call);
}

}  // namespace kapok::routing
