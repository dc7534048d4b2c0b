#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/line.h"
#include "core/unit.h"
#include "routing/words.h"

/// What routing is told: facts in the past tense. They are also the journal (decision 20), so each carries
/// all it needs; the core asks nobody (decision 14). Ids are the shell's, except offers (offer_ids.h).
namespace kapok::routing {

// --- The city ------------------------------------------------------------------------------------------

struct Unit {
  UnitId id;
  UnitId parent;  ///< Not set for the root. Parents come before or after their children.
  UnitKind kind = UnitKind::kStation;
  RingPreset rings = RingPreset::kNormal;  ///< For callers whose line belongs to this unit.
};

/// A published number. Its owner's level decides the first ring: a district's line starts at R1.
struct Line {
  LineId id;
  UnitId owner;
  LineMode mode = LineMode::kTrunk;  ///< Recorded-only lines bring no calls and cause no gaps.
  bool crisis = false;
  std::uint64_t required_skills = 0;  ///< A worker needs every bit.
};

struct Endpoint {
  EndpointId id;
  EndpointKind kind = EndpointKind::kDesk;
  std::int32_t capacity = 1;  ///< More than 1 only for a duty phone: calls held at once.
};

/// The bit of a worker's skills that says: a supervisor. A transfer may ask for one.
inline constexpr std::uint64_t kSupervisorSkill = std::uint64_t{1} << 62;

struct Worker {
  WorkerId id;
  UnitId home;
  std::vector<Endpoint> endpoints;
  std::uint64_t skills = 0;
  std::uint64_t languages = 0;  ///< One bit per language; for the language hold.
};

/// The first event of all carries the whole directory; later ones only what changed (added or replaced
/// whole, by id). Moving a unit in the tree re-places every caller and worker; other changes touch only
/// those concerned (decisions 13, 15). A unit or worker is never removed: ending its shifts is enough.
struct DirectoryChanged {
  std::vector<Unit> units;
  std::vector<Line> lines;
  std::vector<Worker> workers;
  std::vector<LineId> lines_closed;  ///< Callers already waiting there stay and are answered.
};

// --- People ----------------------------------------------------------------------------------------------

/// A shift began, by roster or taken on the spot. Covering several units is a joint shift (several stations,
/// one worker); covering a district means its duty pool. Desk endpoints need a live client and "ready";
/// phones are ready by themselves (domain §0.1). Told again of the same worker, a running shift takes these units
/// and endpoints instead: nobody is off duty between, and what rings or talks goes on.
struct ShiftStarted {
  ShiftId shift;
  WorkerId worker;
  std::vector<UnitId> units;
  std::vector<EndpointId> endpoints;  ///< Those he serves on in this shift.
  WorkerId backup{};                  ///< 备班: who is asked next when a phone of this shift is missed; unset = nobody.
};
/// In a talk, an offer or after-call he finishes and gets nothing new.
struct ShiftEnded {
  ShiftId shift;
};

/// A desk's client is live, or a phone known to be unreachable works again.
struct EndpointUp {
  EndpointId endpoint;
};
/// Socket closed, or silent for policy.h's limits (kIdleDeskSilence, kOfferedDeskSilence): judged outside.
/// From a phone: the gateway knows it cannot be rung. Up again restores the readiness it had, unless missed.
struct EndpointDown {
  EndpointId endpoint;
};

/// The worker says "ready". Ends after-call, a pause and every away.
struct WorkerReady {
  WorkerId worker;
};
/// The worker says "away". While offered this declines; in a talk it holds from its end.
struct WorkerAway {
  WorkerId worker;
};
/// Record finished: end after-call, as "ready" does but without undoing an away.
struct AfterCallEnded {
  WorkerId worker;
};

// --- Calls -----------------------------------------------------------------------------------------------

/// From the caller index (decision 14), as known when the call arrived.
struct CallerFacts {
  bool open_imminent = false;                  ///< an imminent alert on this number is open → class 0
  bool open_high = false;                      ///< a high risk is open → class 1
  bool minor = false;                          ///< → class 1
  bool elder = false;                          ///< in the elder register → class 1
  bool operator_flag = false;                  ///< gateway or operator says crisis → class 0
  std::int32_t unanswered_attempts_30min = 0;  ///< before this one, same number and line
  std::uint64_t language = 0;                  ///< preferred language bit, 0 = unknown
  WorkerId last_worker{};                      ///< who is to go on with this number (续接); unset = nobody
  bool over_bucket = false;                    ///< more calls of this number than its bucket holds → class 2 at most
  friend bool operator==(const CallerFacts&, const CallerFacts&) = default;
};

/// One arrival on a line the server answers. The shell gives place in the order: `arrived_at` may lie before
/// now (a return within 120 s), `arrival_seq` is unique in the city and rises.
struct CallArrived {
  CallId call;
  LineId line;
  Channel channel = Channel::kPhone;
  std::optional<std::string> caller_key;  ///< blind index of the number; not set when withheld
  CallerFacts facts;
  Instant arrived_at;
  std::int64_t arrival_seq = 0;
  /// A kept callback of his number: he is on the line himself now and takes its place. Not set, gone or reached
  /// meanwhile: he has his own.
  CallId takes_over{};
};

/// The caller is gone, in any state.
struct CallerLeft {
  CallId call;
  LeftCause cause = LeftCause::kHungUp;
};
/// The worker hung up; or the system did so on a rule of the shell (silent text, stuck leg).
struct CallEnded {
  CallId call;
  WorkerId worker;  ///< must be the one talking; not set = the system
  bool high_risk = false;
};
/// The worker gives the caller back: he waits again in his old place, and not for this worker.
struct HandedBack {
  CallId call;
  WorkerId worker;
};
/// The worker's leg failed while connecting or talking (gateway): the caller waits again in his old place.
struct WorkerLegLost {
  CallId call;
  WorkerId worker;
};

/// The worker passes his talk on. Exactly one of to_worker, to_unit, to_supervisor is given (routing/transfers.h).
struct TransferAsked {
  CallId call;
  WorkerId worker;  ///< must be the one talking
  TransferKind kind = TransferKind::kCold;
  WorkerId to_worker;
  UnitId to_unit;
  bool to_supervisor = false;
};
/// The first takes a warm transfer back before anybody took it.
struct TransferCancelled {
  CallId call;
  WorkerId worker;  ///< must be the one talking
};

/// A waiting caller chose to be rung back: he keeps class and place and may hang up (decision 9).
struct CallbackAccepted {
  CallId call;
};
/// The caller of a kept callback was dialled and has answered: only now does the talk count as answered.
struct CallerReached {
  CallId call;
};

// --- Offers ------------------------------------------------------------------------------------------------

struct OfferAccepted {
  OfferId offer;
  std::int64_t epoch = 0;
  WorkerId worker;
  EndpointId endpoint;
};
struct OfferDeclined {
  OfferId offer;
  std::int64_t epoch = 0;
  WorkerId worker;
};
/// The gateway could not ring one endpoint of an offer.
struct OfferFailed {
  OfferId offer;
  std::int64_t epoch = 0;
  EndpointId endpoint;
  OfferFailure why = OfferFailure::kBusy;
};

// --- Time and restart --------------------------------------------------------------------------------------

/// next_timer() came due. Every other event also fires what is due before it is looked at.
struct Ticked {};

struct RestoredWorker {
  WorkerId worker;
  std::vector<ShiftStarted> shifts;  ///< running now
  bool desk_ready = false;           ///< had said "ready"; takes effect when the client is live again
  bool desk_missed = false;          ///< was away because a desk rang out
  bool phone_away = false;           ///< had said "away"
  Instant idle_since;                ///< not set → now
  Instant phone_paused_until;
  Instant after_call_until;
};
struct RestoredExclusion {
  WorkerId worker;
  Instant until;  ///< not set → for this call
};
/// An open call of the store. Waiting and offered both wait again in the old place; talking stays with its worker.
struct RestoredCall {
  CallArrived arrival;
  CallerClass base = CallerClass::kNormal;
  Instant joined_at;
  WorkerId talking_with;  ///< set = talking
  EndpointId talking_on;
  Instant answered_at;    ///< first answer, also when it waits again now
  std::int32_t legs = 0;  ///< talks so far
  std::int32_t offers_made = 0;
  std::vector<RestoredExclusion> exclusions;
  UnitId rings_from;    ///< where a cold transfer sent it; not set → the unit of its line
  Instant kept_at;      ///< set = a callback was accepted then, and the caller is not reached yet
  Instant waits_since;  ///< since when it waits now, if it talked before; not set → joined_at
  WorkerId taken_from;  ///< who passed the talk on warm, and when: a talk that breaks soon after goes back to him
  Instant taken_at;
};
struct RestoredGap {
  UnitId unit;
  Instant from;
  GapKind kind = GapKind::kNobodyOnShift;
};

/// The second event of all, once per process, also for an empty city: who is on duty and which calls are
/// open. Before it nothing is decided; after it every gap not in `gaps` is noted.
struct Restarted {
  std::int64_t epoch = 1;  ///< rises with each start; an accept of an older start is refused
  OfferId last_offer;      ///< highest offer id ever given
  std::vector<RestoredWorker> workers;
  std::vector<RestoredCall> calls;
  std::vector<RestoredGap> gaps;
};

using Event = std::variant<DirectoryChanged, ShiftStarted, ShiftEnded, EndpointUp, EndpointDown, WorkerReady,
                           WorkerAway, AfterCallEnded, CallArrived, CallerLeft, CallEnded, HandedBack, WorkerLegLost,
                           OfferAccepted, OfferDeclined, OfferFailed, Ticked, Restarted, TransferAsked,
                           TransferCancelled, CallbackAccepted, CallerReached>;

}  // namespace kapok::routing
