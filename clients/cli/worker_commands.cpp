#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/password_prompt.h"
#include "cli/table_printer.h"

/// worker: who works for the city, and what proves them.
namespace kapok::cli {
namespace {

struct WorkerChoice {
  std::string text;
  std::string unit;
  std::string label = "kapokctl";
  std::uint32_t limit = 50;
  bool from_pipe = false;
};

void list_workers(Invocation& run, const WorkerChoice& chosen) {
  v1::ClientFrame frame;
  auto& find = *frame.mutable_find_workers();
  find.set_text(chosen.text);
  if (!chosen.unit.empty()) find.set_unit(find_unit(run, chosen.unit).unit());
  find.set_limit(chosen.limit);
  const auto list = run.ask(frame).worker_list();
  if (run.print_json(list)) return;
  const Terminal& terminal = run.terminal;
  TablePrinter table({{std::string(terminal.words({"账号", "account"}))},
                      {std::string(terminal.words({"姓名", "name"}))},
                      {std::string(terminal.words({"单位", "unit"}))},
                      {std::string(terminal.words({"角色", "roles"}))},
                      {std::string(terminal.words({"接听方式", "endpoints"}))},
                      {std::string(terminal.words({"技能", "skills"}))}});
  for (const auto& worker : list.workers())
    table.add({worker.account(), worker.name(), worker.unit_zh(), words_of<v1::Role>(worker.roles(), run.language()),
               words_of<v1::EndpointKind>(worker.endpoints(), run.language()),
               words_of<v1::Skill>(worker.skills(), run.language())});
  table.print(run.terminal);
  run.terminal.note({"共 {} 人", "{} people"}, list.workers_size());
}

void set_password(Invocation& run, const WorkerChoice& chosen) {
  const auto worker = find_worker(run, chosen.text);
  const std::string password =
      ask_secret(run, {"新密码（至少 12 个字符）：", "new password (at least 12 characters): "});
  if (!chosen.from_pipe && ask_secret(run, {"再输一次：", "once more: "}) != password)
    throw UsageError(say(run.language(), {"两次输入不同", "the two differ"}));
  v1::ClientFrame frame;
  frame.mutable_set_password()->set_worker(worker.worker());
  frame.mutable_set_password()->set_password(password);
  run.change(frame);
  run.terminal.say({"已设置 {} 的密码", "password of {} is set"}, worker.account());
}

void enrol_one(Invocation& run, const WorkerChoice& chosen) {
  const auto worker = find_worker(run, chosen.text);
  v1::ClientFrame frame;
  frame.mutable_enrol_device()->set_worker(worker.worker());
  frame.mutable_enrol_device()->set_label(chosen.label);
  const auto enrolled = run.change(frame).device_enrolled();
  if (run.print_json(enrolled)) return;
  run.terminal.note({"{} 的设备令牌，只显示这一次：", "device token of {}, shown only now:"}, worker.account());
  run.terminal.out << enrolled.device_token() << '\n';
}

}  // namespace

void add_worker_commands(Commands& commands) {
  auto* group = commands.add_group("worker", {"人员：查找、密码、设备", "people: find, passwords, devices"});
  auto chosen = std::make_shared<WorkerChoice>();

  auto* list = commands.add(*group, "list", {"列出一个单位的人员", "people of a unit"});
  list->add_option("unit", chosen->unit, commands.words({"单位", "unit"}));
  list->add_option("--limit", chosen->limit, commands.words({"最多几行（1–200）", "rows at most, 1–200"}))
      ->check(CLI::Range(1, 200));
  commands.does(list, [chosen](Invocation& run) { list_workers(run, *chosen); });

  auto* find = commands.add(*group, "find", {"按账号或姓名查找", "find by account or name"});
  find->add_option("text", chosen->text, commands.words({"账号或姓名", "account or name"}))->required();
  find->add_option("--unit", chosen->unit, commands.words({"单位", "unit"}));
  commands.does(find, [chosen](Invocation& run) { list_workers(run, *chosen); });

  auto* password = commands.add(*group, "set-password", {"设置密码（不回显）", "set a password, asked without echo"});
  password->add_option("account", chosen->text, commands.words({"账号", "account"}))->required();
  password->add_flag("--stdin", chosen->from_pipe,
                     commands.words({"从标准输入读一行", "read one line from standard input"}));
  commands.does(password, [chosen](Invocation& run) { set_password(run, *chosen); });

  auto* enrol = commands.add(*group, "enrol-device", {"登记一台设备，得到令牌", "enrol a device and get its token"});
  enrol->add_option("account", chosen->text, commands.words({"账号", "account"}))->required();
  enrol->add_option("--label", chosen->label, commands.words({"设备名", "name of the device"}));
  commands.does(enrol, [chosen](Invocation& run) { enrol_one(run, *chosen); });

  add_enrol_everybody(commands, *group);
}

}  // namespace kapok::cli
