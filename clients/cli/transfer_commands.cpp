#include <memory>

#include "cli/command_line.h"
#include "cli/lookup.h"
#include "cli/transfer.h"

/// call transfer, call cancel-transfer: passing a talk on, for another shell of the person who talks.
namespace kapok::cli {

std::int64_t talking_call(Invocation& run) {
  v1::ClientFrame frame;
  frame.mutable_open_desk();
  const v1::DeskState state = run.ask(frame).desk_state();
  if (state.call() == 0) throw UsageError(say(run.language(), {"现在没有通话", "there is no call now"}));
  return state.call();
}

TransferChoice transfer_choice(Invocation& run, const std::string& typed) {
  TransferChoice chosen;
  chosen.supervisor = typed == "s";
  if (chosen.supervisor) return chosen;
  try {
    find_worker(run, typed);
    chosen.worker = typed;
  } catch (const UsageError&) {
    chosen.unit = typed;  // if that fits nothing either, its own message says so
  }
  return chosen;
}

void transfer_call(Invocation& run, std::int64_t call, const TransferChoice& chosen) {
  const int targets = int{!chosen.worker.empty()} + int{!chosen.unit.empty()} + int{chosen.supervisor};
  if (targets != 1)
    throw UsageError(say(run.language(), {"请指定一个：--to 社工、--to-unit 单位或 --to-supervisor",
                                          "name one: --to a worker, --to-unit a unit, or --to-supervisor"}));
  v1::ClientFrame frame;
  auto& asked = *frame.mutable_transfer_call();
  asked.set_call(call);
  asked.set_kind(chosen.warm ? v1::TRANSFER_KIND_WARM : v1::TRANSFER_KIND_COLD);
  if (!chosen.worker.empty()) asked.set_to_worker(find_worker(run, chosen.worker).worker());
  if (!chosen.unit.empty()) asked.set_to_unit(find_unit(run, chosen.unit).unit());
  asked.set_to_supervisor(chosen.supervisor);
  asked.set_reason(chosen.reason);
  run.change(frame);
  run.terminal.say(chosen.warm ? Words{"正在请对方接手，您仍在通话", "asked; you talk on until somebody takes over"}
                               : Words{"已转出，来电人保留原来的位置", "passed on; the caller keeps his place"});
}

void cancel_transfer(Invocation& run, std::int64_t call) {
  v1::ClientFrame frame;
  frame.mutable_cancel_transfer()->set_call(call);
  run.change(frame);
  run.terminal.say({"转接已取消，您仍在通话", "taken back; you talk on"});
}

void add_transfer_commands(Commands& commands, CLI::App& above) {
  auto* transfer = commands.add(above, "transfer", {"把当前通话转给别人", "pass the current call on"});
  auto chosen = std::make_shared<TransferChoice>();
  transfer->add_option("--to", chosen->worker, commands.words({"社工：姓名或账号", "a worker, by name or account"}));
  transfer->add_option("--to-unit", chosen->unit, commands.words({"单位：名称或代码", "a unit, by name or code"}));
  transfer->add_flag("--to-supervisor", chosen->supervisor, commands.words({"最近的督导", "the nearest supervisor"}));
  transfer->add_flag("--warm", chosen->warm,
                     commands.words({"陪同转接：对方接手前您不离开", "warm: you stay until somebody takes over"}));
  transfer->add_option("--reason", chosen->reason, commands.words({"原因", "why"}));
  commands.does(transfer, [chosen](Invocation& run) { transfer_call(run, talking_call(run), *chosen); });
  commands.does(commands.add(above, "cancel-transfer", {"取消陪同转接", "take a warm transfer back"}),
                [](Invocation& run) { cancel_transfer(run, talking_call(run)); });
}

}  // namespace kapok::cli
