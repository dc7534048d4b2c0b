#include "service/report_desk.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/local_time.h"
#include "service/list_scope.h"
#include "service/roster_gaps.h"
#include "service/who.h"
#include "storage/gap_table.h"
#include "storage/report_facts_table.h"
#include "storage/shift_table.h"

namespace kapok::service {
namespace {

bool is_within_any(const Tree& tree, UnitId unit, const std::vector<UnitId>& tops) {
  return std::ranges::any_of(tops, [&](UnitId top) { return tree.is_within(unit, top); });
}

/// The subtrees a report is about: the unit asked for, or without one everything the person may report on, such as
/// a supervisor's patch. UNKNOWN_UNIT, FORBIDDEN.
Result<std::vector<UnitId>> report_units(const Who& who, Action action, UnitId asked) {
  const Tree& tree = who.directory->tree();
  if (!asked.is_set()) {
    auto scope = list_scope(who, action, {});
    if (!scope) return scope.error();
    std::vector<UnitId> units = std::move(scope->units.subtrees);
    if (units.empty()) return ErrorCode::kForbidden;
    return units;
  }
  if (tree.find(asked) == nullptr) return {ErrorCode::kUnknownUnit, "unit"};
  if (const auto permitted = who.may(action, {asked, WorkerId{}, false}); !permitted) return permitted.error();
  return std::vector<UnitId>{asked};
}

std::string joined(const std::vector<UnitId>& units, std::string_view between,
                   const std::function<std::string(UnitId)>& name) {
  std::string text;
  for (const UnitId unit : units) text += (text.empty() ? "" : std::string(between)) + name(unit);
  return text;
}

void add_lines(reporting::DayFacts& facts, const Directory& directory, const std::vector<UnitId>& tops) {
  for (const DirectoryLine& line : directory.lines()) {
    if (!is_within_any(directory.tree(), line.unit, tops)) continue;
    ++(line.mode == LineMode::kRecordedOnly ? facts.lines_recorded_only : facts.lines_measured);
  }
}

void add_gaps(reporting::DayFacts& facts, storage::ReadTransaction& tx, CityId city, const Directory& directory,
              const std::vector<UnitId>& tops, Period day) {
  for (const storage::GapRow& gap : storage::GapTable::touching(tx, city, day).rows)
    if (is_within_any(directory.tree(), gap.unit, tops)) facts.gaps.push_back({gap.unit, {gap.from, gap.to}});
}

api::DayReportView report_of(storage::ReadTransaction& tx, const Who& who, CityId city, UtcOffset offset,
                             const std::vector<UnitId>& units, Instant at) {
  const Directory& directory = *who.directory;
  const CivilDay day = day_of(at, offset);
  storage::ReportFactsAsked wanted;
  wanted.city = city;
  wanted.units.subtrees = units;
  wanted.day = period_of_day(day, offset);
  wanted.now = who.now;
  wanted.offset = offset;
  reporting::DayFacts facts = storage::read_day_facts(tx, wanted);
  add_gaps(facts, tx, city, directory, units, wanted.day);
  add_lines(facts, directory, units);
  reporting::DayReportAsked page;
  page.unit = units.front();
  page.unit_code = joined(units, ",", [&](UnitId unit) { return directory.tree().at(unit).code; });
  page.day = day;
  page.offset = offset;
  page.now = who.now;
  return {joined(units, "、", [&](UnitId unit) { return directory.unit_zh(unit); }),
          reporting::day_report(page, facts)};
}

std::vector<api::GapView> happened(storage::ReadTransaction& tx, CityId city, const Directory& directory,
                                   const std::vector<UnitId>& tops, Period period) {
  std::vector<api::GapView> gaps;
  for (const storage::GapRow& gap : storage::GapTable::touching(tx, city, period).rows)
    if (is_within_any(directory.tree(), gap.unit, tops))
      gaps.push_back({gap.unit, directory.unit_zh(gap.unit), {gap.from, gap.to}, false});
  return gaps;
}

std::vector<api::GapView> ahead(storage::ReadTransaction& tx, CityId city, const Directory& directory,
                                const std::vector<UnitId>& tops, Period period) {
  std::vector<api::GapView> gaps;
  if (period.from >= period.to) return gaps;
  std::vector<casework::Shift> shifts;
  for (const storage::ShiftRow& row : storage::ShiftTable::touching(tx, city, period).rows)
    shifts.push_back(storage::ShiftTable::shift_of(row));
  for (const UnitId top : tops)
    for (const RosterGap& gap : roster_gaps(directory, top, shifts, period))
      gaps.push_back({gap.unit, directory.unit_zh(gap.unit), gap.period, true});
  return gaps;
}

}  // namespace

void ReportDesk::handle(const Asked& asked, const api::ReportDay& report) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  const auto units = report_units(*who, Action::kReportDay, report.unit);
  if (!units) return asked->refuse(units.error());
  const Instant at = report.day.is_set() ? report.day : asked->now;
  const auto offset = office_.config.utc_offset;
  office_.read<api::DayReportView>(
      [who = *who, city = office_.config.city, offset, units = *units, at](storage::ReadTransaction& tx)
          -> Result<api::DayReportView> { return report_of(tx, who, city, offset, units, at); },
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
  const auto units = report_units(*who, Action::kListGaps, list.unit);
  if (!units) return asked->refuse(units.error());
  if (list.period.from >= list.period.to || list.period.length() > kGapPeriodMax)
    return asked->refuse(ErrorCode::kInvalidArgument, "period: at most 31 days, from before to");
  office_.read<api::GapList>(
      [who = *who, city = office_.config.city, list,
       units = *units](storage::ReadTransaction& tx) -> Result<api::GapList> {
        api::GapList gaps{happened(tx, city, *who.directory, units, list.period)};
        const Period to_come{std::max(who.now, list.period.from), list.period.to};
        for (api::GapView& gap : ahead(tx, city, *who.directory, units, to_come)) gaps.gaps.push_back(std::move(gap));
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
