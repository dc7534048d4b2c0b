#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kCursorCharsMax = 512;
constexpr std::size_t kLastDigits = 4;

api::SearchLog read(const v1::SearchLog& in, FieldReader& fields) {
  return {.period = read_period(in.period(), fields),
          .unit = fields.id<UnitId>("unit", in.unit()),
          .line = fields.id<LineId>("line", in.line()),
          .worker = fields.id<WorkerId>("worker", in.worker()),
          .outcome = fields.optional<CallOutcome>("outcome", in.has_outcome(), in.outcome()),
          .bucket = fields.optional<KpiBucket>("bucket", in.has_bucket(), in.bucket()),
          .type = fields.optional<casework::ContactType>("type", in.has_type(), in.type()),
          .need = fields.optional<casework::NeedKind>("need", in.has_need(), in.need()),
          .need_group = fields.optional<casework::NeedGroup>("need_group", in.has_need_group(), in.need_group()),
          .risk = fields.optional<casework::RiskLevel>("risk", in.has_risk(), in.risk()),
          .number = fields.line("number", in.number(), kNumberCharsMax),
          .last_four = fields.line("last_four", in.last_four(), kLastDigits),
          .text = fields.line("text", in.text(), kSearchCharsMax),
          .reason = fields.line("reason", in.reason(), kReasonCharsMax),
          .oldest_first = in.oldest_first(),
          .cursor = fields.line("cursor", in.cursor(), kCursorCharsMax),
          .limit = fields.rows(in.limit())};
}

void write(const api::LogRow& in, v1::LogRow& out) {
  out.set_call(in.call.value);
  out.set_contact(in.contact.value);
  out.set_display_number(in.display_number);
  out.set_at_us(in.at.us);
  out.set_channel(to_wire<v1::Channel>(in.channel));
  out.set_unit_zh(in.unit_zh);
  out.set_line_zh(in.line_zh);
  out.set_outcome(to_wire<v1::CallOutcome>(in.outcome));
  out.set_waited_us(in.waited.count());
  out.set_talked_us(in.talked.count());
  out.set_worker_name(in.worker_name);
  out.set_caller_masked(in.caller_masked);
  out.set_person_masked(in.person_masked);
  if (in.state) out.set_state(to_wire<v1::ContactState>(*in.state));
  if (in.type) out.set_type(to_wire<v1::ContactType>(*in.type));
  if (in.risk) out.set_risk(to_wire<v1::RiskLevel>(*in.risk));
  for (const auto kind : in.needs) out.add_needs(to_wire<v1::NeedKind>(kind));
}

}  // namespace

bool read_log(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSearchLog:
      out = read(frame.search_log(), fields);
      return true;
    case v1::ClientFrame::kExportLog:
      out = api::ExportLog{read(frame.export_log().search(), fields)};
      return true;
    default:
      return false;
  }
}

void write(const api::LogPage& in, v1::Reply& reply) {
  auto& out = *reply.mutable_log_page();
  for (const auto& one : in.rows) write(one, *out.add_rows());
  out.set_next_cursor(in.next_cursor);
}

void write(const api::CsvPage& in, v1::Reply& reply) {
  auto& out = *reply.mutable_csv_page();
  out.set_csv(in.csv);
  out.set_next_cursor(in.next_cursor);
}

}  // namespace kapok::protocol
