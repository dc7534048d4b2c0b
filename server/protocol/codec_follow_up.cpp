#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kCursorCharsMax = 512;

/// ListCallbacks and ListMissed have the same shape.
template <class List, class Wire>
List read_list(const Wire& in, FieldReader& fields) {
  return {.unit = fields.id<UnitId>("unit", in.unit()),
          .open_only = !in.has_open_only() || in.open_only(),
          .cursor = fields.line("cursor", in.cursor(), kCursorCharsMax),
          .limit = fields.rows(in.limit())};
}

/// ClaimCallback and DialCallback name a callback and nothing more.
template <class Change, class Wire>
Change read_change(const Wire& in, FieldReader& fields) {
  return {.callback = fields.id<FollowUpId>("callback", in.callback()), .version = in.version()};
}

api::CallbackDone read(const v1::CallbackDone& in, FieldReader& fields) {
  return {.callback = fields.id<FollowUpId>("callback", in.callback()),
          .version = in.version(),
          .note = fields.note("note", in.note())};
}

api::CallbackAttempted read(const v1::CallbackAttempted& in, FieldReader& fields) {
  return {.callback = fields.id<FollowUpId>("callback", in.callback()),
          .version = in.version(),
          .result = fields.required<casework::AttemptResult>("result", in.result())};
}

api::AcknowledgeMissed read(const v1::AcknowledgeMissed& in, FieldReader& fields) {
  return {.missed = fields.id<MissedCallerId>("missed", in.missed()),
          .version = in.version(),
          .note = fields.note("note", in.note())};
}

void write(const api::CallbackView& in, v1::CallbackView& out) {
  out.set_callback(in.callback.value);
  out.set_version(in.version);
  out.set_state(to_wire<v1::CallbackState>(in.state));
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_caller_masked(in.caller_masked);
  out.set_due_at_us(in.due_at.us);
  out.set_overdue(in.overdue);
  out.set_unanswered_arrivals(in.unanswered_arrivals);
  out.set_attempts(in.attempts);
  out.set_owner_name(in.owner_name);
  out.set_last_call(in.last_call.value);
}

void write(const api::MissedView& in, v1::MissedView& out) {
  out.set_missed(in.missed.value);
  out.set_version(in.version);
  out.set_state(to_wire<v1::MissedCallerState>(in.state));
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_line_zh(in.line_zh);
  out.set_at_us(in.at.us);
  out.set_why(in.why);
  out.set_acknowledged_by_name(in.acknowledged_by_name);
}

}  // namespace

bool read_follow_up(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kListCallbacks:
      out = read_list<api::ListCallbacks>(frame.list_callbacks(), fields);
      return true;
    case v1::ClientFrame::kClaimCallback:
      out = read_change<api::ClaimCallback>(frame.claim_callback(), fields);
      return true;
    case v1::ClientFrame::kDialCallback:
      out = read_change<api::DialCallback>(frame.dial_callback(), fields);
      return true;
    case v1::ClientFrame::kCallbackDone:
      out = read(frame.callback_done(), fields);
      return true;
    case v1::ClientFrame::kCallbackAttempted:
      out = read(frame.callback_attempted(), fields);
      return true;
    case v1::ClientFrame::kListMissed:
      out = read_list<api::ListMissed>(frame.list_missed(), fields);
      return true;
    case v1::ClientFrame::kAcknowledgeMissed:
      out = read(frame.acknowledge_missed(), fields);
      return true;
    default:
      return false;
  }
}

void write(const api::CallbackView& in, v1::Reply& reply) { write(in, *reply.mutable_callback_view()); }

void write(const api::CallbackPage& in, v1::Reply& reply) {
  auto& out = *reply.mutable_callback_page();
  for (const auto& one : in.callbacks) write(one, *out.add_callbacks());
  out.set_next_cursor(in.next_cursor);
}

void write(const api::MissedView& in, v1::Reply& reply) { write(in, *reply.mutable_missed_view()); }

void write(const api::MissedPage& in, v1::Reply& reply) {
  auto& out = *reply.mutable_missed_page();
  for (const auto& one : in.missed) write(one, *out.add_missed());
  out.set_next_cursor(in.next_cursor);
}

}  // namespace kapok::protocol
