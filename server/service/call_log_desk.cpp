#include "service/call_log_desk.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/csv.h"
#include "core/local_time.h"

namespace kapok::service {
namespace {

const std::vector<std::string> kHeader{"记录号", "时间", "渠道",     "单位", "热线", "结果", "等候秒数", "通话秒数",
                                       "社工",   "来电", "服务对象", "状态", "类型", "风险", "需求"};

std::string in_seconds(Duration length) { return std::to_string(length.count() / 1'000'000); }

template <class E>
std::string optional_zh(const std::optional<E>& value) {
  return value ? std::string(zh_of(*value)) : std::string{};
}

std::vector<std::string> csv_fields(const api::LogRow& row, UtcOffset offset) {
  std::string needs;
  for (const casework::NeedKind kind : row.needs) needs += (needs.empty() ? "" : "、") + std::string(zh_of(kind));
  return {row.display_number,
          row.at.is_set() ? format_local(row.at, offset) : std::string{},
          std::string(zh_of(row.channel)),
          row.unit_zh,
          row.line_zh,
          row.call.is_set() ? std::string(zh_of(row.outcome)) : std::string{},
          row.call.is_set() ? in_seconds(row.waited) : std::string{},
          in_seconds(row.talked),
          row.worker_name,
          row.caller_masked,
          row.person_masked,
          optional_zh(row.state),
          optional_zh(row.type),
          optional_zh(row.risk),
          needs};
}

struct Found {
  LogQuery query;
  api::LogPage page;
};

}  // namespace

std::string log_csv(const api::LogPage& page, Duration utc_offset, bool first) {
  std::string csv;
  if (first) csv = std::string(kCsvByteOrderMark) + csv_row(kHeader);
  const auto offset = std::chrono::duration_cast<UtcOffset>(utc_offset);
  for (const api::LogRow& row : page.rows) csv += csv_row(csv_fields(row, offset));
  return csv;
}

CallLogDesk::CallLogDesk(Office& office, storage::SearchIndex& index) : office_(office), index_(index) {}

void CallLogDesk::handle(const Asked& asked, const api::SearchLog& search_log) {
  search(asked, search_log, Action::kSearchLog, kLogPageMax,
         [](const api::LogPage& page) { return api::ReplyBody{page}; });
}

void CallLogDesk::handle(const Asked& asked, const api::ExportLog& export_log) {
  const bool first = export_log.search.cursor.empty();
  search(asked, export_log.search, Action::kExportLog, kExportPageRows,
         [first, offset = office_.config.utc_offset](const api::LogPage& page) {
           return api::ReplyBody{api::CsvPage{log_csv(page, offset, first), page.next_cursor}};
         });
}

void CallLogDesk::search(const Asked& asked, const api::SearchLog& search, Action action, std::size_t limit,
                         Answer answer) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  auto scope = list_scope(*who, action, search.unit);
  if (!scope) return asked->refuse(scope.error());
  auto query = read_log_query(*who, office_.config.city, std::move(*scope), search);
  if (!query) return asked->refuse(query.error());
  if (action == Action::kExportLog) {
    query->limit = limit;
    query->rows_max = kExportRowsMax;
  }
  office_.read<Found>(
      [this, query = std::move(*query)](storage::ReadTransaction& tx) -> Result<Found> {
        auto page = search_log(tx, index_, query);
        if (!page) return page.error();
        return Found{query, std::move(*page)};
      },
      [this, asked, action, answer = std::move(answer)](Result<Found> found) {
        if (!found) return asked->refuse(found.error());
        audit_and_answer(asked, found->query, action, std::move(found->page), answer);
      });
}

void CallLogDesk::audit_and_answer(const Asked& asked, const LogQuery& query, Action action, api::LogPage page,
                                   Answer answer) {
  const auto done = action == Action::kExportLog ? storage::AuditAction::kExported : storage::AuditAction::kSearched;
  const Scope scope = query.scope.units.empty() ? Scope::kOwn : Scope::kSubtree;
  Changes::Change change;
  change.write_class = storage::WriteClass::kReadAudit;
  change.apply = [who = query.who, done, scope, text = audit_text(query, page), page = std::move(page),
                  answer = std::move(answer)](storage::Transaction& tx) -> Result<api::ReplyBody> {
    who.audit(tx, done, storage::AuditObject::kNone, 0, scope, text);
    return answer(page);
  };
  office_.changes.save(asked, std::move(change));
}

}  // namespace kapok::service
