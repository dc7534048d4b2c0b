#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/lookup.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// report day and gaps: the supervisor's morning.
namespace kapok::cli {
namespace {

struct ReportChoice {
  std::string unit;
  std::string day;
  std::string from;
  std::string to;
};

std::string value_of(const v1::Figure& figure, Language language) {
  if (figure.state() == v1::FIGURE_STATE_NOT_MEASURED) return say(language, {"未测量", "not measured"});
  if (figure.state() == v1::FIGURE_STATE_NOTHING) return "—";
  if (figure.kind() == v1::FIGURE_KIND_DURATION) return duration_text(figure.value());
  if (figure.kind() == v1::FIGURE_KIND_SHARE && figure.of() > 0)
    return fmt::format("{:.1f} % ({}/{})",
                       100.0 * static_cast<double>(figure.value()) / static_cast<double>(figure.of()), figure.value(),
                       figure.of());
  return std::to_string(figure.value());
}

/// The day and units that nearly every filter repeats: said once above the table, `…` within it.
std::string common_scope(const v1::DayReport& report) {
  if (report.figures().empty()) return {};
  const std::string& first = report.figures(0).filter();
  const auto from = first.find("from=");
  const auto unit = first.find("unit=", from == std::string::npos ? 0 : from);
  if (from == std::string::npos || unit == std::string::npos) return {};
  return first.substr(from, first.find(' ', unit) - from);
}

std::string without_scope(std::string filter, const std::string& scope) {
  const auto at = scope.empty() ? std::string::npos : filter.find(scope);
  if (at != std::string::npos) filter.replace(at, scope.size(), "…");
  return filter;
}

void report_day(Invocation& run, const ReportChoice& chosen) {
  const v1::Period day = period_from(run, chosen.day.empty() ? "today" : chosen.day, "", "");
  v1::ClientFrame frame;
  frame.mutable_report_day()->set_unit(unit_or(run, chosen.unit, 0));
  frame.mutable_report_day()->set_day_us(day.from_us());
  const auto view = run.ask(frame).day_report_view();
  if (run.print_json(view)) return;
  const v1::DayReport& report = view.report();
  run.terminal.out << run.terminal.paint(Colour::kBold,
                                         say(run.language(), {"{}　{}　日报", "{}  {}  day report"}, view.unit_zh(),
                                             minute_text(report.period().from_us(), run.offset_min()).substr(0, 10)))
                   << '\n';
  run.terminal.say({"统计截至 {}；短时挂断阈值 {}；接入热线 {} 条，仅登记 {} 条",
                    "as of {}; short-abandoned within {}; {} lines measured, {} recorded only"},
                   minute_text(report.as_of_us(), run.offset_min()), duration_text(report.short_abandon_us()),
                   report.lines_measured(), report.lines_recorded_only());
  const std::string scope = common_scope(report);
  if (!scope.empty()) run.terminal.say({"… 即 {}", "… stands for {}"}, scope);
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter table({{title({"指标", "figure"})},
                      {title({"数值", "value"}), Align::kRight},
                      {title({"如何查到这些行", "how to see its rows"})}});
  for (const auto& figure : report.figures())
    table.add({run.language() == Language::kChinese ? figure.name_zh() : figure.name_en(),
               value_of(figure, run.language()), without_scope(figure.filter(), scope)});
  table.print(run.terminal);
}

void list_gaps(Invocation& run, const ReportChoice& chosen) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_gaps();
  list.set_unit(unit_or(run, chosen.unit, 0));
  *list.mutable_period() = period_from(run, chosen.day, chosen.from, chosen.to);
  const auto gaps = run.ask(frame).gap_list();
  if (run.print_json(gaps)) return;
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter table({{title({"单位", "unit"})},
                      {title({"开始", "from"})},
                      {title({"结束", "to"})},
                      {title({"时长", "length"}), Align::kRight},
                      {title({"情况", "what"})}});
  for (const auto& gap : gaps.gaps()) {
    const bool open = gap.period().to_us() == 0;
    table.add({gap.unit_zh(), minute_text(gap.period().from_us(), run.offset_min()),
               open ? title({"仍在持续", "still open"}) : minute_text(gap.period().to_us(), run.offset_min()),
               duration_text((open ? run.now_us() : gap.period().to_us()) - gap.period().from_us()),
               gap.ahead() ? title({"班表预告", "ahead, by the roster"}) : title({"已发生", "happened"})});
  }
  table.print(run.terminal);
  run.terminal.note({"{} 段空岗", "{} gaps"}, gaps.gaps_size());
}

}  // namespace

void add_report_commands(Commands& commands) {
  auto chosen = std::make_shared<ReportChoice>();
  auto* day = commands.add(*commands.add_group("report", {"报表", "reports"}), "day",
                           {"日报：来电去向、等候、空岗、回电、草稿、需求、工单",
                            "the day: where calls went, waits, gaps, callbacks, drafts, needs, referrals"});
  day->add_option("--unit", chosen->unit, commands.words({"单位（含下级）", "unit and what is below"}));
  day->add_option("--day", chosen->day, commands.words({"日期，默认今天", "day, today by default"}));
  commands.does(day, [chosen](Invocation& run) { report_day(run, *chosen); });

  auto* gaps = commands.add("gaps", {"空岗：已发生的和班表预告的", "stretches with nobody on duty, past and ahead"});
  gaps->add_option("unit", chosen->unit, commands.words({"单位（含下级）", "unit and what is below"}));
  gaps->add_option("--day", chosen->day, commands.words({"日期，默认今天", "day, today by default"}));
  gaps->add_option("--from", chosen->from, commands.words({"从", "from"}));
  gaps->add_option("--to", chosen->to, commands.words({"到", "to"}));
  commands.does(gaps, [chosen](Invocation& run) { list_gaps(run, *chosen); });
}

}  // namespace kapok::cli
