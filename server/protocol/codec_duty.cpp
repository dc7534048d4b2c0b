#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

void write(const api::ShiftView& in, v1::ShiftView& out) {
  out.set_shift(in.shift.value);
  out.set_worker(in.worker.value);
  out.set_worker_name(in.worker_name);
  write_ids(in.units, *out.mutable_units());
  write_texts(in.units_zh, *out.mutable_units_zh());
  protocol::write(in.period, *out.mutable_period());
  out.set_by(to_wire<v1::EndpointKind>(in.by));
  out.set_state(to_wire<v1::ShiftState>(in.state));
}

void write_desk(const api::DeskState& in, v1::DeskState& out) {
  out.set_state(to_wire<v1::WorkerState>(in.state));
  out.set_shift(in.shift.value);
  out.set_shift_ends_at_us(in.shift_ends_at.us);
  out.set_call(in.call.value);
  out.set_contact(in.contact.value);
  out.set_offer(in.offer.value);
  out.set_state_since_us(in.state_since.us);
  out.set_after_call_until_us(in.after_call_until.us);
  out.set_callers_waiting(in.callers_waiting);
}

}  // namespace

bool read_duty(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kTakeDuty:
      out = api::TakeDuty{.unit = fields.id<UnitId>("unit", frame.take_duty().unit()),
                          .until = fields.instant("until_us", frame.take_duty().until_us())};
      return true;
    case v1::ClientFrame::kLeaveDuty:
      out = api::LeaveDuty{};
      return true;
    case v1::ClientFrame::kOpenDesk:
      out = api::OpenDesk{};
      return true;
    case v1::ClientFrame::kSetReady:
      out = api::SetReady{frame.set_ready().ready()};
      return true;
    case v1::ClientFrame::kEndAfterCall:
      out = api::EndAfterCall{};
      return true;
    case v1::ClientFrame::kListShifts:
      out = api::ListShifts{.unit = fields.id<UnitId>("unit", frame.list_shifts().unit()),
                            .period = read_period(frame.list_shifts().period(), fields)};
      return true;
    default:
      return false;
  }
}

void write(const api::DeskState& in, v1::Reply& reply) { write_desk(in, *reply.mutable_desk_state()); }

void write(const api::DeskState& in, v1::Push& push) { write_desk(in, *push.mutable_desk_state()); }

void write(const api::ShiftList& in, v1::Reply& reply) {
  auto& out = *reply.mutable_shift_list();  // an empty list is an answer too
  for (const auto& one : in.shifts) write(one, *out.add_shifts());
}

}  // namespace kapok::protocol
