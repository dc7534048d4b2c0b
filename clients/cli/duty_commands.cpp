#include "cli/command_line.h"
#include "cli/desk_words.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// duty on, off and take-shift, ready, away, after-call; shift list.
namespace kapok::cli {
namespace {

struct DutyChoice {
  std::string unit;
  std::string until;
  std::string day;
};

void show_state(Invocation& run, const v1::DeskState& state) {
  if (run.print_json(state)) return;
  run.terminal.out << desk_state_text(state, run.language(), run.now_us(), run.offset_min()) << '\n';
}

void duty_on(Invocation& run, const DutyChoice& chosen) {
  v1::ClientFrame frame;
  auto& take = *frame.mutable_take_duty();
  take.set_unit(unit_or(run, chosen.unit, 0));
  if (!chosen.until.empty()) take.set_until_us(instant_from(run, "--until", chosen.until, false));
  show_state(run, run.change(frame).desk_state());
}

void duty_off(Invocation& run) {
  v1::ClientFrame frame;
  frame.mutable_leave_duty();
  show_state(run, run.change(frame).desk_state());
}

/// Ready belongs to a desk, and a desk to a connection: it lasts only while `kapokctl desk` runs somewhere.
void set_ready(Invocation& run, bool ready) {
  v1::ClientFrame frame;
  frame.mutable_set_ready()->set_ready(ready);
  show_state(run, run.change(frame).desk_state());
}

void end_after_call(Invocation& run) {
  v1::ClientFrame frame;
  frame.mutable_end_after_call();
  show_state(run, run.change(frame).desk_state());
}

std::string joined(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : "、") + text;
  return all;
}

void list_shifts(Invocation& run, const DutyChoice& chosen) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_shifts();
  list.set_unit(unit_or(run, chosen.unit, own_unit(run)));
  *list.mutable_period() = period_from(run, chosen.day, "", "");
  const auto shifts = run.ask(frame).shift_list();
  if (run.print_json(shifts)) return;
  const Terminal& terminal = run.terminal;
  TablePrinter table({{std::string(terminal.words({"社工", "worker"}))},
                      {std::string(terminal.words({"单位", "units"}))},
                      {std::string(terminal.words({"开始", "from"}))},
                      {std::string(terminal.words({"结束", "to"}))},
                      {std::string(terminal.words({"接听方式", "by"}))},
                      {std::string(terminal.words({"状态", "state"}))}});
  for (const auto& shift : shifts.shifts())
    table.add({shift.worker_name(), joined(shift.units_zh()), minute_text(shift.period().from_us(), run.offset_min()),
               minute_text(shift.period().to_us(), run.offset_min()), word(shift.by(), run.language()),
               word(shift.state(), run.language())});
  table.print(run.terminal);
  run.terminal.note({"共 {} 个班次", "{} shifts"}, shifts.shifts_size());
}

}  // namespace

void add_duty_commands(Commands& commands) {
  auto* group = commands.add_group("duty", {"上岗与下岗", "being on duty"});
  auto chosen = std::make_shared<DutyChoice>();

  for (const auto& [name, about] : std::initializer_list<std::pair<const char*, Words>>{
           {"on", {"上岗签到；没有班次时临时顶班", "check in, or take duty on the spot without a shift"}},
           {"take-shift", {"临时顶班，写入班次", "take duty on the spot, which writes the shift"}}}) {
    auto* on = commands.add(*group, name, about);
    on->add_option("--unit", chosen->unit, commands.words({"单位，默认本站", "unit, your own station by default"}));
    on->add_option("--until", chosen->until,
                   commands.words({"到何时：17:30 或 2026-11-21T17:30，默认 8 小时",
                                   "until 17:30 or 2026-11-21T17:30, 8 hours by default"}));
    commands.does(on, [chosen](Invocation& run) { duty_on(run, *chosen); });
  }
  commands.does(commands.add(*group, "off", {"下岗签退", "leave duty"}), duty_off);

  commands.does(commands.add("ready", {"可接听（接线工作台开着时）", "ready for callers, while a desk is open"}),
                [](Invocation& run) { set_ready(run, true); });
  commands.does(commands.add("away", {"暂离", "away"}), [](Invocation& run) { set_ready(run, false); });
  commands.does(commands.add("after-call-done", {"提前结束整理记录", "end after-call work early"}), end_after_call);

  auto* shifts = commands.add_group("shift", {"班表", "the roster"});
  auto* list = commands.add(*shifts, "list", {"列出班次", "shifts of a unit"});
  list->add_option("unit", chosen->unit, commands.words({"单位，默认本人所在单位", "unit, your own by default"}));
  list->add_option("--day", chosen->day,
                   commands.words({"日期：2026-11-21、today、tomorrow", "day: 2026-11-21, today, tomorrow"}));
  commands.does(list, [chosen](Invocation& run) { list_shifts(run, *chosen); });
}

}  // namespace kapok::cli
