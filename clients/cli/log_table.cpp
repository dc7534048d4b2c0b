#include "cli/log_table.h"

#include "cli/enum_words.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

namespace kapok::cli {
namespace {

std::string needs_of(const v1::LogRow& row, Language language) {
  std::string text;
  for (const int need : row.needs())
    text += (text.empty() ? "" : "、") + word(static_cast<v1::NeedKind>(need), language);
  return text;
}

std::string what_of(const v1::LogRow& row, Language language) {
  std::string text = row.call() == 0 ? word(row.channel(), language) : word(row.outcome(), language);
  if (row.state() == v1::CONTACT_STATE_DRAFT) text += say(language, {"·草稿", ", draft"});
  return text;
}

}  // namespace

void show_log(Invocation& run, const v1::LogPage& page) {
  if (run.print_json(page)) return;
  const Terminal& terminal = run.terminal;
  const auto title = [&](Words words) { return std::string(terminal.words(words)); };
  TablePrinter table({{title({"编号", "number"})},
                      {title({"时间", "at"})},
                      {title({"单位", "unit"})},
                      {title({"结果", "outcome"})},
                      {title({"等候", "waited"}), Align::kRight},
                      {title({"通话", "talked"}), Align::kRight},
                      {title({"社工", "worker"})},
                      {title({"来电人", "caller"})},
                      {title({"服务对象", "person"})},
                      {title({"类型", "type"})},
                      {title({"风险", "risk"})},
                      {title({"需求", "needs"})}});
  for (const auto& row : page.rows())
    table.add({row.display_number(), minute_text(row.at_us(), run.offset_min()), row.unit_zh(),
               what_of(row, run.language()), duration_text(row.waited_us()), duration_text(row.talked_us()),
               row.worker_name(), row.caller_masked(), row.person_masked(),
               row.has_type() ? word(row.type(), run.language()) : "",
               row.has_risk() ? word(row.risk(), run.language()) : "", needs_of(row, run.language())});
  table.print(run.terminal);
  run.terminal.note({"{} 行", "{} rows"}, page.rows_size());
  if (!page.next_cursor().empty())
    run.terminal.note({"还有更多：加 --cursor {}", "there are more: --cursor {}"}, page.next_cursor());
}

}  // namespace kapok::cli
