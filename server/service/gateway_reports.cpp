#include "core/phone_number.h"
#include "core/text.h"
#include "service/gateway_desk.h"
#include "storage/audit_chain.h"
#include "storage/blind_index.h"

/// What a gateway reports of single calls: arrivals, endpoints that ring, answer or fail, and hang-ups.
namespace kapok::service {
namespace {

constexpr std::size_t kGatewayRefMax = 128;
constexpr std::size_t kCallerMax = 256;

}  // namespace

bool GatewayDesk::sound(const Asked& asked, const std::string& gw_ref, const std::string& caller) {
  if (gw_ref.empty() || gw_ref.size() > kGatewayRefMax || !is_valid_utf8(gw_ref)) {
    asked->refuse(ErrorCode::kInvalidArgument, "gw_ref: 1 to 128 bytes of UTF-8");
    return false;
  }
  if (caller.size() > kCallerMax || !is_valid_utf8(caller)) {
    asked->refuse(ErrorCode::kInvalidArgument, "caller: at most 256 bytes of UTF-8");
    return false;
  }
  return true;
}

const DirectoryLine* GatewayDesk::dialled_line(const std::string& dialled) const {
  const PhoneNumber number = parse_phone_number(dialled);
  return can_match(number) ? office_.directory->line_by_number(number.canonical) : nullptr;
}

/// Somebody dialled a number that leads to us and that the directory does not have: the operator must see it.
void GatewayDesk::note_unknown_line(const Asked& asked) {
  const storage::AuditEvent event{.actor = asked->session->worker,
                                  .session = asked->session->id,
                                  .action = storage::AuditAction::kCallChanged,
                                  .object = storage::AuditObject::kLine,
                                  .outcome = storage::AuditOutcome::kRefused};
  office_.changes.save(
      storage::WriteClass::kReadAudit,
      [event](storage::Transaction& tx) -> Result<> {
        tx.audit().append(tx, event);
        return Done{};
      },
      [asked](const storage::WriteOutcome&) { asked->refuse(ErrorCode::kUnknownLine); }, storage::Degraded::kAllowed);
}

void GatewayDesk::handle(const Asked& asked, const api::Arrived& arrived) {
  Gateway* gateway = heard(asked);
  if (gateway == nullptr || !sound(asked, arrived.gw_ref, arrived.caller)) return;
  const DirectoryLine* line = dialled_line(arrived.dialled);
  if (line == nullptr) return note_unknown_line(asked);
  if (line->mode == LineMode::kRecordedOnly)
    return asked->refuse(ErrorCode::kWrongState, "this line is recorded only and rings elsewhere");
  gateway->known[arrived.gw_ref] = CallState::kWaiting;
  arrive(*gateway, arrived, [asked](const Result<Taken>& taken) {
    if (!taken) return asked->refuse(taken.error());
    asked->answer(api::ArrivalTaken{taken->call}, taken->saved);
  });
}

/// Tells the call of this reference as soon as it is durable; an arrival reported twice is one call.
void GatewayDesk::arrive(const Gateway& gateway, const api::Arrived& arrived, Told told) {
  const Ref ref{gateway.id, arrived.gw_ref};
  if (const auto under_way = arriving_.find(ref); under_way != arriving_.end()) {
    under_way->second.told.push_back(std::move(told));
    return;
  }
  if (const LiveCall* call = calls_.calls().by_gateway_ref(ref.first, ref.second))
    return told(Taken{call->row.id, office_.degraded ? api::Saved::kSpool : api::Saved::kStore});
  arriving_[ref].told.push_back(std::move(told));
  look_up(ref, arrived);
}

/// Gateways may repeat an arrival long after its end; only the store knows those. When it is away, what is remembered
/// of the last two hours must do.
void GatewayDesk::look_up(const Ref& ref, const api::Arrived& arrived_) {
  using Found = std::optional<CallId>;
  office_.read_at_hand<Found>(
      [ref](storage::ReadTransaction& tx) {
        return Result<Found>(storage::CallTable::find_ref(tx, ref.first, ref.second));
      },
      [this, alive = std::weak_ptr(alive_), ref, report = arrived_](const Result<Found>& found, bool) {
        if (alive.expired()) return;
        if (!found) return arrived(ref, found.error());
        if (found->has_value() || ended_refs_.contains(ref)) return arrived(ref, ErrorCode::kCallEnded);
        begin_call(ref, report);
      });
}

void GatewayDesk::begin_call(const Ref& ref, const api::Arrived& report) {
  const Instant now = office_.clock.now();
  const DirectoryLine* line = dialled_line(report.dialled);
  if (line == nullptr) return arrived(ref, ErrorCode::kUnknownLine);
  const bool clock_sound = report.at.is_set() && report.at <= now && now - report.at <= kGatewayClockMax;
  LiveCall call;
  call.row.id = CallId{office_.next_id()};
  call.row.city = office_.config.city;
  call.row.episode = call.row.id;
  call.row.line = line->id;
  call.row.unit = line->unit;
  call.row.channel = report.channel;
  call.row.gateway = ref.first;
  call.row.gw_ref = ref.second;
  call.row.caller = report.caller;
  call.row.test = report.test;
  call.row.facts = report.at_risk ? storage::kFactFlagged : 0;
  call.row.arrived_at = clock_sound ? report.at : now;
  call.row.joined_at = now;
  call.taken_at = now;
  call.caller_key =
      storage::blind_index(keys_, storage::BlindKind::kNumber, parse_phone_number(report.caller).canonical);
  After after;
  after.done = [this, ref, id = call.row.id](const Result<SavedEvent>& outcome) {
    arrived(ref, outcome ? Result<Taken>(Taken{id, outcome->saved}) : Result<Taken>(outcome.error()));
  };
  calls_.arrived(std::move(call), std::move(after));
}

void GatewayDesk::arrived(const Ref& ref, const Result<Taken>& outcome) {
  auto entry = arriving_.extract(ref);
  if (entry.empty()) return;
  for (const auto& told : entry.mapped().told) told(outcome);
  if (entry.mapped().left) entry.mapped().left();
}

/// The call of a live offer that this gateway was asked to ring; null when the report has been refused. Another
/// gateway's calls are none of its business.
const LiveCall* GatewayDesk::offered(const Asked& asked, OfferId offer) {
  const Gateway* gateway = heard(asked);
  if (gateway == nullptr) return nullptr;
  for (const auto& [id, call] : calls_.calls().all()) {
    if (!call.offered(offer).worker.is_set()) continue;
    if (call.row.gateway == gateway->id) return &call;
    asked->refuse(ErrorCode::kNotYours);
    return nullptr;
  }
  asked->refuse(ErrorCode::kOfferGone);
  return nullptr;
}

void GatewayDesk::handle(const Asked& asked, const api::OfferRinging& ringing) {
  if (offered(asked, ringing.offer) != nullptr) asked->answer(Done{});
}

void GatewayDesk::handle(const Asked& asked, const api::OfferFailed& failed) {
  const LiveCall* call = offered(asked, failed.offer);
  if (call == nullptr) return;
  const OfferOf offer = call->offered(failed.offer);
  After after;
  after.asked = asked;
  if (failed.why == "declined")
    return calls_.happened(routing::OfferDeclined{failed.offer, offer.epoch, offer.worker}, std::move(after));
  // Not answered in time: the offer's own timer says when, for all its endpoints together.
  if (failed.why == "noanswer") return asked->answer(Done{});
  const auto why = failed.why == "busy" ? routing::OfferFailure::kBusy : routing::OfferFailure::kUnreachable;
  calls_.happened(routing::OfferFailed{failed.offer, offer.epoch, failed.endpoint, why}, std::move(after));
}

void GatewayDesk::handle(const Asked& asked, const api::OfferAnswered& answered) {
  const LiveCall* call = offered(asked, answered.offer);
  if (call == nullptr) return;
  After after;
  after.asked = asked;
  calls_.happened(
      routing::OfferAccepted{answered.offer, answered.epoch, call->offered(answered.offer).worker, answered.endpoint},
      std::move(after));
}

void GatewayDesk::handle(const Asked& asked, const api::Left& left) {
  Gateway* gateway = heard(asked);
  if (gateway == nullptr) return;
  gateway->known.erase(left.gw_ref);
  if (const LiveCall* call = calls_.calls().by_gateway_ref(gateway->id, left.gw_ref)) return leave(*call, left, asked);
  const auto under_way = arriving_.find({gateway->id, left.gw_ref});
  // Unknown or ended already: what the gateway wants is so.
  if (under_way == arriving_.end()) return asked->answer(Done{});
  under_way->second.left = [this, ref = under_way->first, left, asked] {
    const LiveCall* call = calls_.calls().by_gateway_ref(ref.first, ref.second);
    if (call == nullptr) return asked->answer(Done{});
    leave(*call, left, asked);
  };
}

const LiveCall* GatewayDesk::held(const Asked& asked, const std::string& gw_ref) {
  const Gateway* gateway = heard(asked);
  if (gateway == nullptr) return nullptr;
  const LiveCall* call = calls_.calls().by_gateway_ref(gateway->id, gw_ref);
  if (call == nullptr) asked->refuse(ErrorCode::kCallEnded);
  return call;
}

/// Kept for a number that can be rung, or refused: nobody is promised a call that cannot be made.
void GatewayDesk::handle(const Asked& asked, const api::CallbackChosen& chosen) {
  const LiveCall* call = held(asked, chosen.gw_ref);
  if (call == nullptr) return;
  if (call->row.is_kept()) return asked->answer(Done{});
  if (!can_ring(parse_phone_number(call->row.caller))) return asked->refuse(ErrorCode::kNumberNotUsable);
  After after;
  after.asked = asked;
  calls_.happened(routing::CallbackAccepted{call->row.id}, std::move(after));
}

void GatewayDesk::handle(const Asked& asked, const api::CallerDialled& dialled) {
  const LiveCall* call = held(asked, dialled.gw_ref);
  if (call == nullptr) return;
  // Told twice, or of a dial that the worker has given up meanwhile.
  if (!call->row.is_kept() || call->row.state != CallState::kTalking) return asked->answer(Done{});
  After after;
  after.asked = asked;
  if (dialled.reached) return calls_.happened(routing::CallerReached{call->row.id}, std::move(after));
  calls_.happened(routing::CallerLeft{call->row.id, routing::LeftCause::kNotReached}, std::move(after));
}

void GatewayDesk::handle(const Asked& asked, const api::LegLost& lost) {
  const LiveCall* call = held(asked, lost.gw_ref);
  if (call == nullptr) return;
  // Of an endpoint that was taken off the bridge, or whose call waits again: nothing new.
  if (call->row.state != CallState::kTalking || call->row.endpoint != lost.endpoint) return asked->answer(Done{});
  After after;
  after.asked = asked;
  calls_.happened(routing::WorkerLegLost{call->row.id, call->row.worker}, std::move(after));
}

void GatewayDesk::leave(const LiveCall& call, const api::Left& left, const Asked& asked) {
  After after;
  after.asked = asked;
  if (left.by == EndedBy::kWorker && call.row.state == CallState::kTalking)
    return calls_.happened(routing::CallEnded{call.row.id, call.row.worker, call.high_risk}, std::move(after));
  auto cause = routing::LeftCause::kGatewayLetGo;
  if (left.by == EndedBy::kCaller || left.by == EndedBy::kNone) cause = routing::LeftCause::kHungUp;
  if (left.by == EndedBy::kNetwork) cause = routing::LeftCause::kNetworkFailure;
  if (call.row.test) cause = routing::LeftCause::kTest;
  calls_.happened(routing::CallerLeft{call.row.id, cause}, std::move(after));
}

}  // namespace kapok::service
