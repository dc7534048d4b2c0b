#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kCursorCharsMax = 512;

api::ListReadings read(const v1::ListReadings& in, FieldReader& fields) {
  return {.list = fields.value("list", in.list(), api::ReadingList::kOfRecord),
          .kind = fields.value("kind", in.kind(), api::RecordKind::kContact),
          .record = fields.id<ContactId>("record", in.record()).value,
          .number = fields.line("number", in.number(), kNumberCharsMax),
          .period = read_period(in.period(), fields),
          .cursor = fields.line("cursor", in.cursor(), kCursorCharsMax),
          .limit = fields.rows(in.limit())};
}

void write(const api::Reading& in, v1::Reading& out) {
  out.set_seq(in.seq);
  out.set_at_us(in.at.us);
  out.set_worker(in.worker.value);
  out.set_worker_name(in.worker_name);
  out.set_unit_zh(in.unit_zh);
  for (const Role role : in.roles) out.add_roles(to_wire<v1::Role>(role));
  out.set_how(to_wire<v1::ReadingHow>(in.how));
  out.set_kind(to_wire<v1::RecordKind>(in.kind));
  out.set_record(in.record);
  out.set_record_number(in.record_number);
  out.set_scope(to_wire<v1::Scope>(in.scope));
  out.set_action(in.action);
  out.set_reason(in.reason);
  out.set_text(in.text);
  out.set_session(in.session.value);
}

}  // namespace

bool read_audit(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  if (frame.body_case() != v1::ClientFrame::kListReadings) return false;
  out = read(frame.list_readings(), fields);
  return true;
}

void write(const api::ReadingPage& in, v1::Reply& reply) {
  auto& out = *reply.mutable_reading_page();
  for (const auto& one : in.rows) write(one, *out.add_rows());
  out.set_next_cursor(in.next_cursor);
}

}  // namespace kapok::protocol
