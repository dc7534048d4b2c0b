#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "routing/words.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One offer of a call to a worker and, when accepted, the talk that came of it.
struct CallLegRow : RecordRow<LegId> {
  static constexpr const char* kTable = "call_leg";

  CallId call;
  OfferId offer;
  WorkerId worker;
  EndpointId endpoint;  ///< where it was answered
  routing::Ring ring = routing::Ring::kStation;
  std::int32_t attempt = 1;
  Instant offered_at;
  Instant ring_until;
  std::optional<routing::OfferEnd> offer_end;
  Instant answered_at;
  Instant ended_at;
  std::optional<routing::WaitsAgain> waits_again;  ///< why the talk ended without the call ending
  std::optional<routing::OfferReason> reason;      ///< why this worker was asked; not known of old legs
  // Of a talk that this worker passed on, the latest time he did.
  std::optional<routing::TransferKind> transfer_kind;
  WorkerId transfer_to;  ///< named or chosen
  UnitId transfer_unit;
  Instant transfer_at;
  std::optional<routing::TransferEnd> transfer_end;  ///< of a warm one; not set while it rings
};

template <class V>
void columns(V& v, CallLegRow& r) {
  v.plain("call_id", r.call);
  v.plain("offer_id", r.offer);
  v.plain("worker_id", r.worker);
  v.plain("endpoint_id", r.endpoint);
  v.plain("ring", r.ring);
  v.plain("attempt", r.attempt);
  v.plain("offered_at", r.offered_at);
  v.plain("ring_until", r.ring_until);
  v.plain("offer_end", r.offer_end);
  v.plain("answered_at", r.answered_at);
  v.plain("ended_at", r.ended_at);
  v.plain("waits_again", r.waits_again);
  v.plain("reason", r.reason);
  v.plain("transfer_kind", r.transfer_kind);
  v.plain("transfer_to", r.transfer_to);
  v.plain("transfer_unit", r.transfer_unit);
  v.plain("transfer_at", r.transfer_at);
  v.plain("transfer_end", r.transfer_end);
}

struct AnswerCount {
  WorkerId worker;
  std::int64_t answers = 0;
};

/// Legs as stored. Errors as in table.h.
struct CallLegTable {
  static Result<> save(Transaction& tx, CallLegRow& row);
  /// In order of the offers.
  static Selection<CallLegRow> of_call(ReadTransaction& tx, CallId call);
  /// Of every call that has not ended, by call and offer.
  static Selection<CallLegRow> of_open_calls(ReadTransaction& tx, CityId city);
  /// How often each worker answered since `from`.
  static std::vector<AnswerCount> answers_since(ReadTransaction& tx, CityId city, Instant from);
  /// The highest offer ever made in the city; unset when none.
  static OfferId last_offer(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
