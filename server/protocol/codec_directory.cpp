#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kImportChunkBytesMax = 48 * 1024;

api::FindUnits read(const v1::FindUnits& in, FieldReader& fields) {
  return {.text = fields.line("text", in.text(), kSearchCharsMax),
          .parent = fields.id<UnitId>("parent", in.parent()),
          .limit = fields.rows(in.limit())};
}

api::FindWorkers read(const v1::FindWorkers& in, FieldReader& fields) {
  return {.text = fields.line("text", in.text(), kSearchCharsMax),
          .unit = fields.id<UnitId>("unit", in.unit()),
          .limit = fields.rows(in.limit())};
}

api::ImportBegin read(const v1::ImportBegin& in, FieldReader& fields) {
  return {.kind = fields.required<api::ImportKind>("kind", in.kind()), .bytes_total = in.bytes_total()};
}

api::ImportChunk read(const v1::ImportChunk& in, FieldReader& fields) {
  fields.fits("bytes", in.bytes().size(), kImportChunkBytesMax);
  return {.upload = in.upload(), .offset = in.offset(), .bytes = in.bytes()};
}

void write(const api::UnitView& in, v1::UnitView& out) {
  out.set_unit(in.unit.value);
  out.set_parent(in.parent.value);
  out.set_kind(to_wire<v1::UnitKind>(in.kind));
  out.set_code(in.code);
  out.set_name_zh(in.name_zh);
  out.set_name_en(in.name_en);
  out.set_path_zh(in.path_zh);
  out.set_rings(to_wire<v1::RingPreset>(in.rings));
  out.set_rings_own(in.rings_own);
}

void write(const api::LineView& in, v1::LineView& out) {
  out.set_line(in.line.value);
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  out.set_number(in.number);
  out.set_name_zh(in.name_zh);
  out.set_mode(to_wire<v1::LineMode>(in.mode));
  out.set_crisis(in.crisis);
  out.set_invented(in.invented);
  for (const auto skill : in.required_skills) out.add_required_skills(to_wire<v1::Skill>(skill));
}

void write(const api::WorkerView& in, v1::WorkerView& out) {
  out.set_worker(in.worker.value);
  out.set_account(in.account);
  out.set_name(in.name);
  out.set_unit(in.unit.value);
  out.set_unit_zh(in.unit_zh);
  for (const auto role : in.roles) out.add_roles(to_wire<v1::Role>(role));
  for (const auto kind : in.endpoints) out.add_endpoints(to_wire<v1::EndpointKind>(kind));
  for (const auto skill : in.skills) out.add_skills(to_wire<v1::Skill>(skill));
}

void write(const api::ImportProblem& in, v1::ImportProblem& out) {
  out.set_row(in.row);
  out.set_reason(in.reason);
  out.set_warning(in.warning);
}

}  // namespace

bool read_directory(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kFindUnits:
      out = read(frame.find_units(), fields);
      return true;
    case v1::ClientFrame::kListLines:
      out = api::ListLines{fields.id<UnitId>("unit", frame.list_lines().unit())};
      return true;
    case v1::ClientFrame::kFindWorkers:
      out = read(frame.find_workers(), fields);
      return true;
    case v1::ClientFrame::kImportBegin:
      out = read(frame.import_begin(), fields);
      return true;
    case v1::ClientFrame::kImportChunk:
      out = read(frame.import_chunk(), fields);
      return true;
    case v1::ClientFrame::kImportCommit:
      out = api::ImportCommit{.upload = frame.import_commit().upload(), .dry_run = frame.import_commit().dry_run()};
      return true;
    default:
      return false;
  }
}

void write(const api::UnitList& in, v1::Reply& reply) {
  auto& out = *reply.mutable_unit_list();  // an empty list is an answer too
  for (const auto& one : in.units) write(one, *out.add_units());
}

void write(const api::LineList& in, v1::Reply& reply) {
  auto& out = *reply.mutable_line_list();  // an empty list is an answer too
  for (const auto& one : in.lines) write(one, *out.add_lines());
}

void write(const api::WorkerList& in, v1::Reply& reply) {
  auto& out = *reply.mutable_worker_list();  // an empty list is an answer too
  for (const auto& one : in.workers) write(one, *out.add_workers());
}

void write(const api::ImportStarted& in, v1::Reply& reply) { reply.mutable_import_started()->set_upload(in.upload); }

void write(const api::ImportReport& in, v1::Reply& reply) {
  auto& out = *reply.mutable_import_report();
  out.set_rows(in.rows);
  out.set_added(in.added);
  out.set_changed(in.changed);
  for (const auto& one : in.problems) write(one, *out.add_problems());
  out.set_committed(in.committed);
}

}  // namespace kapok::protocol
