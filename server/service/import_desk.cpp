#include "service/import_desk.h"

#include <memory>
#include <utility>

#include "service/imports.h"
#include "service/list_scope.h"
#include "service/who.h"
#include "storage/audit_chain.h"

namespace kapok::service {
namespace {

Action action_of(api::ImportKind kind) {
  switch (kind) {
    case api::ImportKind::kRegions:
    case api::ImportKind::kStations:
    case api::ImportKind::kPoints:
    case api::ImportKind::kLines:
      return Action::kImportDirectory;
    case api::ImportKind::kPeople:
    case api::ImportKind::kPatches:
      return Action::kImportPeople;
    case api::ImportKind::kShifts:
      return Action::kImportRoster;
  }
  return Action::kImportDirectory;
}

storage::AuditEvent audit_event(const Question& asked) {
  return {.actor = asked.session->worker,
          .session = asked.session->id,
          .action = storage::AuditAction::kImported,
          .object = storage::AuditObject::kStore,
          .object_id = 0,
          .scope = Scope::kSubtree};
}

/// A roster may also be that of a part of the city. Everything else is the whole city's.
bool is_of_units(api::ImportKind kind) { return kind == api::ImportKind::kShifts; }

}  // namespace

/// Before the first file there is no tree to hold a role at: the operator of an empty city imports it.
bool ImportDesk::may_import(const Asked& asked, api::ImportKind kind) const {
  const auto who = who_asks(office_, asked);
  if (who && is_of_units(kind) && list_scope(*who, action_of(kind), {})) return true;
  return office_.require(asked, action_of(kind), {.unit = office_.directory->tree().root(), .owner = {}});
}

void ImportDesk::handle(const Asked& asked, const api::ImportBegin& x) {
  if (!may_import(asked, x.kind)) return;
  if (x.bytes_total == 0 || x.bytes_total > kFileBytesMax)
    return asked->refuse(ErrorCode::kInvalidArgument, "bytes_total: 1 to 8388608");
  Upload& upload = uploads_[asked->connection];
  upload = {.number = ++last_upload_, .kind = x.kind, .bytes_total = x.bytes_total, .bytes = {}};
  asked->answer(api::ImportStarted{upload.number});
}

ImportDesk::Upload* ImportDesk::find(const Asked& asked, std::uint64_t number) {
  const auto found = uploads_.find(asked->connection);
  if (found != uploads_.end() && found->second.number == number) return &found->second;
  asked->refuse(ErrorCode::kInvalidArgument, "no such upload on this connection");
  return nullptr;
}

void ImportDesk::handle(const Asked& asked, const api::ImportChunk& x) {
  Upload* upload = find(asked, x.upload);
  if (upload == nullptr) return;
  if (x.bytes.size() > kChunkBytesMax) return asked->refuse(ErrorCode::kTextTooLong, "chunk: at most 49152 bytes");
  if (x.offset != upload->bytes.size())
    return asked->refuse(ErrorCode::kInvalidArgument, "offset: " + std::to_string(upload->bytes.size()) + " expected");
  if (upload->bytes.size() + x.bytes.size() > upload->bytes_total)
    return asked->refuse(ErrorCode::kInvalidArgument, "more bytes than bytes_total");
  upload->bytes += x.bytes;
  asked->answer(Done{});
}

void ImportDesk::handle(const Asked& asked, const api::ImportCommit& x) {
  Upload* found = find(asked, x.upload);
  if (found == nullptr) return;
  if (!may_import(asked, found->kind)) return;
  if (found->bytes.size() != found->bytes_total) return asked->refuse(ErrorCode::kInvalidArgument, "bytes are missing");
  Upload upload = std::move(*found);
  uploads_.erase(asked->connection);
  auto table = read_csv(upload.bytes);
  if (!table) return asked->refuse(table.error());
  commit(asked, std::move(upload), std::move(*table), x.dry_run);
}

void ImportDesk::commit(const Asked& asked, Upload upload, CsvTable table, bool dry_run) {
  const std::size_t ids = table.rows.size() * kIdsPerRow;
  struct Work {
    IdStock ids;
    CsvTable table;
    api::ImportReport report;
  };
  auto work = std::make_shared<Work>(Work{IdStock(office_, ids), std::move(table), {}});
  std::function<bool(UnitId)> may_roster;
  if (const auto who = who_asks(office_, asked); who && is_of_units(upload.kind))
    may_roster = [who = *who](UnitId unit) { return who.may(Action::kImportRoster, {.unit = unit, .owner = {}}).ok(); };
  auto apply = [this, asked, work, may_roster, kind = upload.kind, dry_run](storage::Transaction& tx) -> Result<> {
    auto report = import_file({tx, office_.config.city, office_.config.utc_offset, work->ids, may_roster}, kind,
                              std::move(work->table));
    if (!report) return report.error();
    work->report = std::move(*report);
    // Refusing drops everything that was written: nothing of a file with a problem stays.
    if (dry_run || !may_commit(work->report)) return ErrorCode::kImportRefused;
    work->report.committed = true;
    tx.audit().append(tx, audit_event(*asked));
    return office_.changes.keep_reply(tx, *asked, api::ReplyBody{work->report});
  };
  office_.changes.save(storage::WriteClass::kCaseWork, std::move(apply),
                       [this, asked, work, kind = upload.kind](const storage::WriteOutcome& outcome) {
                         if (outcome.result) {
                           return imported_(kind, [asked, work](Result<> followed) {
                             if (!followed) return asked->refuse(followed.error());
                             asked->answer(std::move(work->report), api::Saved::kStore);
                           });
                         }
                         if (outcome.result.error().code != ErrorCode::kImportRefused)
                           return asked->refuse(outcome.result.error());
                         asked->answer(std::move(work->report));
                       });
}

}  // namespace kapok::service
