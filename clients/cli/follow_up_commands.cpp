#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// callback and missed: what nobody answered.
namespace kapok::cli {
namespace {

struct FollowUpChoice {
  std::string id;
  std::string unit;
  std::string note;
  std::string result;
  std::string cursor;
  bool all = false;
};

std::vector<std::string> callback_cells(Invocation& run, const v1::CallbackView& callback, std::size_t place) {
  return {std::to_string(place),
          word(callback.state(), run.language()),
          callback.unit_zh(),
          callback.caller_masked(),
          minute_text(callback.due_at_us(), run.offset_min()) +
              (callback.overdue() ? say(run.language(), {" 已超时", " overdue"}) : ""),
          std::to_string(callback.unanswered_arrivals()),
          std::to_string(callback.attempts()),
          callback.owner_name(),
          std::to_string(callback.callback())};
}

TablePrinter callback_table(const Terminal& terminal) {
  const auto title = [&](Words words) { return std::string(terminal.words(words)); };
  return TablePrinter({{"#", Align::kRight},
                       {title({"状态", "state"})},
                       {title({"单位", "unit"})},
                       {title({"来电人", "caller"})},
                       {title({"期限", "due"})},
                       {title({"来电次数", "tries"}), Align::kRight},
                       {title({"回电次数", "attempts"}), Align::kRight},
                       {title({"认领人", "owner"})},
                       {"id"}});
}

void list_callbacks(Invocation& run, const FollowUpChoice& chosen) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_callbacks();
  list.set_unit(unit_or(run, chosen.unit, own_unit(run)));
  list.set_open_only(!chosen.all);
  list.set_cursor(chosen.cursor);
  const auto page = run.ask(frame).callback_page();
  if (run.print_json(page)) return;
  TablePrinter table = callback_table(run.terminal);
  for (const auto& callback : page.callbacks()) table.add(callback_cells(run, callback, table.rows() + 1));
  table.print(run.terminal);
  run.terminal.note({"{} 条回电任务", "{} callbacks"}, page.callbacks_size());
  if (!page.next_cursor().empty())
    run.terminal.note({"还有更多：加 --cursor {}", "there are more: --cursor {}"}, page.next_cursor());
}

void show_callback(Invocation& run, const v1::CallbackView& callback) {
  if (run.print_json(callback)) return;
  TablePrinter table = callback_table(run.terminal);
  table.add(callback_cells(run, callback, 1));
  table.print(run.terminal);
}

void claim(Invocation& run, const FollowUpChoice& chosen) {
  const auto callback = find_callback(run, chosen.id);
  v1::ClientFrame frame;
  frame.mutable_claim_callback()->set_callback(callback.callback());
  frame.mutable_claim_callback()->set_version(callback.version());
  show_callback(run, run.change(frame).callback_view());
}

void dial(Invocation& run, const FollowUpChoice& chosen) {
  const auto callback = find_callback(run, chosen.id);
  v1::ClientFrame frame;
  frame.mutable_dial_callback()->set_callback(callback.callback());
  frame.mutable_dial_callback()->set_version(callback.version());
  show_callback(run, run.change(frame).callback_view());
}

void done(Invocation& run, const FollowUpChoice& chosen) {
  const auto callback = find_callback(run, chosen.id);
  v1::ClientFrame frame;
  frame.mutable_callback_done()->set_callback(callback.callback());
  frame.mutable_callback_done()->set_version(callback.version());
  frame.mutable_callback_done()->set_note(chosen.note);
  show_callback(run, run.change(frame).callback_view());
}

void attempted(Invocation& run, const FollowUpChoice& chosen) {
  const auto result = word_from<v1::AttemptResult>(run, "--result", chosen.result);
  const auto callback = find_callback(run, chosen.id);
  v1::ClientFrame frame;
  frame.mutable_callback_attempted()->set_callback(callback.callback());
  frame.mutable_callback_attempted()->set_version(callback.version());
  frame.mutable_callback_attempted()->set_result(result);
  show_callback(run, run.change(frame).callback_view());
}

std::string why_text(const std::string& why, Language language) {
  if (why == "withheld") return say(language, {"未显示号码", "number withheld"});
  if (why == "unusable") return say(language, {"号码不可用", "number not usable"});
  return why;
}

void show_missed(Invocation& run, const v1::MissedPage& page) {
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter table({{"#", Align::kRight},
                      {title({"状态", "state"})},
                      {title({"时间", "at"})},
                      {title({"单位", "unit"})},
                      {title({"热线", "line"})},
                      {title({"原因", "why"})},
                      {title({"知悉人", "acknowledged by"})},
                      {"id"}});
  for (const auto& missed : page.missed())
    table.add({std::to_string(table.rows() + 1), word(missed.state(), run.language()),
               minute_text(missed.at_us(), run.offset_min()), missed.unit_zh(), missed.line_zh(),
               why_text(missed.why(), run.language()), missed.acknowledged_by_name(), std::to_string(missed.missed())});
  table.print(run.terminal);
}

void list_missed(Invocation& run, const FollowUpChoice& chosen) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_missed();
  list.set_unit(unit_or(run, chosen.unit, own_unit(run)));
  list.set_open_only(!chosen.all);
  list.set_cursor(chosen.cursor);
  const auto page = run.ask(frame).missed_page();
  if (run.print_json(page)) return;
  show_missed(run, page);
  run.terminal.note({"{} 条漏接", "{} missed callers"}, page.missed_size());
}

void acknowledge(Invocation& run, const FollowUpChoice& chosen) {
  const auto missed = find_missed(run, chosen.id);
  v1::ClientFrame frame;
  frame.mutable_acknowledge_missed()->set_missed(missed.missed());
  frame.mutable_acknowledge_missed()->set_version(missed.version());
  frame.mutable_acknowledge_missed()->set_note(chosen.note);
  const auto view = run.change(frame).missed_view();
  if (run.print_json(view)) return;
  v1::MissedPage page;
  *page.add_missed() = view;
  show_missed(run, page);
}

}  // namespace

void add_follow_up_commands(Commands& commands) {
  auto chosen = std::make_shared<FollowUpChoice>();
  const auto list = [&](CLI::App& group, Words about, void (*action)(Invocation&, const FollowUpChoice&)) {
    auto* command = commands.add(group, "list", about);
    command->add_option("unit", chosen->unit,
                        commands.words({"单位（含下级），默认本站", "unit and what is below, your own by default"}));
    command->add_flag("--all", chosen->all, commands.words({"包括已了结的", "closed ones too"}));
    command->add_option("--cursor", chosen->cursor, commands.words({"下一页", "next page"}));
    commands.does(command, [chosen, action](Invocation& run) { action(run, *chosen); });
  };
  const auto on_one = [&](CLI::App& group, const char* name, Words about,
                          void (*action)(Invocation&, const FollowUpChoice&)) {
    auto* command = commands.add(group, name, about);
    command->add_option("id", chosen->id, commands.words({"列表中的序号或 id", "place in the list, or id"}))
        ->required();
    commands.does(command, [chosen, action](Invocation& run) { action(run, *chosen); });
    return command;
  };
  auto* callbacks = commands.add_group("callback", {"回电任务", "callbacks"});
  list(*callbacks, {"列出回电任务", "list callbacks"}, list_callbacks);
  on_one(*callbacks, "claim", {"认领", "claim one"}, claim);
  on_one(*callbacks, "dial", {"经网关拨出，不显示号码", "ring back through the gateway, number unseen"}, dial);
  on_one(*callbacks, "done", {"已完成", "done"}, done)
      ->add_option("--note", chosen->note, commands.words({"说明", "note"}));
  on_one(*callbacks, "attempted", {"试过一次", "tried once"}, attempted)
      ->add_option("--result", chosen->result,
                   commands.words({"结果：", "result: "}) +
                       stable_names(*google::protobuf::GetEnumDescriptor<v1::AttemptResult>()))
      ->required();

  auto* missed = commands.add_group("missed", {"无法回电的漏接", "missed callers who cannot be rung back"});
  list(*missed, {"列出漏接", "list missed callers"}, list_missed);
  on_one(*missed, "acknowledge", {"知悉", "acknowledge one"}, acknowledge)
      ->add_option("--note", chosen->note, commands.words({"说明", "note"}));
}

}  // namespace kapok::cli
