#include "core/text.h"
#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kCapabilitiesMax = 32;
constexpr std::size_t kGatewayRefCharsMax = 128;
/// Longer than kNumberCharsMax: what a trunk shows is kept raw when it is no number of ours (decision 34), and
/// no arrival is refused for it.
constexpr std::size_t kShownCharsMax = 64;

/// A caller's number as the network showed it. Nobody is refused for what stands there: control characters are
/// dropped and what is too long is cut.
std::string shown(const std::string& text) {
  std::string kept;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) kept += c;
  return std::string(first_code_points(kept, kShownCharsMax));
}

api::AttachGateway read(const v1::AttachGateway& in, FieldReader& fields) {
  api::AttachGateway out{.name = fields.line("name", in.name(), kNameCharsMax),
                         .kind = fields.line("kind", in.kind(), kNameCharsMax),
                         .capabilities = {},
                         .offers_max = in.offers_max(),
                         .epoch = in.epoch()};
  if (!fields.fits("capabilities", static_cast<std::size_t>(in.capabilities_size()), kCapabilitiesMax)) return out;
  // A bit of a later version is none of ours to ask for; it must not keep the gateway out.
  for (const int bit : in.capabilities())
    if (const auto known = from_wire<api::GatewayCapability>(bit)) out.capabilities.push_back(*known);
  return out;
}

api::Arrived read(const v1::Arrived& in, FieldReader& fields) {
  return {.gw_ref = fields.line("gw_ref", in.gw_ref(), kGatewayRefCharsMax),
          .dialled = fields.line("dialled", in.dialled(), kShownCharsMax),
          .caller = shown(in.caller()),
          .channel = fields.value("channel", in.channel(), Channel::kPhone),
          .at = fields.instant("at_us", in.at_us()),
          .at_risk = in.at_risk(),
          .test = in.test()};
}

api::OfferRinging read(const v1::OfferRinging& in, FieldReader& fields) {
  return {.offer = fields.id<OfferId>("offer", in.offer()),
          .endpoint = fields.id<EndpointId>("endpoint", in.endpoint())};
}

api::OfferFailed read(const v1::OfferFailed& in, FieldReader& fields) {
  return {.offer = fields.id<OfferId>("offer", in.offer()),
          .endpoint = fields.id<EndpointId>("endpoint", in.endpoint()),
          .why = fields.line("why", in.why(), kNameCharsMax)};
}

api::OfferAnswered read(const v1::OfferAnswered& in, FieldReader& fields) {
  return {.offer = fields.id<OfferId>("offer", in.offer()),
          .epoch = in.epoch(),
          .endpoint = fields.id<EndpointId>("endpoint", in.endpoint()),
          .at = fields.instant("at_us", in.at_us())};
}

api::Left read(const v1::Left& in, FieldReader& fields) {
  return {.gw_ref = fields.line("gw_ref", in.gw_ref(), kGatewayRefCharsMax),
          .by = fields.value("by", in.by(), EndedBy::kCaller),
          .cause = fields.line("cause", in.cause(), kNameCharsMax),
          .at = fields.instant("at_us", in.at_us())};
}

api::Known read(const v1::Known& in, FieldReader& fields) {
  return {.gw_ref = fields.line("gw_ref", in.gw_ref(), kGatewayRefCharsMax),
          .dialled = fields.line("dialled", in.dialled(), kShownCharsMax),
          .caller = shown(in.caller()),
          .state = fields.required<CallState>("state", in.state()),
          .offer = fields.id<OfferId>("offer", in.offer()),
          .since = fields.instant("since_us", in.since_us())};
}

api::Backfill read(const v1::Backfill& in, FieldReader& fields) {
  return {.gw_ref = fields.line("gw_ref", in.gw_ref(), kGatewayRefCharsMax),
          .dialled = fields.line("dialled", in.dialled(), kShownCharsMax),
          .caller = shown(in.caller()),
          .arrived_at = fields.instant("arrived_at_us", in.arrived_at_us()),
          .answered_at = fields.instant("answered_at_us", in.answered_at_us()),
          .ended_at = fields.instant("ended_at_us", in.ended_at_us()),
          .answered_by = fields.id<EndpointId>("answered_by", in.answered_by())};
}

api::DialResult read(const v1::DialResult& in, FieldReader& fields) {
  return {.callback = fields.id<FollowUpId>("callback", in.callback()),
          .dial = in.dial(),
          .worker_answered = in.worker_answered(),
          .caller_answered = in.caller_answered(),
          .at = fields.instant("at_us", in.at_us()),
          .ended_at = fields.instant("ended_at_us", in.ended_at_us())};
}

/// What became of a caller or a leg, by the gateway's own id.
bool read_turn(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  const auto ref = [&fields](const std::string& gw_ref) { return fields.line("gw_ref", gw_ref, kGatewayRefCharsMax); };
  switch (frame.body_case()) {
    case v1::ClientFrame::kCallbackChosen:
      out = api::CallbackChosen{.gw_ref = ref(frame.callback_chosen().gw_ref()),
                                .at = fields.instant("at_us", frame.callback_chosen().at_us())};
      return true;
    case v1::ClientFrame::kCallerDialled:
      out = api::CallerDialled{.gw_ref = ref(frame.caller_dialled().gw_ref()),
                               .reached = frame.caller_dialled().reached(),
                               .at = fields.instant("at_us", frame.caller_dialled().at_us())};
      return true;
    case v1::ClientFrame::kLegLost:
      out = api::LegLost{.gw_ref = ref(frame.leg_lost().gw_ref()),
                         .endpoint = fields.id<EndpointId>("endpoint", frame.leg_lost().endpoint()),
                         .at = fields.instant("at_us", frame.leg_lost().at_us())};
      return true;
    default:
      return false;
  }
}

void write(const api::HuntEndpoint& in, v1::HuntEndpoint& out) {
  out.set_endpoint(in.endpoint.value);
  out.set_number(in.number);
}

/// What a gateway holds after a reconnect.
bool read_held(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kKnownBegin:
      out = api::KnownBegin{};
      return true;
    case v1::ClientFrame::kKnown:
      out = read(frame.known(), fields);
      return true;
    case v1::ClientFrame::kKnownEnd:
      out = api::KnownEnd{};
      return true;
    default:
      return false;
  }
}

}  // namespace

bool read_gateway(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kAttachGateway:
      out = read(frame.attach_gateway(), fields);
      return true;
    case v1::ClientFrame::kArrived:
      out = read(frame.arrived(), fields);
      return true;
    case v1::ClientFrame::kOfferRinging:
      out = read(frame.offer_ringing(), fields);
      return true;
    case v1::ClientFrame::kOfferFailed:
      out = read(frame.offer_failed(), fields);
      return true;
    case v1::ClientFrame::kOfferAnswered:
      out = read(frame.offer_answered(), fields);
      return true;
    case v1::ClientFrame::kLeft:
      out = read(frame.left(), fields);
      return true;
    case v1::ClientFrame::kBeat:
      out = api::Beat{};
      return true;
    case v1::ClientFrame::kBackfill:
      out = read(frame.backfill(), fields);
      return true;
    case v1::ClientFrame::kDialResult:
      out = read(frame.dial_result(), fields);
      return true;
    default:
      return read_turn(frame, fields, out) || read_held(frame, fields, out);
  }
}

void write(const api::GatewayAttached& in, v1::Reply& reply) {
  auto& out = *reply.mutable_gateway_attached();
  out.set_gateway(in.gateway.value);
  out.set_beat_interval_ms(in.beat_interval_ms);
  out.set_silence_new_arrivals_ms(in.silence_new_arrivals_ms);
  out.set_silence_waiting_ms(in.silence_waiting_ms);
}

void write(const api::ArrivalTaken& in, v1::Reply& reply) { reply.mutable_arrival_taken()->set_call(in.call.value); }

void write(const api::BackfillTaken& in, v1::Reply& reply) {
  reply.mutable_backfill_taken()->set_contact(in.contact.value);
}

void write(const api::RingEndpoint& in, v1::Push& push) {
  auto& out = *push.mutable_ring_endpoint();
  out.set_offer(in.offer.value);
  out.set_epoch(in.epoch);
  out.set_call(in.call.value);
  out.set_gw_ref(in.gw_ref);
  out.set_endpoint(in.endpoint.value);
  out.set_kind(to_wire<v1::EndpointKind>(in.kind));
  out.set_number(in.number);
  out.set_ring_us(in.ring.count());
}

void write(const api::WithdrawRing& in, v1::Push& push) {
  auto& out = *push.mutable_withdraw_ring();
  out.set_offer(in.offer.value);
  out.set_gw_ref(in.gw_ref);
}

void write(const api::Bridge& in, v1::Push& push) {
  auto& out = *push.mutable_bridge();
  out.set_call(in.call.value);
  out.set_gw_ref(in.gw_ref);
  out.set_offer(in.offer.value);
  out.set_endpoint(in.endpoint.value);
  out.set_beside(in.beside);
  out.set_dial_caller(in.dial_caller);
  out.set_caller(in.caller);
}

void write(const api::DropEndpoint& in, v1::Push& push) {
  auto& out = *push.mutable_drop_endpoint();
  out.set_call(in.call.value);
  out.set_gw_ref(in.gw_ref);
  out.set_endpoint(in.endpoint.value);
}

void write(const api::Park& in, v1::Push& push) {
  auto& out = *push.mutable_park();
  out.set_call(in.call.value);
  out.set_gw_ref(in.gw_ref);
}

void write(const api::Release& in, v1::Push& push) {
  auto& out = *push.mutable_release();
  out.set_call(in.call.value);
  out.set_gw_ref(in.gw_ref);
  out.set_cause(in.cause);
}

void write(const api::Progress& in, v1::Push& push) {
  auto& out = *push.mutable_progress();
  out.set_call(in.call.value);
  out.set_gw_ref(in.gw_ref);
  out.set_position(in.position);
  out.set_estimate_us(in.estimate.count());
  out.set_callback_offered(in.callback_offered);
}

void write(const api::HuntList& in, v1::Push& push) {
  auto& out = *push.mutable_hunt_list();
  out.set_line(in.line.value);
  out.set_dialled(in.dialled);
  out.set_version(in.version);
  for (const auto& one : in.endpoints) write(one, *out.add_endpoints());
}

void write(const api::Dial& in, v1::Push& push) {
  auto& out = *push.mutable_dial();
  out.set_callback(in.callback.value);
  out.set_dial(in.dial);
  out.set_endpoint(in.endpoint.value);
  out.set_worker_number(in.worker_number);
  out.set_target_number(in.target_number);
}

}  // namespace kapok::protocol
