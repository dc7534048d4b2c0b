#include "service/open_state.h"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

#include "core/local_time.h"
#include "core/phone_number.h"
#include "routing/policy.h"
#include "service/directory_events.h"
#include "storage/blind_index.h"
#include "storage/contact_table.h"
#include "storage/journal_table.h"
#include "storage/shift_table.h"
#include "storage/state_table.h"

namespace kapok::service {
namespace {

constexpr std::string_view kEpochKey = "routing_epoch";

template <class Row>
std::vector<Row> sound(storage::Selection<Row> selection, std::size_t& damaged) {
  damaged += selection.damaged_ids.size();
  return std::move(selection.rows);
}

bool runs_at(const casework::Shift& shift, Instant now) {
  return shift.period.contains(now) && shift.state != casework::ShiftState::kClosed &&
         shift.state != casework::ShiftState::kCancelled;
}

/// He turned the caller down, or gave him away.
bool for_this_call(const storage::CallLegRow& leg) {
  return leg.offer_end == routing::OfferEnd::kDeclined || leg.waits_again == routing::WaitsAgain::kHandedBack ||
         leg.waits_again == routing::WaitsAgain::kTransferred;
}

/// He or his line failed the caller; the same again would most likely fail again.
bool for_a_while(const storage::CallLegRow& leg) {
  return leg.offer_end == routing::OfferEnd::kMissed || leg.offer_end == routing::OfferEnd::kBusy ||
         leg.offer_end == routing::OfferEnd::kUnreachable || leg.waits_again == routing::WaitsAgain::kLegLost;
}

std::vector<routing::RestoredExclusion> exclusions(const OpenState& state, CallId call, Instant now) {
  std::vector<routing::RestoredExclusion> excluded;
  for (const storage::CallLegRow& leg : state.legs) {
    if (leg.call != call) continue;
    if (for_this_call(leg)) excluded.push_back({leg.worker, {}});
    const Instant until = leg.ended_at + routing::kExclusionAfterMiss;
    if (for_a_while(leg) && until > now) excluded.push_back({leg.worker, until});
  }
  return excluded;
}

/// In order of the offers: what each leg adds to where the call stands.
void add_leg(routing::RestoredCall& restored, const storage::CallLegRow& leg) {
  ++restored.offers_made;
  if (leg.answered_at.is_set()) {
    ++restored.legs;
    // Who passed the talk on before it counts only while this one is the talk he passed on.
    if (restored.legs > 1 && leg.reason != routing::OfferReason::kTransfer) restored.taken_from = {};
  }
  if (leg.waits_again) {
    restored.waits_since = leg.ended_at;
    restored.taken_from = {};
  }
  if (leg.transfer_kind == routing::TransferKind::kCold && leg.transfer_unit.is_set())
    restored.rings_from = leg.transfer_unit;
  if (leg.transfer_end == routing::TransferEnd::kTaken) restored.taken_from = leg.worker;
}

/// The talk that goes on, else the latest offer; what rang beside a talk is over with the start.
storage::CallLegRow leg_of(const std::vector<storage::CallLegRow>& legs, const storage::CallRow& call) {
  storage::CallLegRow live;
  for (const storage::CallLegRow& leg : legs) {
    const bool talks = leg.answered_at.is_set() && !leg.ended_at.is_set();
    if (leg.call == call.id && (call.state != CallState::kTalking || talks)) live = leg;
  }
  return live;
}

/// Who passed the caller on last, unless he was given back since.
WorkerId passed_by(const std::vector<storage::CallLegRow>& legs, CallId call) {
  WorkerId by;
  for (const storage::CallLegRow& leg : legs) {
    if (leg.call != call) continue;
    if (leg.waits_again) by = leg.waits_again == routing::WaitsAgain::kTransferred ? leg.worker : WorkerId{};
    if (leg.transfer_end == routing::TransferEnd::kTaken) by = leg.worker;
  }
  return by;
}

routing::RestoredCall restored_call(const OpenState& state, const LiveCall& call, Instant now) {
  const storage::CallRow& row = call.row;
  routing::RestoredCall restored;
  restored.arrival.call = row.id;
  restored.arrival.line = row.line;
  restored.arrival.channel = row.channel;
  if (!call.caller_key.empty()) restored.arrival.caller_key = call.caller_key;
  restored.arrival.facts = facts_from(row);
  restored.arrival.arrived_at = row.waits_from();
  restored.arrival.arrival_seq = row.arrival_seq;
  restored.base = row.base;
  restored.joined_at = row.joined_at;
  if (row.state == CallState::kTalking) {
    restored.talking_with = row.worker;
    restored.talking_on = row.endpoint;
  }
  restored.answered_at = row.answered_at;
  if (row.is_kept()) restored.kept_at = row.kept_at;
  for (const storage::CallLegRow& leg : state.legs)
    if (leg.call == row.id) add_leg(restored, leg);
  if (restored.taken_from.is_set()) restored.taken_at = row.talking_since;
  restored.exclusions = exclusions(state, row.id, now);
  return restored;
}

std::vector<routing::RestoredWorker> restored_workers(const OpenState& state, const Directory& directory, Instant now) {
  std::map<WorkerId, routing::RestoredWorker> restored;
  for (const storage::WorkerStateRow& row : state.workers) {
    if (directory.worker(row.id) == nullptr) continue;
    routing::RestoredWorker& worker = restored[row.id];
    worker.desk_ready = row.desk_ready;
    worker.desk_missed = row.desk_missed;
    worker.phone_away = row.phone_away;
    worker.idle_since = row.idle_since;
    if (row.reason == routing::AwayReason::kPaused) worker.phone_paused_until = row.until;
    if (row.state != WorkerState::kAfterCall) continue;
    if (state.written_up.contains(row.id)) {
      worker.idle_since = {};  // the end of his after-call time was lost with us: free from now on
    } else {
      worker.after_call_until = row.until;
    }
  }
  for (const casework::Shift& shift : state.shifts)
    if (runs_at(shift, now) && takes_calls(directory, shift.worker))
      restored[shift.worker].shifts.push_back(shift_started(directory, shift));
  for (const LiveCall& call : state.calls)
    if (call.row.state == CallState::kTalking && directory.worker(call.row.worker) != nullptr)
      restored[call.row.worker];
  std::vector<routing::RestoredWorker> workers;
  for (auto& [id, worker] : restored) {
    worker.worker = id;
    workers.push_back(std::move(worker));
  }
  return workers;
}

Instant start_of_day(Instant now, Duration offset) {
  const auto minutes_offset = std::chrono::duration_cast<UtcOffset>(offset);
  return period_of_day(day_of(now, minutes_offset), minutes_offset).from;
}

void load_draft(storage::ReadTransaction& tx, LiveCall& call) {
  if (!call.row.contact.is_set()) return;
  const auto contact = storage::ContactTable::get(tx, call.row.contact);
  if (!contact) return;
  call.display_number = contact->display_number;
  call.contact_version = contact->version;
  call.high_risk =
      contact->fields.risk == casework::RiskLevel::kHigh || contact->fields.risk == casework::RiskLevel::kImminent;
}

/// Two calls of a number at a line in one place: the later one joined the earlier one's, and a third has a place of its
/// own (decision 10). One that outlived the other is known by the place it took when it was beyond its bucket.
void mark_shared_places(std::vector<LiveCall>& calls) {
  using Place = std::tuple<std::string, LineId, Instant>;
  const auto place_of = [](const LiveCall& call) {
    return Place{call.caller_key, call.row.line, call.row.waits_from()};
  };
  std::map<Place, int> standing;
  for (const LiveCall& call : calls)
    if (!call.caller_key.empty()) ++standing[place_of(call)];
  for (LiveCall& call : calls) {
    const auto found = standing.find(place_of(call));
    const bool joined = call.row.place_at.is_set() && (call.row.facts & storage::kFactOverBucket) != 0;
    call.place_shared = joined || (found != standing.end() && found->second > 1);
  }
}

std::set<WorkerId> written_up(storage::ReadTransaction& tx, const std::vector<storage::WorkerStateRow>& workers) {
  std::set<WorkerId> finished;
  for (const storage::WorkerStateRow& row : workers)
    if (row.state == WorkerState::kAfterCall && storage::ContactTable::latest_finalised(tx, row.id).is_set())
      finished.insert(row.id);
  return finished;
}

}  // namespace

void save_epoch(storage::Transaction& tx, std::int64_t epoch) {
  storage::write_state_value(tx, kEpochKey, std::to_string(epoch));
}

std::int64_t fact_bits(const routing::CallerFacts& facts) {
  return (facts.open_imminent ? storage::kFactImminent : 0) | (facts.open_high ? storage::kFactHighRisk : 0) |
         (facts.minor ? storage::kFactMinor : 0) | (facts.elder ? storage::kFactElder : 0) |
         (facts.operator_flag ? storage::kFactFlagged : 0) | (facts.over_bucket ? storage::kFactOverBucket : 0) |
         (static_cast<std::int64_t>(std::bit_width(facts.language)) << storage::kFactLanguageShift);
}

routing::CallerFacts facts_from(const storage::CallRow& row) {
  routing::CallerFacts facts;
  facts.open_imminent = (row.facts & storage::kFactImminent) != 0;
  facts.open_high = (row.facts & storage::kFactHighRisk) != 0;
  facts.minor = (row.facts & storage::kFactMinor) != 0;
  facts.elder = (row.facts & storage::kFactElder) != 0;
  facts.operator_flag = (row.facts & storage::kFactFlagged) != 0;
  facts.unanswered_attempts_30min = row.attempts;
  facts.over_bucket = (row.facts & storage::kFactOverBucket) != 0;
  const std::int64_t language = (row.facts >> storage::kFactLanguageShift) & storage::kFactLanguageMask;
  if (language > 0 && language <= 64) facts.language = std::uint64_t{1} << (language - 1);
  facts.last_worker = row.last_worker;
  return facts;
}

Result<OpenState> load_open_state(storage::ReadTransaction& tx, CityId city, Duration offset, Instant now) {
  OpenState state;
  state.legs = sound(storage::CallLegTable::of_open_calls(tx, city), state.damaged);
  for (auto& row : sound(storage::CallTable::open(tx, city), state.damaged)) {
    LiveCall call;
    call.caller_key =
        storage::blind_index(tx.keys(), storage::BlindKind::kNumber, parse_phone_number(row.caller).canonical);
    call.leg = leg_of(state.legs, row);
    call.passed_by = passed_by(state.legs, row.id);
    call.taken_at = row.joined_at;
    call.row = std::move(row);
    state.calls.push_back(std::move(call));
  }
  mark_shared_places(state.calls);
  state.workers = sound(storage::WorkerStateTable::all(tx, city), state.damaged);
  state.written_up = written_up(tx, state.workers);
  state.gaps = sound(storage::GapTable::open(tx, city), state.damaged);
  for (const auto& row :
       sound(storage::ShiftTable::touching(tx, city, {now - seconds{1}, now + seconds{1}}), state.damaged))
    state.shifts.push_back(storage::ShiftTable::shift_of(row));
  auto callers = CallerIndex::read(tx, city, now);
  if (!callers) return callers.error();
  state.callers = std::move(callers).value();
  const Instant midnight = start_of_day(now, offset);
  state.today = storage::CallTable::counts_since(tx, city, midnight);
  state.answers_today = storage::CallLegTable::answers_since(tx, city, midnight);
  state.drafts = storage::ContactTable::latest_drafts(tx, city);
  state.ended_refs = storage::CallTable::ended_refs(tx, city, now - kEndedRefsKept);
  state.last_offer = storage::CallLegTable::last_offer(tx, city);
  state.last_arrival_seq = storage::CallTable::last_arrival_seq(tx, city);
  state.last_journal_seq = storage::JournalTable::last_seq(tx, city);
  if (const auto epoch = storage::read_state_value(tx, kEpochKey)) state.last_epoch = std::stoll(*epoch);
  for (LiveCall& call : state.calls) load_draft(tx, call);
  return state;
}

routing::Restarted restarted_event(const OpenState& state, const Directory& directory, std::int64_t epoch,
                                   Instant now) {
  routing::Restarted restarted;
  restarted.epoch = epoch;
  restarted.last_offer = state.last_offer;
  restarted.workers = restored_workers(state, directory, now);
  for (const LiveCall& call : state.calls)
    if (directory.line(call.row.line) != nullptr) restarted.calls.push_back(restored_call(state, call, now));
  for (const storage::GapRow& gap : state.gaps) restarted.gaps.push_back({gap.unit, gap.from, gap.kind});
  return restarted;
}

}  // namespace kapok::service
