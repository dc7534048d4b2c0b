#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

void write(CivilDay in, v1::CivilDay& out) {
  out.set_year(static_cast<int>(in.year()));
  out.set_month(static_cast<unsigned>(in.month()));
  out.set_day(static_cast<unsigned>(in.day()));
}

void write(const reporting::Figure& in, v1::Figure& out) {
  out.set_key(in.key);
  out.set_name_zh(in.name_zh);
  out.set_name_en(in.name_en);
  out.set_kind(to_wire<v1::FigureKind>(in.kind));
  out.set_state(to_wire<v1::FigureState>(in.state));
  out.set_value(in.value);
  out.set_of(in.of);
  out.set_filter(in.filter);
}

void write(const reporting::DayReport& in, v1::DayReport& out) {
  out.set_unit(in.unit.value);
  out.set_unit_code(in.unit_code);
  write(in.day, *out.mutable_day());
  protocol::write(in.period, *out.mutable_period());
  out.set_as_of_us(in.as_of.us);
  out.set_short_abandon_us(in.short_abandon.count());
  out.set_lines_measured(in.lines_measured);
  out.set_lines_recorded_only(in.lines_recorded_only);
  for (const auto& one : in.figures) write(one, *out.add_figures());
}

void write(const api::GapView& in, v1::GapView& out) {
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  protocol::write(in.period, *out.mutable_period());
  out.set_ahead(in.ahead);
}

}  // namespace

bool read_report(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kReportDay:
      out = api::ReportDay{.unit = fields.id<UnitId>("unit", frame.report_day().unit()),
                           .day = fields.instant("day_us", frame.report_day().day_us())};
      return true;
    case v1::ClientFrame::kListGaps:
      out = api::ListGaps{.unit = fields.id<UnitId>("unit", frame.list_gaps().unit()),
                          .period = read_period(frame.list_gaps().period(), fields)};
      return true;
    case v1::ClientFrame::kGetStatus:
      out = api::GetStatus{};
      return true;
    default:
      return false;
  }
}

void write(const api::DayReportView& in, v1::Reply& reply) {
  auto& out = *reply.mutable_day_report_view();
  out.set_unit_zh(in.unit_zh);
  write(in.report, *out.mutable_report());
}

void write(const api::GapList& in, v1::Reply& reply) {
  auto& out = *reply.mutable_gap_list();  // an empty list is an answer too
  for (const auto& one : in.gaps) write(one, *out.add_gaps());
}

void write(const api::Status& in, v1::Reply& reply) {
  auto& out = *reply.mutable_status();
  out.set_version(in.version);
  out.set_schema(in.schema);
  out.set_started_at_us(in.started_at.us);
  out.set_now_us(in.now.us);
  out.set_state(in.state);
  out.set_practice_factor(in.practice_factor);
  out.set_waiting(in.waiting);
  out.set_talking(in.talking);
  out.set_on_duty(in.on_duty);
  out.set_sessions(in.sessions);
  out.set_gateways(in.gateways);
  out.set_calls_today(in.calls_today);
  out.set_audit_head(in.audit_head);
}

}  // namespace kapok::protocol
