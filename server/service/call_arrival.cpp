#include <algorithm>

#include "routing/policy.h"
#include "service/call_desk.h"

/// What a new call is told with: facts of its number, episode, and its place in the order.
namespace kapok::service {

void CallDesk::arrived(LiveCall call, After after) {
  if (!running()) return refuse({ErrorCode::kStoreUnavailable, {}}, after);
  const CallId id = call.row.id;
  routing::CallArrived event;
  event.call = id;
  event.line = call.row.line;
  event.channel = call.row.channel;
  if (!call.caller_key.empty()) event.caller_key = call.caller_key;
  const bool flagged = (call.row.facts & storage::kFactFlagged) != 0;
  event.facts = callers_.facts(call.caller_key, call.row.line, office_.clock.now());
  event.facts.operator_flag = flagged;
  event.facts.over_bucket = !call.row.test && !callers_.arrived(call.caller_key, office_.clock.now());
  const LiveCall* promised = kept_callback_of(call);
  const CallerIndex::Place place = promised != nullptr       ? kept_place(call, *promised)
                                   : event.facts.over_bucket ? place_beside(call)
                                                             : place_of(call);
  event.arrived_at = place.arrived_at;
  event.arrival_seq = place.arrival_seq;
  if (promised != nullptr) event.takes_over = promised->row.id;
  if (promised != nullptr)
    call.row.episode = promised->row.episode;
  else if (const CallId episode = episode_of(call.caller_key, call.row); episode.is_set())
    call.row.episode = episode;
  call.row.facts = fact_bits(event.facts);
  call.row.last_worker = event.facts.last_worker;
  call.row.attempts = event.facts.unanswered_attempts_30min;
  rows_.add(std::move(call));
  decide(event, std::move(after));
  // Routing refused it: nothing was recorded, nothing is kept.
  if (const LiveCall* kept = rows_.calls().find(id); kept != nullptr && kept->row.version == 0) rows_.forget(id);
}

/// The callback that this number is promised at this unit (as returns are, by number and station; routing.md §1.2), the
/// first of several: its caller is on the line now (routing/callbacks.h).
const LiveCall* CallDesk::kept_callback_of(const LiveCall& call) const {
  if (call.caller_key.empty() || routing::is_text(call.row.channel)) return nullptr;
  const LiveCall* first = nullptr;
  for (const auto& [id, open] : calls().all()) {
    const bool his = open.row.is_kept() && open.caller_key == call.caller_key;
    if (!his || open.row.unit != call.row.unit || open.row.test != call.row.test) continue;
    if (first == nullptr || open.row.arrival_seq < first->row.arrival_seq) first = &open;
  }
  return first;
}

CallerIndex::Place CallDesk::kept_place(LiveCall& call, const LiveCall& kept) {
  call.place_shared = kept.place_shared;
  return {std::min(kept.row.waits_from(), call.row.arrived_at), kept.row.arrival_seq};
}

/// A caller who hung up and returns within 120 s waits where he had been waiting, once: while a call of his stands in
/// that place, a further one has its own.
CallerIndex::Place CallDesk::place_of(const LiveCall& call) {
  const auto regained =
      call.row.test ? std::nullopt : callers_.place(call.caller_key, call.row.unit, call.row.arrived_at);
  const bool taken = regained && std::ranges::any_of(calls().all(), [&](const auto& open) {
                       return open.second.row.arrival_seq == regained->arrival_seq;
                     });
  if (regained && !taken && regained->arrived_at < call.row.arrived_at) return *regained;
  return {call.row.arrived_at, ++arrival_seq_};
}

/// A number beyond its bucket has one place: while a call of it waits at this line, a further one stands where that one
/// does (decision 10). Once for each place, so that nobody keeps his place for ever by calling on and on.
CallerIndex::Place CallDesk::place_beside(LiveCall& call) {
  for (const auto& [id, open] : calls().all()) {
    const bool waits = open.row.state == CallState::kWaiting || open.row.state == CallState::kOffered;
    if (!waits || open.place_shared || open.row.test != call.row.test) continue;
    if (call.caller_key.empty() || open.caller_key != call.caller_key || open.row.line != call.row.line) continue;
    rows_.calls().find(id)->place_shared = call.place_shared = true;
    return {std::min(open.row.waits_from(), call.row.arrived_at), ++arrival_seq_};
  }
  return place_of(call);
}

}  // namespace kapok::service
