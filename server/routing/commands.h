#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/error_code.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/words.h"

/// What routing orders. The shell saves a whole batch first and only then lets effects leave (DESIGN §6);
/// each command carries all that its row needs, so the shell asks nothing back. Order inside a batch matters.
namespace kapok::routing {

// --- Calls -----------------------------------------------------------------------------------------------

/// Save a new call, state waiting.
struct RecordArrival {
  CallId call;
  LineId line;
  UnitId unit;  ///< the line's owner: the contact belongs to it
  Channel channel = Channel::kPhone;
  CallerClass base = CallerClass::kNormal;
  Instant arrived_at;
  Instant joined_at;
  std::int64_t arrival_seq = 0;
  friend bool operator==(const RecordArrival&, const RecordArrival&) = default;
};

/// A waiting call's class or rings changed, or it began to wait (again). For boards and announcements;
/// nothing to save. Position 1 = next; the places of others may have moved too: ask position().
struct CallWaitingChanged {
  CallId call;
  UnitId unit;
  CallerClass effective = CallerClass::kNormal;
  Ring widest_ring = Ring::kStation;
  std::int32_t position = 0;
  friend bool operator==(const CallWaitingChanged&, const CallWaitingChanged&) = default;
};

/// Ring a worker on all these endpoints; save the offer; the call is now offered. For a call that talks (a warm
/// transfer) it talks on, and this offer stands beside.
struct OfferCall {
  OfferId offer;
  std::int64_t epoch = 0;
  CallId call;
  LineId line;
  UnitId unit;
  WorkerId worker;
  std::vector<EndpointId> endpoints;
  Ring ring = Ring::kStation;  ///< how near the worker is
  CallerClass effective = CallerClass::kNormal;
  std::int32_t attempt = 1;  ///< number of this offer among the call's offers
  Instant made_at;
  Instant ring_until;
  OfferReason reason = OfferReason::kRing;
  friend bool operator==(const OfferCall&, const OfferCall&) = default;
};

/// Stop ringing these endpoints. Not saved by itself.
struct WithdrawOffer {
  OfferId offer;
  std::int64_t epoch = 0;
  CallId call;
  WorkerId worker;
  std::vector<EndpointId> endpoints;
  OfferEnd why = OfferEnd::kMissed;
  friend bool operator==(const WithdrawOffer&, const WithdrawOffer&) = default;
};

/// Save how an offer ended; unless accepted or the caller left, the call waits again in its old place. An offer beside
/// a talk changes nothing about the call.
struct RecordOfferEnded {
  OfferId offer;
  CallId call;
  WorkerId worker;
  OfferEnd how = OfferEnd::kMissed;
  Instant at;
  friend bool operator==(const RecordOfferEnded&, const RecordOfferEnded&) = default;
};

/// Save "talking" and connect caller and endpoint. The first leg of a call makes its answer time, unless the caller
/// must be dialled.
struct ConnectCall {
  CallId call;
  OfferId offer;
  WorkerId worker;
  EndpointId endpoint;
  std::int32_t leg = 1;
  Instant at;
  /// A kept callback: ring the caller back first. It is answered when he is reached (RecordCallerReached), not now.
  bool dial_caller = false;
  WorkerId relieves;  ///< warm transfer: who talked until now; his leg ends with this
  friend bool operator==(const ConnectCall&, const ConnectCall&) = default;
};

/// Save that a talk ended without the call ending: it waits again in its old place. Park the caller.
struct ReturnCallToWaiting {
  CallId call;
  WorkerId worker;
  WaitsAgain why = WaitsAgain::kHandedBack;
  Instant at;
  friend bool operator==(const ReturnCallToWaiting&, const ReturnCallToWaiting&) = default;
};

/// Save that a talk is passed on. Cold: the call's rings start at `to_unit` from now on (a named worker's home; not set
/// = as before) and ReturnCallToWaiting follows. Warm: the second's OfferCall follows while `worker` talks on; tell
/// him.
struct RecordTransfer {
  CallId call;
  std::int32_t leg = 1;  ///< of the talk that is passed on
  WorkerId worker;
  TransferKind kind = TransferKind::kCold;
  WorkerId to_worker;  ///< named, or chosen for a warm one; not set = nobody in particular
  UnitId to_unit;
  Instant at;
  friend bool operator==(const RecordTransfer&, const RecordTransfer&) = default;
};

/// Save how a warm transfer ended and tell the first. Comes once for each warm one, unless a restart ended it.
struct RecordTransferEnded {
  CallId call;
  WorkerId worker;     ///< the first
  WorkerId to_worker;  ///< the second
  TransferEnd how = TransferEnd::kTaken;
  Instant at;
  friend bool operator==(const RecordTransferEnded&, const RecordTransferEnded&) = default;
};

/// Save that the caller chose to be rung back: he may go, the call waits on. Gone with RecordCallerReached.
struct KeepCallback {
  CallId call;
  Instant at;
  friend bool operator==(const KeepCallback&, const KeepCallback&) = default;
};

/// Save that the dialled caller of a kept callback is on the line: its answer time, if it had none.
struct RecordCallerReached {
  CallId call;
  WorkerId worker;
  Instant at;
  friend bool operator==(const RecordCallerReached&, const RecordCallerReached&) = default;
};

/// Tell a waiting caller how he stands (routing/announcements.h). Nothing to save; a newer one replaces an older.
struct AnnounceWait {
  CallId call;
  std::int32_t position = 0;        ///< 1 = next; 0 = say nothing about it, it has not got better
  Duration estimate{0};             ///< how long the last caller served there had waited; 0 = say nothing
  bool may_offer_callback = false;  ///< he may choose to be rung back: CallbackAccepted
  friend bool operator==(const AnnounceWait&, const AnnounceWait&) = default;
};

/// Save the end, once and for ever, and let the caller go if still there.
struct EndCall {
  CallId call;
  LineId line;
  UnitId unit;
  CallOutcome outcome = CallOutcome::kNone;
  EndedBy ended_by = EndedBy::kNone;
  WorkerId worker;  ///< who was talking, if anyone
  Instant at;
  Duration waited{0};  ///< from joining to the first answer, or to the end
  friend bool operator==(const EndCall&, const EndCall&) = default;
};

// --- Replies to those who asked ---------------------------------------------------------------------------

/// kOfferGone (ended, late, older start), kNotYours, kUnknownEndpoint. Never names the winner (decision 29).
struct RefuseAccept {
  OfferId offer;
  WorkerId worker;
  EndpointId endpoint;
  ErrorCode why = ErrorCode::kOfferGone;
  friend bool operator==(const RefuseAccept&, const RefuseAccept&) = default;
};
/// Any other event that could not stand; nothing changed. Ids not concerned are unset.
struct RefuseEvent {
  ErrorCode why = ErrorCode::kWrongState;
  WorkerId worker;
  CallId call;
  OfferId offer;
  ShiftId shift;
  friend bool operator==(const RefuseEvent&, const RefuseEvent&) = default;
};

// --- Workers and stations -----------------------------------------------------------------------------------

/// Push to boards; save state, reason and until (decision 20 rebuilds from them).
struct WorkerStateChanged {
  WorkerId worker;
  WorkerState state = WorkerState::kOffDuty;
  AwayReason reason = AwayReason::kNone;
  bool draining = false;  ///< shift over, finishing
  Instant since;
  Instant until;  ///< of after-call or pause, else unset
  Instant idle_since;
  bool desk_ready = false;
  bool desk_missed = false;
  bool phone_away = false;
  friend bool operator==(const WorkerStateChanged&, const WorkerStateChanged&) = default;
};

/// RONA mark: at most one per offer (I16), shown to the worker only.
struct NoteMiss {
  OfferId offer;
  CallId call;
  WorkerId worker;
  Instant at;
  friend bool operator==(const NoteMiss&, const NoteMiss&) = default;
};

/// A station with answered lines has nobody on duty (shift AND reachable endpoint).
struct NoteGap {
  UnitId unit;
  Instant from;
  GapKind kind = GapKind::kNobodyOnShift;
  friend bool operator==(const NoteGap&, const NoteGap&) = default;
};
struct CloseGap {
  UnitId unit;
  Instant from;
  Instant to;
  friend bool operator==(const CloseGap&, const CloseGap&) = default;
};

/// 无人接听: three phone misses in a row; tell its 副站长. Cleared by the next answer.
struct MarkStationUnanswered {
  UnitId unit;
  Instant at;
  std::int32_t misses = 0;
  friend bool operator==(const MarkStationUnanswered&, const MarkStationUnanswered&) = default;
};
struct ClearStationUnanswered {
  UnitId unit;
  Instant at;
  friend bool operator==(const ClearStationUnanswered&, const ClearStationUnanswered&) = default;
};

using Command = std::variant<RecordArrival, CallWaitingChanged, OfferCall, WithdrawOffer, RecordOfferEnded, ConnectCall,
                             ReturnCallToWaiting, EndCall, RefuseAccept, RefuseEvent, WorkerStateChanged, NoteMiss,
                             NoteGap, CloseGap, MarkStationUnanswered, ClearStationUnanswered, RecordTransfer,
                             RecordTransferEnded, KeepCallback, RecordCallerReached, AnnounceWait>;

}  // namespace kapok::routing
