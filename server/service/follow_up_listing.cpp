#include <utility>

#include "service/contact_access.h"
#include "service/follow_up_desk.h"
#include "service/list_scope.h"
#include "service/page_cursor.h"
#include "storage/follow_up_table.h"
#include "storage/missed_caller_table.h"

/// Callbacks by due time, missed callers newest first, and taking note of one.
namespace kapok::service {
namespace {

bool outside(const Who& who, const ListScope& scope, UnitId unit) {
  return scope.within.is_set() && !who.directory->tree().is_within(unit, scope.within);
}

api::CallbackPage callbacks_of(storage::ReadTransaction& tx, const Who& who, const ListScope& scope,
                               storage::CallbacksAsked asked, Duration utc_offset) {
  const auto limit = static_cast<std::size_t>(asked.limit);
  ++asked.limit;
  auto found = storage::FollowUpTable::page(tx, asked);
  const bool more = found.rows.size() + found.damaged_ids.size() > limit;
  if (found.rows.size() > limit) found.rows.resize(limit);
  api::CallbackPage page;
  for (const storage::FollowUpRow& row : found.rows) {
    if (outside(who, scope, row.callback.unit)) continue;
    page.callbacks.push_back(
        callback_view(*who.directory, storage::FollowUpTable::callback_of(row), who.now, utc_offset));
  }
  for (const std::int64_t id : found.damaged_ids) {
    api::CallbackView view;
    view.callback = FollowUpId{id};
    view.caller_masked = std::string(name_of(ErrorCode::kRowDamaged));
    page.callbacks.push_back(std::move(view));
  }
  if (more && !found.rows.empty())
    page.next_cursor = write_page_cursor({found.rows.back().callback.due_at, found.rows.back().id.value});
  return page;
}

api::MissedView missed_view(const Directory& directory, const casework::MissedCaller& missed) {
  api::MissedView view;
  view.missed = missed.id;
  view.version = missed.version;
  view.state = missed.state;
  view.unit = missed.unit;
  view.unit_zh = directory.unit_zh(missed.unit);
  view.line_zh = directory.line_zh(missed.line);
  view.at = missed.at;
  view.why = std::string(name_of(missed.reason));
  view.acknowledged_by_name = directory.worker_name(missed.acknowledged_by);
  return view;
}

api::MissedPage missed_of(storage::ReadTransaction& tx, const Who& who, storage::MissedAsked asked) {
  const auto limit = static_cast<std::size_t>(asked.limit);
  ++asked.limit;
  auto found = storage::MissedCallerTable::page(tx, asked);
  const bool more = found.rows.size() + found.damaged_ids.size() > limit;
  if (found.rows.size() > limit) found.rows.resize(limit);
  api::MissedPage page;
  for (const storage::MissedCallerRow& row : found.rows)
    page.missed.push_back(missed_view(*who.directory, storage::MissedCallerTable::missed_of(row)));
  for (const std::int64_t id : found.damaged_ids) {
    api::MissedView view;
    view.missed = MissedCallerId{id};
    view.why = std::string(name_of(ErrorCode::kRowDamaged));
    page.missed.push_back(std::move(view));
  }
  if (more && !found.rows.empty())
    page.next_cursor = write_page_cursor({found.rows.back().missed.at, found.rows.back().id.value});
  return page;
}

}  // namespace

void FollowUpDesk::handle(const Asked& asked, const api::ListCallbacks& list) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  const auto from = read_page_cursor(list.cursor);
  if (!from) return asked->refuse(ErrorCode::kInvalidArgument, "cursor");
  auto scope = list_scope(*who, Action::kListCallbacks, list.unit);
  if (!scope) return asked->refuse(scope.error());
  const storage::CallbacksAsked rows{scope->units, scope->own,           list.open_only,
                                     from->at,     FollowUpId{from->id}, page_size(list.limit)};
  office_.read<api::CallbackPage>(
      [who = *who, scope = *scope, rows, offset = office_.config.utc_offset](storage::ReadTransaction& tx)
          -> Result<api::CallbackPage> { return callbacks_of(tx, who, scope, rows, offset); },
      [asked](Result<api::CallbackPage> page) {
        if (!page) return asked->refuse(page.error());
        asked->answer(std::move(*page));
      });
}

void FollowUpDesk::handle(const Asked& asked, const api::ListMissed& list) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  const auto from = read_page_cursor(list.cursor);
  if (!from) return asked->refuse(ErrorCode::kInvalidArgument, "cursor");
  auto scope = list_scope(*who, Action::kListCallbacks, list.unit);
  if (!scope) return asked->refuse(scope.error());
  if (scope->units.empty()) return asked->refuse(ErrorCode::kForbidden, "list_callbacks");
  const storage::MissedAsked rows{scope->units, list.open_only, from->at, MissedCallerId{from->id},
                                  page_size(list.limit)};
  office_.read<api::MissedPage>(
      [who = *who, rows](storage::ReadTransaction& tx) -> Result<api::MissedPage> { return missed_of(tx, who, rows); },
      [asked](Result<api::MissedPage> page) {
        if (!page) return asked->refuse(page.error());
        asked->answer(std::move(*page));
      });
}

void FollowUpDesk::handle(const Asked& asked, const api::AcknowledgeMissed& acknowledge) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  Changes::Change write;
  write.apply = [acknowledge, who = *who](storage::Transaction& tx) -> Result<api::ReplyBody> {
    auto missed = storage::MissedCallerTable::get(tx, acknowledge.missed);
    if (!missed) return missed.error();
    const auto may = who.may(Action::kAcknowledgeMissed, {missed->unit, WorkerId{}, false});
    if (!may) return may.error();
    auto next = casework::acknowledge(*missed, acknowledge.version, who.worker, acknowledge.note, tx.now());
    if (!next) return next.error();
    if (auto saved = storage::MissedCallerTable::save(tx, *next); !saved) return saved.error();
    who.audit(tx, storage::AuditAction::kMissedCallerAcknowledged, storage::AuditObject::kMissedCaller, next->id.value,
              may->scope);
    return api::ReplyBody{missed_view(*who.directory, *next)};
  };
  office_.changes.save(asked, std::move(write));
}

}  // namespace kapok::service
