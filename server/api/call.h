#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/words.h"

/// A call as the worker meets it.
namespace kapok::api {

struct AcceptOffer {
  OfferId offer;
  std::uint32_t epoch = 0;
};

struct DeclineOffer {
  OfferId offer;
  std::uint32_t epoch = 0;
  std::string reason;
};

/// Gives a talking call back to waiting; the caller keeps his place.
struct HandBack {
  CallId call;
  std::string reason;
};

struct HangUp {
  CallId call;
};

/// Passes a talk on, by who talks. Exactly one target: a worker, a unit, or the nearest supervisor.
struct TransferCall {
  CallId call;
  routing::TransferKind kind = routing::TransferKind::kCold;
  WorkerId to_worker;
  UnitId to_unit;
  bool to_supervisor = false;
  std::string reason;
};

/// Takes a warm transfer back while it still rings.
struct CancelTransfer {
  CallId call;
};

/// What the worker is told while an offer is live. Never a name before the answer (domain.md §0.2).
struct OfferView {
  OfferId offer;
  std::uint32_t epoch = 0;
  CallId call;
  std::string line_zh;
  std::string unit_zh;
  CallerClass caller_class = CallerClass::kNormal;
  std::string caller_masked;
  bool second_attempt = false;
  Instant arrived_at;
  Instant ring_until;
  routing::OfferReason reason = routing::OfferReason::kRing;
  std::string from_name;  ///< of a transfer: the colleague who passes the caller on
  bool beside = false;    ///< of a warm one: he talks on until this offer is accepted
};

/// Answer to AcceptOffer: durable before it is sent.
struct CallView {
  CallId call;
  ContactId contact;
  std::uint64_t contact_version = 0;
  std::string display_number;
  std::string line_zh;
  std::string line_number;
  UnitId unit;
  std::string unit_zh;
  std::string caller_masked;
  CallerClass caller_class = CallerClass::kNormal;
  CallState state = CallState::kTalking;
  Instant arrived_at;
  Instant answered_at;
  bool being_dialled = false;  ///< the caller is rung back now; contact and answered_at come when he is reached
  std::string from_name;       ///< who passed the caller on, if anyone
};

// Pushes to the worker's desks.

struct OfferShown {
  OfferView offer;
};

struct OfferWithdrawn {
  OfferId offer;
  std::string why;  ///< timeout, caller_left, answered_elsewhere, declined, shift_ended, device_lost
};

struct CallConnected {
  CallView call;
};

/// To who passes a talk on warm: it rings at a colleague. He talks on.
struct TransferOffered {
  CallId call;
  std::string to_name;
  Instant ring_until;
};

/// How that ended. CallOver follows when it was taken.
struct TransferEnded {
  CallId call;
  routing::TransferEnd how = routing::TransferEnd::kTaken;
  std::string to_name;
};

struct CallOver {
  CallId call;
  CallOutcome outcome = CallOutcome::kNone;
  EndedBy ended_by = EndedBy::kNone;
  ContactId contact;
};

}  // namespace kapok::api
