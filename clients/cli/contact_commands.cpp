#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/command_line.h"
#include "cli/desk_words.h"
#include "cli/enum_words.h"
#include "cli/fact_sheet.h"
#include "cli/log_table.h"
#include "cli/lookup.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// contact show, search, confirm and review; draft list; log export.
namespace kapok::cli {
namespace {

struct ShowChoice {
  std::string contact;
  std::string reason;
  std::string note;
  bool break_glass = false;
};

struct SearchChoice {
  std::string day, from, to, unit, line, worker, outcome, bucket, type, need, need_group, risk, number, last_four, text,
      reason, cursor;
  std::uint32_t limit = 50;
  bool oldest_first = false;
  std::string out;
};

void show_needs(Invocation& run, const v1::ContactFields& fields) {
  const Terminal& terminal = run.terminal;
  const auto title = [&](Words words) { return std::string(terminal.words(words)); };
  TablePrinter table({{"#"},
                      {title({"需求", "need"})},
                      {title({"说明", "detail"})},
                      {title({"紧急程度", "urgency"})},
                      {title({"状态", "state"})},
                      {title({"工单", "referral"})},
                      {"id"}});
  for (int at = 0; at < fields.needs_size(); ++at) {
    const auto& need = fields.needs(at);
    table.add({std::to_string(at + 1), word(need.kind(), run.language()), need.detail(),
               word(need.urgency(), run.language()), word(need.state(), run.language()),
               need.referral() == 0 ? "—" : std::to_string(need.referral()), std::to_string(need.id())});
  }
  table.print(run.terminal);
}

std::string talk_text(Invocation& run, const v1::Talk& talk) {
  const int offset = run.offset_min();
  std::string text = talk.worker_name() + "  " + minute_text(talk.answered_at_us(), offset);
  if (talk.ended_at_us() != 0) text += "–" + minute_text(talk.ended_at_us(), offset);
  if (talk.reason() > v1::OFFER_REASON_RING) text += "  " + word(talk.reason(), run.language());
  if (!talk.has_passed_on()) return text;
  text += "  " + word(talk.passed_on(), run.language()) + " → " + talk.passed_to();
  return talk.has_passed_how() ? text + "  " + word(talk.passed_how(), run.language()) : text;
}

/// Where it came from, when, and who had to do with it.
void add_course(Invocation& run, const v1::ContactView& view, FactSheet& sheet) {
  const v1::Contact& contact = view.contact();
  const int offset = run.offset_min();
  sheet.fact({"状态", "state"}, word(contact.state(), run.language()) +
                                    say(run.language(), {"（版本 {}）", " (version {})"}, contact.version()));
  sheet.fact({"单位", "unit"}, view.unit_zh());
  sheet.fact({"热线", "line"}, view.line_zh());
  sheet.fact({"渠道", "channel"}, word(contact.channel(), run.language()));
  sheet.fact({"来电号码", "caller"}, view.caller_number());
  sheet.fact({"开始", "started"}, minute_text(contact.started_at_us(), offset));
  sheet.fact({"接听", "answered"}, minute_text(contact.answered_at_us(), offset));
  sheet.fact({"结束", "ended"}, minute_text(contact.ended_at_us(), offset));
  sheet.fact({"结果", "outcome"}, contact.call() == 0 ? "" : word(view.outcome(), run.language()));
  sheet.fact({"接听人", "answered by"}, view.answered_by_name());
  sheet.fact({"填写人", "written by"}, view.written_by_name());
}

/// What was written down.
void add_text(Invocation& run, const v1::ContactView& view, FactSheet& sheet) {
  const v1::Contact& contact = view.contact();
  const v1::ContactFields& fields = contact.fields();
  const int offset = run.offset_min();
  sheet.fact({"类型", "type"}, word(fields.type(), run.language()));
  sheet.fact({"来电人关系", "relation"}, word(fields.relation(), run.language()));
  sheet.fact({"服务对象", "person"}, fields.person_name());
  sheet.fact({"联系电话", "number"}, fields.person_number());
  sheet.fact({"地址", "address"}, fields.address());
  sheet.fact({"语言", "language"}, word(fields.language(), run.language()));
  sheet.fact({"风险", "risk"}, word(fields.risk(), run.language()));
  sheet.fact({"同意", "consent"}, word(fields.consent(), run.language()));
  sheet.fact({"摘要", "summary"}, fields.summary());
  sheet.fact({"最简记录期限", "minimal due"}, minute_text(contact.minimal_due_us(), offset));
  sheet.fact({"完整记录期限", "full due"}, minute_text(contact.full_due_us(), offset));
  sheet.fact({"提交", "finalised"}, minute_text(contact.finalised_at_us(), offset));
  sheet.fact({"评阅", "reviewed"}, view.reviewed_by_name().empty() ? ""
                                                                   : view.reviewed_by_name() + "  " +
                                                                         minute_text(contact.reviewed_at_us(), offset) +
                                                                         "  " + contact.review_note());
  for (const auto& talk : view.talks()) sheet.fact({"通话段", "talk"}, talk_text(run, talk));
  for (const auto& correction : view.corrections())
    sheet.fact({"补正", "corrected"},
               minute_text(correction.at_us(), offset) + "  " + correction.by_name() + "  " + correction.reason());
  for (const auto referral : view.referrals()) sheet.fact({"工单", "referral"}, std::to_string(referral));
}

void show_contact(Invocation& run, const ShowChoice& chosen) {
  const v1::ContactView view = open_contact(run, chosen.contact, chosen.reason, chosen.break_glass);
  if (run.print_json(view)) return;
  Terminal& terminal = run.terminal;
  FactSheet sheet(terminal, {"服务记录", "contact"}, view.display_number());
  add_course(run, view, sheet);
  add_text(run, view, sheet);
  sheet.print();
  if (view.masked())
    terminal.note({"已脱敏：查阅全文需要权限或查阅事由", "masked: reading it whole needs a permission or a reason"});
  if (view.contact().fields().needs_size() > 0) {
    terminal.out << '\n';
    show_needs(run, view.contact().fields());
  }
}

v1::SearchLog search_from(Invocation& run, const SearchChoice& chosen) {
  v1::SearchLog search;
  *search.mutable_period() = period_from(run, chosen.day, chosen.from, chosen.to);
  search.set_unit(unit_or(run, chosen.unit, own_unit(run)));
  if (!chosen.line.empty()) search.set_line(find_line(run, chosen.line).line());
  if (!chosen.worker.empty()) search.set_worker(find_worker(run, chosen.worker).worker());
  if (!chosen.outcome.empty()) search.set_outcome(word_from<v1::CallOutcome>(run, "--outcome", chosen.outcome));
  if (!chosen.bucket.empty()) search.set_bucket(word_from<v1::KpiBucket>(run, "--bucket", chosen.bucket));
  if (!chosen.type.empty()) search.set_type(word_from<v1::ContactType>(run, "--type", chosen.type));
  if (!chosen.need.empty()) search.set_need(word_from<v1::NeedKind>(run, "--need", chosen.need));
  if (!chosen.need_group.empty())
    search.set_need_group(word_from<v1::NeedGroup>(run, "--need-group", chosen.need_group));
  if (!chosen.risk.empty()) search.set_risk(word_from<v1::RiskLevel>(run, "--risk", chosen.risk));
  search.set_number(chosen.number);
  search.set_last_four(chosen.last_four);
  search.set_text(chosen.text);
  search.set_reason(chosen.reason);
  search.set_oldest_first(chosen.oldest_first);
  search.set_cursor(chosen.cursor);
  search.set_limit(chosen.limit);
  return search;
}

void search(Invocation& run, const SearchChoice& chosen) {
  v1::ClientFrame frame;
  *frame.mutable_search_log() = search_from(run, chosen);
  show_log(run, run.ask(frame).log_page());
}

/// The same search, page after page, into a file that nobody else may read.
void export_log(Invocation& run, const SearchChoice& chosen) {
  v1::ClientFrame frame;
  *frame.mutable_export_log()->mutable_search() = search_from(run, chosen);
  const int fd = ::open(chosen.out.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) throw LocalFailure(chosen.out + ": " + std::strerror(errno));
  std::size_t bytes = 0;
  bool written = true;
  std::string cursor;
  do {
    frame.mutable_export_log()->mutable_search()->set_cursor(cursor);
    const auto page = run.ask(frame).csv_page();
    written = written && ::write(fd, page.csv().data(), page.csv().size()) == static_cast<ssize_t>(page.csv().size());
    bytes += page.csv().size();
    cursor = page.next_cursor();
  } while (!cursor.empty() && written);
  written = ::fsync(fd) == 0 && written;
  ::close(fd);
  if (!written) throw LocalFailure(chosen.out + ": " + std::strerror(errno));
  run.terminal.say(
      {"已导出 {} 字节到 {}（0600）；导出已记入审计", "{} bytes exported to {} (0600); the export is audited"}, bytes,
      chosen.out);
}

void confirm(Invocation& run, const ShowChoice& chosen) {
  const v1::Contact contact = open_contact(run, chosen.contact).contact();
  v1::ClientFrame frame;
  frame.mutable_confirm_contact()->set_contact(contact.id());
  frame.mutable_confirm_contact()->set_version(contact.version());
  const auto saved = run.change(frame).contact_saved();
  if (!run.print_json(saved)) run.terminal.say({"已确认代录 {}", "confirmed {}"}, saved.display_number());
}

void review(Invocation& run, const ShowChoice& chosen) {
  const v1::Contact contact = open_contact(run, chosen.contact).contact();
  v1::ClientFrame frame;
  frame.mutable_review_contact()->set_contact(contact.id());
  frame.mutable_review_contact()->set_version(contact.version());
  frame.mutable_review_contact()->set_note(chosen.note);
  const auto saved = run.change(frame).contact_saved();
  if (!run.print_json(saved)) run.terminal.say({"已评阅 {}", "reviewed {}"}, saved.display_number());
}

void list_drafts(Invocation& run, const std::string& unit) {
  v1::ClientFrame frame;
  frame.mutable_list_drafts()->set_unit(unit_or(run, unit, 0));
  show_log(run, run.ask(frame).log_page());
}

void add_conditions(CLI::App& command, const Commands& commands, SearchChoice& chosen) {
  const auto option = [&](const char* name, std::string& value, Words about) {
    return command.add_option(name, value, commands.words(about));
  };
  option("--day", chosen.day, {"日期，默认今天", "day, today by default"});
  option("--from", chosen.from, {"从：日期或时间", "from: a day or a time"});
  option("--to", chosen.to, {"到：日期或时间", "to: a day or a time"});
  option("--unit", chosen.unit, {"单位（含下级）", "unit and what is below"});
  option("--line", chosen.line, {"热线号码或名称", "line, by number or name"});
  option("--worker", chosen.worker, {"社工账号", "worker's account"});
  option("--outcome", chosen.outcome, {"通话结果", "outcome of the call"});
  option("--bucket", chosen.bucket, {"统计类别 a ab sa m f x", "where it counts: a ab sa m f x"});
  option("--type", chosen.type, {"来电类型", "type of contact"});
  option("--need", chosen.need, {"需求种类", "kind of need"});
  option("--need-group", chosen.need_group, {"需求组", "group of needs"});
  option("--risk", chosen.risk, {"风险等级", "risk level"});
  option("--number", chosen.number, {"完整号码", "a whole number"});
  option("--last-four", chosen.last_four, {"号码后四位", "last four digits"});
  option("--text", chosen.text, {"文字，至少两个字", "text of two characters or more"});
  option("--reason", chosen.reason, {"查阅事由", "reason for access"});
  command.add_flag("--oldest-first", chosen.oldest_first, commands.words({"从早到晚", "oldest first"}));
}

void add_search(Commands& commands, CLI::App& group) {
  auto* find = commands.add(group, "search", {"检索通话与记录", "search the call log"});
  auto conditions = std::make_shared<SearchChoice>();
  add_conditions(*find, commands, *conditions);
  find->add_option("--cursor", conditions->cursor, commands.words({"下一页", "next page"}));
  find->add_option("--limit", conditions->limit, commands.words({"行数（1–200）", "rows, 1–200"}))
      ->check(CLI::Range(1, 200));
  commands.does(find, [conditions](Invocation& run) { search(run, *conditions); });
}

void add_log_lists(Commands& commands) {
  auto unit = std::make_shared<std::string>();
  auto* drafts = commands.add(*commands.add_group("draft", {"未完成的记录", "unfinished contacts"}), "list",
                              {"列出未完成的记录", "list unfinished contacts"});
  drafts->add_option("--unit", *unit, commands.words({"单位，默认本人的", "unit, your own drafts by default"}));
  commands.does(drafts, [unit](Invocation& run) { list_drafts(run, *unit); });

  auto* log = commands.add(*commands.add_group("log", {"通话与记录", "the call log"}), "export",
                           {"导出 CSV（留下审计）", "export as CSV, which is audited"});
  auto exported = std::make_shared<SearchChoice>();
  add_conditions(*log, commands, *exported);
  log->add_option("--out", exported->out, commands.words({"写入的文件", "file to write"}))->required();
  exported->limit = 200;
  commands.does(log, [exported](Invocation& run) { export_log(run, *exported); });
}

}  // namespace

void add_contact_commands(Commands& commands) {
  auto* group = commands.add_group(
      "contact", {"服务记录：查阅、检索、补正、确认、评阅", "contacts: show, search, correct, confirm, review"});
  auto shown = std::make_shared<ShowChoice>();
  const auto on_contact = [&](const char* name, Words about, void (*action)(Invocation&, const ShowChoice&)) {
    auto* command = commands.add(*group, name, about);
    command->add_option("contact", shown->contact, commands.words({"记录编号或 id", "number or id of the contact"}))
        ->required();
    commands.does(command, [shown, action](Invocation& run) { action(run, *shown); });
    return command;
  };
  auto* show = on_contact("show", {"查阅一条记录（留下审计）", "open one record, which is audited"}, show_contact);
  show->add_option("--reason", shown->reason, commands.words({"查阅事由", "reason for access"}));
  show->add_flag("--break-glass", shown->break_glass,
                 commands.words({"紧急调阅，须写事由", "break glass; needs a reason"}));
  on_contact("confirm", {"确认同事代录的记录", "confirm what a colleague wrote for you"}, confirm);
  on_contact("review", {"评阅（督导）", "review, for supervisors"}, review)
      ->add_option("--note", shown->note, commands.words({"评阅意见", "note"}));
  add_contact_correct(commands, *group);
  add_search(commands, *group);
  add_log_lists(commands);
}

}  // namespace kapok::cli
