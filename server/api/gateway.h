#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"

/// The gateway contract (telephony.md §8): how calls come in and how phones are rung. One set of messages
/// for the native gateway, the SIP edge and webhooks; the core never sees SIP.
namespace kapok::api {

enum class GatewayCapability {
  kHoldsCaller,
  kRingsEndpoint,
  kEarlyMedia,
  kWithdraw,
  kHangup,
  kTransferRefer,
  kTransferNative,
  kRequeueAfterAnswer,
  kListen,
  kRecord,
  kDtmf,
  kText,
};

// Gateway → server.

/// First request after sign-in with role gateway. `epoch` rises with each start of the gateway process.
struct AttachGateway {
  std::string name;
  std::string kind;  ///< native, sip, webhook
  std::vector<GatewayCapability> capabilities;
  std::uint32_t offers_max = 0;
  std::uint64_t epoch = 0;
};

struct GatewayAttached {
  GatewayId gateway;
  std::uint32_t beat_interval_ms = 0;
  std::uint32_t silence_new_arrivals_ms = 0;  ///< then new arrivals follow the hunt list (decision 16)
  std::uint32_t silence_waiting_ms = 0;       ///< then those already waiting follow it
};

struct Arrived {
  std::string gw_ref;  ///< the gateway's own id; a repeat of it is the same call
  std::string dialled;
  std::string caller;  ///< empty = withheld
  Channel channel = Channel::kPhone;
  Instant at;
  bool at_risk = false;  ///< flagged by the gateway or an operator
  bool test = false;     ///< counts in no figure
};

struct ArrivalTaken {
  CallId call;
};

struct OfferRinging {
  OfferId offer;
  EndpointId endpoint;
};

struct OfferFailed {
  OfferId offer;
  EndpointId endpoint;
  std::string why;  ///< noanswer, busy, declined, unreachable
};

struct OfferAnswered {
  OfferId offer;
  std::uint32_t epoch = 0;
  EndpointId endpoint;
  Instant at;
};

/// The caller is gone, or a party hung up. Terminal for the call.
struct Left {
  std::string gw_ref;
  EndedBy by = EndedBy::kCaller;
  std::string cause;
  Instant at;
};

/// A waiting caller chose to be rung back: once this is saved he may hang up, and his call waits on in its place.
struct CallbackChosen {
  std::string gw_ref;
  Instant at;
};

/// The caller of a Bridge with dial_caller was rung: he talks now, or cannot be reached.
struct CallerDialled {
  std::string gw_ref;
  bool reached = false;
  Instant at;
};

/// The worker's leg broke while the caller is still on the line.
struct LegLost {
  std::string gw_ref;
  EndpointId endpoint;
  Instant at;
};

/// What the gateway holds after a reconnect: the list between begin and end is complete.
struct KnownBegin {};

struct Known {
  std::string gw_ref;
  std::string dialled;
  std::string caller;
  CallState state = CallState::kWaiting;
  OfferId offer;
  Instant since;
};

struct KnownEnd {};

struct Beat {};

/// A call that was answered or lost by the hunt list while the server was silent.
struct Backfill {
  std::string gw_ref;
  std::string dialled;
  std::string caller;
  Instant arrived_at;
  Instant answered_at;  ///< unset = nobody answered
  Instant ended_at;
  EndpointId answered_by;
};

struct BackfillTaken {
  ContactId contact;  ///< draft to be written up; none when nobody answered
};

struct DialResult {
  FollowUpId callback;
  std::uint64_t dial = 0;
  bool worker_answered = false;
  bool caller_answered = false;
  Instant at;
  Instant ended_at;
};

// Server → gateway. Idempotent by offer, call or dial number.

struct RingEndpoint {
  OfferId offer;
  std::uint32_t epoch = 0;
  CallId call;
  std::string gw_ref;
  EndpointId endpoint;
  EndpointKind kind = EndpointKind::kPhone;
  std::string number;  ///< outside number for phones, empty for a desk
  Duration ring{};
};

struct WithdrawRing {
  OfferId offer;
  std::string gw_ref;
};

/// The offer was accepted at this endpoint: bridge the caller to it.
struct Bridge {
  CallId call;
  std::string gw_ref;
  OfferId offer;
  EndpointId endpoint;
  bool beside = false;       ///< three-way: the endpoint that talks now stays until DropEndpoint
  bool dial_caller = false;  ///< a kept callback: ring the caller first, unless he is still on the line
  std::string caller;        ///< whom to ring then; else empty
};

/// Take one endpoint off a bridge; caller and the other endpoint talk on.
struct DropEndpoint {
  CallId call;
  std::string gw_ref;
  EndpointId endpoint;
};

/// The worker gave the call back: keep the caller in the waiting room.
struct Park {
  CallId call;
  std::string gw_ref;
};

struct Release {
  CallId call;
  std::string gw_ref;
  std::string cause;
};

struct Progress {
  CallId call;
  std::string gw_ref;
  std::uint32_t position = 0;     ///< 1 = next; 0 = say nothing about it
  Duration estimate{};            ///< zero = say nothing about it
  bool callback_offered = false;  ///< he may choose to be rung back
};

struct HuntEndpoint {
  EndpointId endpoint;
  std::string number;
};

/// Whom to ring for a line when the server is silent; replaces any lower version.
struct HuntList {
  LineId line;
  std::string dialled;
  std::uint64_t version = 0;
  std::vector<HuntEndpoint> endpoints;
};

/// Ring the worker's endpoint, then the number, without showing it.
struct Dial {
  FollowUpId callback;
  std::uint64_t dial = 0;
  EndpointId endpoint;
  std::string worker_number;
  std::string target_number;
};

}  // namespace kapok::api
