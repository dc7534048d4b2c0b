#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/call.h"
#include "core/check.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/block_set.h"
#include "routing/commands.h"
#include "routing/events.h"
#include "routing/idle_sets.h"
#include "routing/node.h"
#include "routing/offer_ids.h"
#include "routing/pending.h"
#include "routing/record_table.h"
#include "routing/routing_core.h"
#include "routing/timers.h"
#include "routing/views.h"
#include "routing/wait_sets.h"

/// All that a routing core knows. The files of this folder each change one aspect of it; only ordered
/// containers, so that no decision can hang on a hash or an address.
namespace kapok::routing {

struct LineRecord {
  Line info;
  NodeIx owner = kNoNode;
  GroupIx group = 0;
  bool open = true;
  std::int32_t overflow_held = 0;  ///< workers outside its own unit who are offered or talk to its callers
};

struct EndpointRecord {
  WorkerId worker;
  EndpointKind kind = EndpointKind::kDesk;
  std::int32_t capacity = 1;
  bool up = false;  ///< a desk's client is live; a phone is up until a gateway says otherwise
};

struct ShiftRecord {
  std::vector<UnitId> units;
  std::vector<EndpointId> endpoints;
  WorkerId backup;
};

/// What one worker adds to the counters of each of his nodes.
struct Presence {
  bool on_shift = false;
  bool on_duty = false;
  bool present = false;
  WorkerState state = WorkerState::kOffDuty;
  friend bool operator==(const Presence&, const Presence&) = default;
};

/// Where sets, lists and counters hold a worker at the moment. Only duty.cpp changes it.
struct Placement {
  std::vector<NodeIx> nodes;   ///< whose rings reach him; the duty node alone for a duty phone
  std::vector<NodeIx> listed;  ///< units he covers and all above
  Presence presence;
  std::optional<IdleKind> idle;  ///< set = in the idle sets
  Instant idle_since;
  std::vector<GroupIx> groups;
  std::uint64_t languages = 0;  ///< he speaks while present
  friend bool operator==(const Placement&, const Placement&) = default;
};

struct WorkerRecord {
  Worker info;
  std::map<ShiftId, ShiftRecord> shifts;
  std::vector<UnitId> finishing_for;  ///< units of the last shift, while draining
  bool desk_ready = false;            ///< said "ready" and has not missed since
  bool desk_missed = false;           ///< a desk rang out; until he acts (I16)
  bool phone_away = false;            ///< said "away"
  Instant idle_since;
  Instant phone_paused_until;  ///< unset = not paused
  Instant after_call_until;    ///< unset = not in after-call
  std::vector<Instant> declines;
  BlockSet<CallId> talking;
  BlockSet<OfferId> offers;
  /// Most he was allowed to hold since he last held nothing: a capacity that shrinks (a duty phone handed
  /// over in mid-talk) takes no caller away from him.
  std::int32_t held_at_most = 0;
  Placement placed;
  UnitId placed_for;  ///< the one unit he covered when he was placed, in the tree of that time; or unset
  std::int64_t placed_in_tree = 0;
  WorkerStateChanged told;  ///< last one sent, to send only changes
};

/// Who passed a talk on, and when the second took it.
struct TakenOver {
  WorkerId from;  ///< not set = nobody
  Instant at;
};

/// A waiting caller among those who hear of their places.
struct Hearer {
  Instant from;            ///< when he may hear of it again
  std::int64_t moves = 0;  ///< Announcing::moves when his was last looked at
  CallId call;
  friend constexpr auto operator<=>(const Hearer&, const Hearer&) = default;
};

/// Who is to hear something of his wait, and the city's one timer for it (announcements.cpp).
struct Announcing {
  BlockSet<Hearer> hearing;                       ///< who heard something lately
  BlockSet<std::pair<std::int64_t, CallId>> due;  ///< by `moves`: who may hear again once there is something new
  BlockSet<std::pair<Instant, CallId>> offering;  ///< those to be told, by when, that they may be rung back
  std::int64_t moves = 0;                         ///< how often somebody's place got better, so far
  Instant timer;                                  ///< unset = nobody has anything new to hear
  bool is_due = false;                            ///< the timer fired in this apply()
};

/// For whom a waiting caller is held (holds.h).
enum class HoldKind { kNone, kLanguage, kWorker };
struct Hold {
  HoldKind kind = HoldKind::kNone;
  Instant until;
};

struct CallRecord {
  CallArrived arrival;
  UnitId unit;
  NodeIx owner = kNoNode;
  RingPath path;
  GroupIx group = 0;
  CallerClass base = CallerClass::kNormal;
  CallerClass effective = CallerClass::kNormal;
  Ring widest = Ring::kStation;  ///< rings open and never close
  CallState state = CallState::kWaiting;
  Instant joined_at;
  Instant answered_at;  ///< first answer
  std::int32_t offers_made = 0;
  std::int32_t legs = 0;
  OfferId offer;
  WorkerId worker;
  EndpointId endpoint;  ///< while talking
  /// Workers this caller is not offered to, and until when; kForThisCall for a decline.
  std::map<WorkerId, Instant> excluded;
  Instant ring_timer;  ///< unset = none
  Instant age_timer;
  Instant grace_timer;
  bool overflow = false;           ///< counted in its line's overflow_held
  WorkerId backup;                 ///< of the phone just missed; asked first, within the same step
  std::int64_t placed_step = 0;    ///< since when it stands where it stands
  NodeIx rings_from = kNoNode;     ///< where its path starts: the line's owner, or where a cold transfer sent it
  OfferId second_offer;            ///< of a warm transfer, beside the talk
  TakenOver taken;                 ///< this talk, from whoever passed it on warm
  bool kept = false;               ///< to be rung back, and not reached yet
  Instant kept_at;                 ///< since when; unset = not kept
  Instant keeping_timer;           ///< may have fired while he was dialled
  Instant waits_since;             ///< when it joined, or when its last talk broke off
  std::int32_t told_position = 0;  ///< best place the caller has heard of in this wait
  bool callback_offered = false;   ///< in this wait
  Instant hears_from;              ///< when he may hear of his place again; unset = not listed
  std::int64_t moves_heard = 0;    ///< Announcing::moves when his place was last looked at
  Hold hold;                       ///< only while waiting
  std::int64_t released_step = 0;  ///< when its hold ended

  [[nodiscard]] WaitKey key() const { return {arrival.arrived_at, arrival.arrival_seq, arrival.call}; }
  [[nodiscard]] Hearer hearer() const { return {hears_from, moves_heard, arrival.call}; }
  [[nodiscard]] Lane lane() const { return {arrival.line, path.at(path.first)}; }
  [[nodiscard]] WaitGroup wait_group() const {
    return {group, hold.kind == HoldKind::kLanguage ? arrival.facts.language : 0, hold.kind == HoldKind::kWorker};
  }
};

inline constexpr Instant kForThisCall{INT64_MAX};

struct OfferRecord {
  OfferId id;
  CallId call;
  WorkerId worker;
  Ring ring = Ring::kStation;
  OfferReason reason = OfferReason::kRing;
  bool speakers_only = false;       ///< made while the caller was held for his language
  bool beyond_share = false;        ///< its line held its share already when it was made
  std::vector<EndpointId> ringing;  ///< still
  std::vector<EndpointId> rang;     ///< at first
  IdleKind kind = IdleKind::kDesk;
  CallerClass effective = CallerClass::kNormal;
  Instant idle_since;  ///< of the worker when chosen, for I15
  Instant until;
  std::int64_t made_in_step = 0;
};

/// The entry that must be there; its absence is our mistake.
template <class Map>
auto& entry(Map& map, const typename Map::key_type& key) {
  auto it = map.find(key);
  KAPOK_CHECK(it != map.end());
  return it->second;
}

struct State {
  static constexpr std::size_t kCommandsOfAnEvent = 8;  ///< few events have more; room for these at once

  explicit State(CityOptions city) : options(city), offer_ids(city.city_number) {
    nodes.emplace_back();
    group_masks = {0, kSupervisorSkill};
  }

  CityOptions options;
  Instant now;
  bool started = false;
  std::int64_t epoch = 0;
  std::int64_t step = 0;  ///< one per timer fired or event taken
  OfferIds offer_ids;

  std::vector<Node> nodes;  ///< [kDutyNode] is the duty phone
  RecordTable<UnitId, NodeIx> node_of;
  std::int64_t tree_version = 0;           ///< rises when a unit moves or changes its level
  std::vector<std::uint64_t> group_masks;  ///< required skills by group; [kSupervisorGroup] is no line's
  RecordTable<LineId, LineRecord> lines;
  RecordTable<EndpointId, EndpointRecord> endpoints;
  RecordTable<ShiftId, WorkerId> shift_of;
  RecordTable<WorkerId, WorkerRecord> workers;
  RecordTable<CallId, CallRecord> calls;
  RecordTable<OfferId, OfferRecord> offers;

  IdleSets idle;
  WaitSets waiting;
  TimerQueue timers;
  Announcing announcing;
  std::map<std::uint64_t, std::set<CallId>> held_for_language;
  std::map<WorkerId, std::set<std::pair<CallerClass, WaitKey>>> held_for_worker;

  // Within one apply(): what to look at before it ends.
  Pending<WorkerId> free_workers;     ///< became able to take a call
  Pending<CallId> seeking_calls;      ///< began to wait, or a ring opened, or an exclusion ended
  Pending<NodeIx> emptied_nodes;      ///< their last present worker is gone
  Pending<WorkerId> moved_hosts;      ///< changed while callers are held for them
  std::uint64_t quiet_languages = 0;  ///< their last present speaker left some node
  Pending<WorkerId> touched_workers;
  Pending<CallId> touched_calls;
  Pending<NodeIx> touched_nodes;
  Pending<CallId> untold_calls;  ///< began to wait, or are due to hear how they stand
  std::vector<Command> commands;
  WorkCounters work;

  void order(Command command) {
    if (commands.capacity() == 0) commands.reserve(kCommandsOfAnEvent);
    commands.push_back(std::move(command));
  }
  [[nodiscard]] WorkerRecord& worker(WorkerId id) { return entry(workers, id); }
  [[nodiscard]] const WorkerRecord& worker(WorkerId id) const { return entry(workers, id); }
  [[nodiscard]] CallRecord& call(CallId id) { return entry(calls, id); }
  [[nodiscard]] const CallRecord& call(CallId id) const { return entry(calls, id); }
  [[nodiscard]] OfferRecord& offer(OfferId id) { return entry(offers, id); }
};

}  // namespace kapok::routing
