#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/phone_number.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One arrival until it ends, and for ever after (decision 1). A call that routing may still move is written
/// by the call desk alone.
struct CallRow : RecordRow<CallId> {
  static constexpr const char* kTable = "call";

  CallId episode;  ///< the first call of its episode; itself when it is the first
  LineId line;
  UnitId unit;  ///< the line's owner when it rang
  Channel channel = Channel::kPhone;
  GatewayId gateway;
  std::string gw_ref;  ///< the gateway's own id; unique with the gateway
  std::string caller;  ///< as it came; empty = withheld
  bool test = false;
  CallerClass base = CallerClass::kNormal;
  std::int64_t facts = 0;  ///< what was known of the number when it called; bits of kFact… below
  std::int32_t attempts = 0;
  CallState state = CallState::kWaiting;
  Instant arrived_at;
  Instant joined_at;
  std::int64_t arrival_seq = 0;
  WorkerId worker;  ///< offered to or talking with; of an ended call who talked last
  EndpointId endpoint;
  Instant answered_at;  ///< first answer
  Instant talking_since;
  Instant ended_at;
  CallOutcome outcome = CallOutcome::kNone;
  EndedBy ended_by = EndedBy::kNone;
  Duration waited{};
  ContactId contact;
  Instant place_at;      ///< by which it waits, where that is earlier than its own arrival (a return within 120 s)
  Instant kept_at;       ///< the waiting caller chose to be rung back and kept his place (保位回拨)
  Instant reached_at;    ///< and was on the line again
  WorkerId last_worker;  ///< who was to go on with the number (续接) when it called

  /// He is to be rung back: nobody is on the line, or he is being dialled.
  [[nodiscard]] bool is_kept() const { return kept_at.is_set() && !reached_at.is_set(); }
  [[nodiscard]] Instant waits_from() const { return place_at.is_set() ? place_at : arrived_at; }
};

inline constexpr std::int64_t kFactImminent = 1;
inline constexpr std::int64_t kFactHighRisk = 2;
inline constexpr std::int64_t kFactMinor = 4;
inline constexpr std::int64_t kFactElder = 8;
inline constexpr std::int64_t kFactFlagged = 16;
inline constexpr std::int64_t kFactOverBucket = 32;
/// Bits 8 to 15: which language bit of routing the number had, counted from 1; 0 = none known.
inline constexpr int kFactLanguageShift = 8;
inline constexpr std::int64_t kFactLanguageMask = 255;

template <class V>
void columns(V& v, CallRow& r) {
  std::string canonical = parse_phone_number(r.caller).canonical;
  v.plain("episode_id", r.episode);
  v.plain("line_id", r.line);
  v.plain("unit_id", r.unit);
  v.plain("channel", r.channel);
  v.plain("gateway_id", r.gateway);
  v.plain("gw_ref", r.gw_ref);
  v.sealed("caller_number", r.caller);
  v.blind("caller_index", BlindKind::kNumber, canonical);
  v.blind("caller_last_four", BlindKind::kLastFour, canonical);
  v.plain("test", r.test);
  v.plain("base_class", r.base);
  v.plain("facts", r.facts);
  v.plain("attempts", r.attempts);
  v.plain("state", r.state);
  v.plain("arrived_at", r.arrived_at);
  v.plain("joined_at", r.joined_at);
  v.plain("arrival_seq", r.arrival_seq);
  v.plain("worker_id", r.worker);
  v.plain("endpoint_id", r.endpoint);
  v.plain("answered_at", r.answered_at);
  v.plain("talking_since", r.talking_since);
  v.plain("ended_at", r.ended_at);
  v.plain("outcome", r.outcome);
  v.plain("ended_by", r.ended_by);
  v.plain("waited_us", r.waited);
  v.plain("contact_id", r.contact);
  v.plain("place_at", r.place_at);
  v.plain("kept_at", r.kept_at);
  v.plain("reached_at", r.reached_at);
  v.plain("last_worker_id", r.last_worker);
}

/// How many arrivals of one unit's own lines ended how, since some instant.
struct CallCount {
  UnitId unit;
  CallOutcome outcome = CallOutcome::kNone;  ///< none = still open
  std::int64_t calls = 0;
};

/// A number, by its blind index, that was written up with high or imminent risk.
struct HighRiskNumber {
  std::string caller_index;
  Instant at;
};

struct EndedRef {
  GatewayId gateway;
  std::string gw_ref;
  Instant ended_at;
};

/// Calls as stored. Errors as in table.h.
struct CallTable {
  static Result<> save(Transaction& tx, CallRow& row);
  static Result<CallRow> get(ReadTransaction& tx, CallId id);  ///< kUnknownCall
  /// Nothing when the gateway never reported it.
  static std::optional<CallId> find_ref(ReadTransaction& tx, GatewayId gateway, std::string_view gw_ref);

  /// What gateways called the calls that ended since `from`, in the order of their ends.
  static std::vector<EndedRef> ended_refs(ReadTransaction& tx, CityId city, Instant from);

  /// Every call that has not ended, in order of arrival: the start-up load of routing.
  static Selection<CallRow> open(ReadTransaction& tx, CityId city);
  /// Calls that ended since `from`, in order of their ends: the start-up load of the caller index.
  static Selection<CallRow> ended_since(ReadTransaction& tx, CityId city, Instant from);
  /// Numbers of finalised contacts with high or imminent risk since `from`; the caller's and, where given, the
  /// person's.
  static std::vector<HighRiskNumber> high_risk_numbers(ReadTransaction& tx, CityId city, Instant from);
  /// Test calls are not counted.
  static std::vector<CallCount> counts_since(ReadTransaction& tx, CityId city, Instant from);
  /// The highest place in the order of arrivals given so far.
  static std::int64_t last_arrival_seq(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
