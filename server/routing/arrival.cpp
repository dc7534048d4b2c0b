#include "routing/arrival.h"

#include "core/planted_fault.h"
#include "routing/callbacks.h"
#include "routing/offers.h"
#include "routing/policy.h"
#include "routing/rings.h"
#include "routing/tree.h"

namespace kapok::routing {

CallerClass class_of(const CallerFacts& facts, bool crisis_line) {
  if (crisis_line || facts.operator_flag || facts.open_imminent) return CallerClass::kCrisis;
  if (facts.open_high) return CallerClass::kVulnerable;
  if (facts.over_bucket && !KAPOK_IS_PLANTED(bucket_forgotten)) return CallerClass::kNormal;
  if (KAPOK_IS_PLANTED(elder_forgotten) && facts.elder) return CallerClass::kNormal;
  const bool persistent = facts.unanswered_attempts_30min >= kUnansweredAttemptsThatRaise;
  if (facts.minor || facts.elder || persistent) return CallerClass::kVulnerable;
  return CallerClass::kNormal;
}

std::optional<ErrorCode> refusal_of_arrival(const State& state, const CallArrived& event) {
  if (!event.call.is_set() || state.calls.contains(event.call)) return ErrorCode::kWrongState;
  auto line = state.lines.find(event.line);
  if (line == state.lines.end() || !line->second.open) return ErrorCode::kUnknownLine;
  if (line->second.info.mode == LineMode::kRecordedOnly) return ErrorCode::kUnknownLine;
  if (!event.arrived_at.is_set() || event.arrived_at > state.now) return ErrorCode::kInvalidArgument;
  return std::nullopt;
}

CallRecord& add_call(State& state, const CallArrived& event, CallerClass base, Instant joined_at) {
  const LineRecord& line = state.lines.at(event.line);
  CallRecord call;
  call.arrival = event;
  call.unit = line.info.owner;
  call.owner = call.rings_from = line.owner;
  call.path = ring_path(state, line.owner);
  call.widest = call.path.first;
  call.group = line.group;
  call.base = call.effective = base;
  call.joined_at = call.waits_since = joined_at;
  CallRecord& added = state.calls.emplace(event.call, std::move(call)).first->second;
  list_call(state, added);
  return added;
}

void take_arrival(State& state, const CallArrived& event) {
  if (auto why = refusal_of_arrival(state, event)) return state.order(RefuseEvent{*why, {}, event.call, {}, {}});
  CallArrived arrival = event;
  CallerClass base = class_of(event.facts, state.lines.at(event.line).info.crisis);
  const auto excluded = take_over_place(state, arrival, base);
  CallRecord& call = add_call(state, arrival, base, state.now);
  for (const auto& [worker, until] : excluded) exclude(state, call, worker, until);
  state.order(RecordArrival{event.call, event.line, call.unit, event.channel, base, arrival.arrived_at, state.now,
                            arrival.arrival_seq});
  begin_waiting(state, call);
}

}  // namespace kapok::routing
