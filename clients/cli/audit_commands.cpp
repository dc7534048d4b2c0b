#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/offline_audit.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// audit: who read what, and whether the log is what was written.
namespace kapok::cli {
namespace {

struct AuditChoice {
  std::string kind;
  std::string record;
  std::string day;
  std::string from;
  std::string to;
};

/// Beyond so many rows a narrower question is asked.
constexpr int kRowsMax = 2'000;
constexpr int kPagesMax = 1'000;

/// Every page of one question as one.
v1::ReadingPage all_pages(Invocation& run, v1::ClientFrame frame) {
  v1::ReadingPage whole;
  auto& list = *frame.mutable_list_readings();
  list.set_limit(200);
  for (int page = 0; page < kPagesMax; ++page) {
    const auto found = run.ask(frame).reading_page();
    whole.mutable_rows()->MergeFrom(found.rows());
    whole.set_next_cursor(found.next_cursor());
    if (found.next_cursor().empty() || whole.rows_size() >= kRowsMax) return whole;
    list.set_cursor(found.next_cursor());
  }
  return whole;
}

std::string roles_text(const v1::Reading& row, Language language) {
  std::string text;
  for (const int role : row.roles()) text += (text.empty() ? "" : "、") + word(static_cast<v1::Role>(role), language);
  return text;
}

/// What was seen: a contact by its number, everything else by its kind and id.
std::string record_text(const v1::Reading& row, Language language) {
  if (!row.record_number().empty()) return row.record_number();
  if (row.record() == 0) return {};
  return word(row.kind(), language) + " " + std::to_string(row.record());
}

void print(Invocation& run, const v1::ReadingPage& page) {
  if (run.print_json(page)) return;
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter table({{title({"时间", "when"})},
                      {title({"人员", "who"})},
                      {title({"角色", "role"})},
                      {title({"单位", "unit"})},
                      {title({"方式", "how"})},
                      {title({"记录", "record"})},
                      {title({"范围", "scope"})},
                      {title({"事由", "reason"})}});
  for (const v1::Reading& row : page.rows()) {
    const std::string reason = row.reason() + (row.reason().empty() || row.text().empty() ? "" : ": ") + row.text();
    table.add({minute_text(row.at_us(), run.offset_min()), row.worker_name(), roles_text(row, run.language()),
               row.unit_zh(), word(row.how(), run.language()), record_text(row, run.language()),
               word(row.scope(), run.language()), reason});
  }
  table.print(run.terminal);
  run.terminal.note({"{} 行", "{} rows"}, page.rows_size());
  if (!page.next_cursor().empty())
    run.terminal.note({"还有更早的：用 --from 和 --to 缩小时间", "there are older ones: narrow it by --from and --to"});
}

void set_period(Invocation& run, const AuditChoice& chosen, v1::ListReadings& list) {
  if (!chosen.day.empty() || !chosen.from.empty() || !chosen.to.empty())
    *list.mutable_period() = period_from(run, chosen.day, chosen.from, chosen.to);
}

void readers(Invocation& run, const AuditChoice& chosen) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_readings();
  list.set_list(v1::READING_LIST_OF_RECORD);
  list.set_kind(word_from<v1::RecordKind>(run, "kind", chosen.kind));
  const std::int64_t id = list.kind() == v1::RECORD_KIND_PERSON ? 0 : id_from(chosen.record);
  if (id != 0)
    list.set_record(id);
  else if (list.kind() == v1::RECORD_KIND_CONTACT || list.kind() == v1::RECORD_KIND_PERSON)
    list.set_number(chosen.record);
  else
    throw UsageError(say(run.language(), {"通话和工单请写 id", "a call or referral is named by its id"}));
  set_period(run, chosen, list);
  print(run, all_pages(run, frame));
}

void list_of(Invocation& run, const AuditChoice& chosen, v1::ReadingList which) {
  v1::ClientFrame frame;
  frame.mutable_list_readings()->set_list(which);
  set_period(run, chosen, *frame.mutable_list_readings());
  print(run, all_pages(run, frame));
}

using Chosen = std::shared_ptr<AuditChoice>;

void add_period(CLI::App& command, const Commands& commands, const Chosen& chosen) {
  command.add_option("--day", chosen->day,
                     commands.words({"某一天：2026-11-21、today、yesterday", "one day: 2026-11-21, today, yesterday"}));
  command.add_option("--from", chosen->from, commands.words({"从何时", "from when"}));
  command.add_option("--to", chosen->to, commands.words({"到何时", "to when"}));
}

}  // namespace

void add_audit_commands(Commands& commands) {
  auto* group = commands.add_group("audit", {"审计", "the audit log"});
  add_offline_audit(commands, *group);
  const auto chosen = std::make_shared<AuditChoice>();

  auto* who = commands.add(*group, "readers", {"谁看过这条记录", "who read this record"});
  who->add_option(
         "kind", chosen->kind,
         commands.words({"种类：", "kind: "}) + stable_names(*google::protobuf::GetEnumDescriptor<v1::RecordKind>()))
      ->required();
  who->add_option("record", chosen->record,
                  commands.words({"id；服务记录也可写编号，服务对象写电话号码",
                                  "id; a contact also by its number, a person by phone number"}))
      ->required();
  add_period(*who, commands, chosen);
  commands.does(who, [chosen](Invocation& run) { readers(run, *chosen); });

  auto* alerts = commands.add(*group, "alerts", {"一小时内查阅过多的人员", "who opened unusually many records"});
  add_period(*alerts, commands, chosen);
  commands.does(alerts, [chosen](Invocation& run) { list_of(run, *chosen, v1::READING_LIST_ALERTS); });

  auto* glass =
      commands.add(*group, "break-glass",
                   {"紧急调阅清单（督导每日核对）", "records opened by break-glass, for the supervisor's daily check"});
  add_period(*glass, commands, chosen);
  commands.does(glass, [chosen](Invocation& run) { list_of(run, *chosen, v1::READING_LIST_BROKEN_GLASS); });
}

}  // namespace kapok::cli
