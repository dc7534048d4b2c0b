#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

api::DeclineOffer read(const v1::DeclineOffer& in, FieldReader& fields) {
  return {.offer = fields.id<OfferId>("offer", in.offer()),
          .epoch = in.epoch(),
          .reason = fields.line("reason", in.reason(), kReasonCharsMax)};
}

api::TransferCall read(const v1::TransferCall& in, FieldReader& fields) {
  return {.call = fields.id<CallId>("call", in.call()),
          .kind = fields.value("kind", in.kind(), routing::TransferKind::kCold),
          .to_worker = fields.id<WorkerId>("to_worker", in.to_worker()),
          .to_unit = fields.id<UnitId>("to_unit", in.to_unit()),
          .to_supervisor = in.to_supervisor(),
          .reason = fields.line("reason", in.reason(), kReasonCharsMax)};
}

void write_view(const api::CallView& in, v1::CallView& out) {
  out.set_call(in.call.value);
  out.set_contact(in.contact.value);
  out.set_contact_version(in.contact_version);
  out.set_display_number(in.display_number);
  out.set_line_zh(in.line_zh);
  out.set_line_number(in.line_number);
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_caller_masked(in.caller_masked);
  out.set_caller_class(to_wire<v1::CallerClass>(in.caller_class));
  out.set_state(to_wire<v1::CallState>(in.state));
  out.set_arrived_at_us(in.arrived_at.us);
  out.set_answered_at_us(in.answered_at.us);
  out.set_being_dialled(in.being_dialled);
  out.set_from_name(in.from_name);
}

}  // namespace

bool read_call(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kAcceptOffer:
      out = api::AcceptOffer{.offer = fields.id<OfferId>("offer", frame.accept_offer().offer()),
                             .epoch = frame.accept_offer().epoch()};
      return true;
    case v1::ClientFrame::kDeclineOffer:
      out = read(frame.decline_offer(), fields);
      return true;
    case v1::ClientFrame::kHandBack:
      out = api::HandBack{.call = fields.id<CallId>("call", frame.hand_back().call()),
                          .reason = fields.line("reason", frame.hand_back().reason(), kReasonCharsMax)};
      return true;
    case v1::ClientFrame::kHangUp:
      out = api::HangUp{fields.id<CallId>("call", frame.hang_up().call())};
      return true;
    case v1::ClientFrame::kTransferCall:
      out = read(frame.transfer_call(), fields);
      return true;
    case v1::ClientFrame::kCancelTransfer:
      out = api::CancelTransfer{fields.id<CallId>("call", frame.cancel_transfer().call())};
      return true;
    default:
      return false;
  }
}

void write(const api::CallView& in, v1::Reply& reply) { write_view(in, *reply.mutable_call_view()); }

void write(const api::OfferShown& in, v1::Push& push) {
  auto& out = *push.mutable_offer_shown()->mutable_offer();
  out.set_offer(in.offer.offer.value);
  out.set_epoch(in.offer.epoch);
  out.set_call(in.offer.call.value);
  out.set_line_zh(in.offer.line_zh);
  out.set_unit_zh(in.offer.unit_zh);
  out.set_caller_class(to_wire<v1::CallerClass>(in.offer.caller_class));
  out.set_caller_masked(in.offer.caller_masked);
  out.set_second_attempt(in.offer.second_attempt);
  out.set_arrived_at_us(in.offer.arrived_at.us);
  out.set_ring_until_us(in.offer.ring_until.us);
  out.set_reason(to_wire<v1::OfferReason>(in.offer.reason));
  out.set_from_name(in.offer.from_name);
  out.set_beside(in.offer.beside);
}

void write(const api::OfferWithdrawn& in, v1::Push& push) {
  auto& out = *push.mutable_offer_withdrawn();
  out.set_offer(in.offer.value);
  out.set_why(in.why);
}

void write(const api::CallConnected& in, v1::Push& push) {
  write_view(in.call, *push.mutable_call_connected()->mutable_call());
}

void write(const api::TransferOffered& in, v1::Push& push) {
  auto& out = *push.mutable_transfer_offered();
  out.set_call(in.call.value);
  out.set_to_name(in.to_name);
  out.set_ring_until_us(in.ring_until.us);
}

void write(const api::TransferEnded& in, v1::Push& push) {
  auto& out = *push.mutable_transfer_ended();
  out.set_call(in.call.value);
  out.set_how(to_wire<v1::TransferEnd>(in.how));
  out.set_to_name(in.to_name);
}

void write(const api::CallOver& in, v1::Push& push) {
  auto& out = *push.mutable_call_over();
  out.set_call(in.call.value);
  out.set_outcome(to_wire<v1::CallOutcome>(in.outcome));
  out.set_ended_by(to_wire<v1::EndedBy>(in.ended_by));
  out.set_contact(in.contact.value);
}

}  // namespace kapok::protocol
