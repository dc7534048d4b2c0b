#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/write_up.h"

/// write-up, manual, contact correct: everything that puts words into a contact.
namespace kapok::cli {
namespace {

template <class E>
std::string names_of() {
  return stable_names(*google::protobuf::GetEnumDescriptor<E>());
}

/// A correction may take the mark back.
void add_same_worker(CLI::App& command, const Commands& commands, WriteUp& chosen) {
  auto* same_worker = command.add_flag_callback(
      "--same-worker", [&chosen] { chosen.same_worker = true; },
      commands.words(
          {"续接：30 天内该号码来电先找同一社工", "this number's calls go to the same worker first, for 30 days"}));
  command
      .add_flag_callback(
          "--no-same-worker", [&chosen] { chosen.same_worker = false; },
          commands.words({"不再续接", "no longer, as a correction may say"}))
      ->excludes(same_worker);
}

void add_fields(CLI::App& command, const Commands& commands, WriteUp& chosen) {
  command.add_option("--type", chosen.type, commands.words({"来电类型：", "type: "}) + names_of<v1::ContactType>());
  command.add_option("--relation", chosen.relation,
                     commands.words({"来电人关系：", "caller's relation: "}) + names_of<v1::CallerRelation>());
  command.add_option("--risk", chosen.risk, commands.words({"风险：", "risk: "}) + names_of<v1::RiskLevel>());
  command.add_option("--language", chosen.language,
                     commands.words({"语言：", "language: "}) + names_of<v1::Language>());
  command.add_option("--summary", chosen.summary, commands.words({"摘要", "summary"}));
  command.add_option("--person", chosen.person, commands.words({"服务对象姓名", "name of the person"}));
  command.add_option("--person-number", chosen.person_number, commands.words({"服务对象电话", "number of the person"}));
  command.add_option("--address", chosen.address, commands.words({"地址", "address"}));
  command.add_option("--consent", chosen.consent, commands.words({"同意：", "consent: "}) + names_of<v1::Consent>());
  command.add_option(
      "--service", chosen.services,
      commands.words({"所做服务，可多次：", "what was done, may repeat: "}) + names_of<v1::ServiceKind>());
  command.add_flag("--worried", chosen.worried, commands.words({"社工有担忧", "the worker is worried"}));
  add_same_worker(command, commands, chosen);
  command.add_option("--need", chosen.needs,
                     commands.words({"需求，种类[:说明]，末尾 ! 表示紧急，可多次：",
                                     "need, KIND[:detail], ! at the end if urgent, may repeat: "}) +
                         names_of<v1::NeedKind>());
  command.add_option("--dispatch", chosen.dispatches,
                     commands.words({"派单，需求[,需求]=单位[:urgent]，需求写序号或种类",
                                     "order, NEED[,NEED]=UNIT[:urgent], NEED by place or kind"}));
  command.add_option("--note", chosen.note, commands.words({"派单说明", "what the order asks for"}));
  command.add_option("--file", chosen.file,
                     commands.words({"从 JSON 文件读取同名各项", "read the same names from a JSON file"}));
}

}  // namespace

void add_write_up_commands(Commands& commands) {
  auto* command = commands.add("write-up", {"写服务记录：保存草稿或提交，同时派单",
                                            "write a contact up: save the draft or finalise it, with orders"});
  auto draft = std::make_shared<WriteUp>();
  command->add_option("contact", draft->contact, commands.words({"记录编号或 id", "number or id of the contact"}))
      ->required();
  add_fields(*command, commands, *draft);
  command->add_flag("--finalise", draft->finalise, commands.words({"提交", "finalise"}));
  commands.does(command, [draft](Invocation& run) { write_up(run, *draft); });

  auto* manual_command = commands.add("manual", {"电话补录：没有经过平台的来电、来访、入户",
                                                 "a contact without a call of ours, entered and finalised at once"});
  auto manual = std::make_shared<WriteUp>();
  auto call = std::make_shared<ManualCall>();
  manual_command->add_option("--unit", call->unit, commands.words({"单位，默认本站", "unit, your own by default"}));
  manual_command->add_option("--line", call->line, commands.words({"热线号码", "line"}));
  manual_command->add_option("--channel", call->channel,
                             commands.words({"渠道：", "channel: "}) + names_of<v1::Channel>());
  manual_command->add_option("--caller", call->caller, commands.words({"来电号码", "caller's number"}));
  manual_command->add_option("--at", call->at, commands.words({"发生时间，默认现在", "when, now by default"}));
  manual_command->add_option("--ended", call->ended, commands.words({"结束时间", "when it ended"}));
  manual_command->add_option("--answered-by", call->answered_by,
                             commands.words({"接听人账号，默认本人（代录）", "who answered, yourself by default"}));
  add_fields(*manual_command, commands, *manual);
  commands.does(manual_command, [manual, call](Invocation& run) { record_manual(run, *manual, *call); });
}

void add_contact_correct(Commands& commands, CLI::App& above) {
  auto* command = commands.add(above, "correct", {"补正已提交的记录", "correct a finalised contact"});
  auto chosen = std::make_shared<WriteUp>();
  command->add_option("contact", chosen->contact, commands.words({"记录编号或 id", "number or id of the contact"}))
      ->required();
  command->add_option("--reason", chosen->reason, commands.words({"补正原因", "why"}))->required();
  add_fields(*command, commands, *chosen);
  commands.does(command, [chosen](Invocation& run) { correct(run, *chosen); });
}

}  // namespace kapok::cli
