#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

void write(const api::WaitingCall& in, v1::WaitingCall& out) {
  out.set_call(in.call.value);
  out.set_state(to_wire<v1::CallState>(in.state));
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_line_zh(in.line_zh);
  out.set_caller_class(to_wire<v1::CallerClass>(in.caller_class));
  out.set_caller_masked(in.caller_masked);
  out.set_arrived_at_us(in.arrived_at.us);
  out.set_open_ring(in.open_ring);
  out.set_position(in.position);
  out.set_worker_name(in.worker_name);
  out.set_state_since_us(in.state_since.us);
  out.set_kept(in.kept);
  out.set_second_name(in.second_name);
}

void write(const api::WorkerLine& in, v1::WorkerLine& out) {
  out.set_worker(in.worker.value);
  out.set_name(in.name);
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_state(to_wire<v1::WorkerState>(in.state));
  out.set_by(to_wire<v1::EndpointKind>(in.by));
  out.set_state_since_us(in.state_since.us);
  out.set_calls_today(in.calls_today);
}

void write(const api::UnitCounters& in, v1::UnitCounters& out) {
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_unit_en(in.unit_en);
  out.set_kind(to_wire<v1::UnitKind>(in.kind));
  out.set_waiting(in.waiting);
  out.set_talking(in.talking);
  out.set_on_duty(in.on_duty);
  out.set_ready(in.ready);
  out.set_arrived_today(in.arrived_today);
  out.set_answered_today(in.answered_today);
  out.set_unanswered_today(in.unanswered_today);
  out.set_longest_wait_us(in.longest_wait.count());
  out.set_gap(in.gap);
}

}  // namespace

bool read_watch(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kWatch:
      out = api::Watch{.unit = fields.id<UnitId>("unit", frame.watch().unit()), .once = frame.watch().once()};
      return true;
    case v1::ClientFrame::kUnwatch:
      out = api::Unwatch{};
      return true;
    default:
      return false;
  }
}

void write(const api::WatchStarted& in, v1::Reply& reply) {
  auto& out = *reply.mutable_watch_started();
  out.set_unit(in.unit.value);
  out.set_pages(in.pages);
}

void write(const api::SnapshotPage& in, v1::Push& push) {
  auto& out = *push.mutable_snapshot_page();
  out.set_page(in.page);
  out.set_last(in.last);
  for (const auto& one : in.calls) write(one, *out.add_calls());
  for (const auto& one : in.workers) write(one, *out.add_workers());
  for (const auto& one : in.units) write(one, *out.add_units());
}

void write(const api::Change& in, v1::Push& push) {
  auto& out = *push.mutable_change();
  for (const auto& one : in.calls) write(one, *out.add_calls());
  write_ids(in.calls_gone, *out.mutable_calls_gone());
  for (const auto& one : in.workers) write(one, *out.add_workers());
  write_ids(in.workers_gone, *out.mutable_workers_gone());
  for (const auto& one : in.units) write(one, *out.add_units());
}

void write(const api::Resync&, v1::Push& push) { push.mutable_resync(); }

void write(const api::ServerNotice& in, v1::Push& push) {
  auto& out = *push.mutable_server_notice();
  out.set_state(in.state);
  out.set_text_zh(in.text_zh);
  out.set_text_en(in.text_en);
  out.set_reconnect_after_ms(in.reconnect_after_ms);
}

}  // namespace kapok::protocol
