#include "service/report_desk.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/local_time.h"
#include "service/roster_gaps.h"
#include "service/who.h"
#include "storage/gap_table.h"
#include "storage/report_facts_table.h"
#include "storage/shift_table.h"

namespace kapok::service {
namespace {

void add_lines(reporting::DayFacts& facts, const Directory& directory, UnitId top) {
  for (const DirectoryLine& line : directory.lines()) {
    if (!directory.tree().is_within(line.unit, top)) continue;
    ++(line.mode == LineMode::kRecordedOnly ? facts.lines_recorded_only : facts.lines_measured);
  }
}

void add_gaps(reporting::DayFacts& facts, storage::ReadTransaction& tx, CityId city, const Directory& directory,
              UnitId top, Period day) {
  for (const storage::GapRow& gap : storage::GapTable::touching(tx, city, day).rows)
    if (directory.tree().is_within(gap.unit, top)) facts.gaps.push_back({gap.unit, {gap.from, gap.to}});
}

api::DayReportView report_of(storage::ReadTransaction& tx, const Who& who, CityId city, UtcOffset offset,
                             const api::ReportDay& asked) {
  const Directory& directory = *who.directory;
  const CivilDay day = day_of(asked.day, offset);
  storage::ReportFactsAsked wanted;
  wanted.city = city;
  wanted.units.subtrees = {asked.unit};
  wanted.day = period_of_day(day, offset);
  wanted.now = who.now;
  wanted.offset = offset;
  reporting::DayFacts facts = storage::read_day_facts(tx, wanted);
  add_gaps(facts, tx, city, directory, asked.unit, wanted.day);
  add_lines(facts, directory, asked.unit);
  reporting::DayReportAsked page;
  page.unit = asked.unit;
  page.unit_code = directory.tree().at(asked.unit).code;
  page.day = day;
  page.offset = offset;
  page.now = who.now;
  return {directory.unit_zh(asked.unit), reporting::day_report(page, facts)};
}

std::vector<api::GapView> happened(storage::ReadTransaction& tx, CityId city, const Directory& directory, UnitId top,
                                   Period period) {
  std::vector<api::GapView> gaps;
  for (const storage::GapRow& gap : storage::GapTable::touching(tx, city, period).rows)
    if (directory.tree().is_within(gap.unit, top))
      gaps.push_back({gap.unit, directory.unit_zh(gap.unit), {gap.from, gap.to}, false});
  return gaps;
}

std::vector<api::GapView> ahead(storage::ReadTransaction& tx, CityId city, const Directory& directory, UnitId top,
                                Period period) {
  std::vector<api::GapView> gaps;
  if (period.from >= period.to) return gaps;
  std::vector<casework::Shift> shifts;
  for (const storage::ShiftRow& row : storage::ShiftTable::touching(tx, city, period).rows)
    shifts.push_back(storage::ShiftTable::shift_of(row));
  for (const RosterGap& gap : roster_gaps(directory, top, shifts, period))
    gaps.push_back({gap.unit, directory.unit_zh(gap.unit), gap.period, true});
  return gaps;
}

}  // namespace

void ReportDesk::handle(const Asked& asked, const api::ReportDay& report) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  if (office_.directory->tree().find(report.unit) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit, "unit");
  if (!office_.require(asked, Action::kReportDay, {report.unit, WorkerId{}, false})) return;
  api::ReportDay wanted = report;
  if (!wanted.day.is_set()) wanted.day = asked->now;
  const auto offset = std::chrono::duration_cast<UtcOffset>(office_.config.utc_offset);
  office_.read<api::DayReportView>(
      [who = *who, city = office_.config.city, offset, wanted](storage::ReadTransaction& tx)
          -> Result<api::DayReportView> { return report_of(tx, who, city, offset, wanted); },
      [this, asked, who = *who](Result<api::DayReportView> view) {
        if (!view) return asked->refuse(view.error());
        Changes::Change change;
        change.write_class = storage::WriteClass::kReadAudit;
        change.apply = [who, view = std::move(*view)](storage::Transaction& tx) -> Result<api::ReplyBody> {
          who.audit(tx, storage::AuditAction::kReported, storage::AuditObject::kUnit, view.report.unit.value,
                    Scope::kSubtree);
          return api::ReplyBody{view};
        };
        office_.changes.save(asked, std::move(change));
      });
}

void ReportDesk::handle(const Asked& asked, const api::ListGaps& list) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  if (office_.directory->tree().find(list.unit) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit, "unit");
  if (!office_.require(asked, Action::kListGaps, {list.unit, WorkerId{}, false})) return;
  if (list.period.from >= list.period.to || list.period.length() > kGapPeriodMax)
    return asked->refuse(ErrorCode::kInvalidArgument, "period: at most 31 days, from before to");
  office_.read<api::GapList>(
      [who = *who, city = office_.config.city, list](storage::ReadTransaction& tx) -> Result<api::GapList> {
        api::GapList gaps{happened(tx, city, *who.directory, list.unit, list.period)};
        const Period to_come{std::max(who.now, list.period.from), list.period.to};
        for (api::GapView& gap : ahead(tx, city, *who.directory, list.unit, to_come))
          gaps.gaps.push_back(std::move(gap));
        if (gaps.gaps.size() > kGapsMax)
          return Error{ErrorCode::kNarrowSearch, "name a smaller unit or a shorter period"};
        return gaps;
      },
      [asked](Result<api::GapList> gaps) {
        if (!gaps) return asked->refuse(gaps.error());
        asked->answer(std::move(*gaps));
      });
}

}  // namespace kapok::service
