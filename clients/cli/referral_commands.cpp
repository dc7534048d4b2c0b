#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// referral: orders between units (服务工单).
namespace kapok::cli {
namespace {

struct ReferralChoice {
  std::string referral;
  std::string contact;
  std::string unit;
  std::string to;
  std::string note;
  std::string reason;
  std::string result;
  std::string cursor;
  std::vector<std::string> needs;
  bool urgent = false;
  bool outgoing = false;
  bool all = false;
  bool overdue = false;
};

std::string needs_text(const v1::ReferralView& view, Language language) {
  std::string text;
  for (int at = 0; at < view.needs_size(); ++at) {
    const auto kind = from_word<v1::NeedKind>(view.needs(at));
    text += (text.empty() ? "" : "、") + (kind ? word(*kind, language) : view.needs(at));
    if (at < view.need_details_size() && !view.need_details(at).empty()) text += "（" + view.need_details(at) + "）";
  }
  return text;
}

void list_referrals(Invocation& run, const ReferralChoice& chosen) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_referrals();
  list.set_unit(unit_or(run, chosen.unit, own_unit(run)));
  list.set_box(chosen.outgoing ? v1::REFERRAL_BOX_OUTGOING : v1::REFERRAL_BOX_INCOMING);
  list.set_open_only(!chosen.all);
  list.set_overdue_only(chosen.overdue);
  list.set_cursor(chosen.cursor);
  const auto page = run.ask(frame).referral_page();
  if (run.print_json(page)) return;
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter table({{title({"工单", "referral"})},
                      {title({"状态", "state"})},
                      {title({"紧急程度", "urgency"})},
                      {title({"派出", "from"})},
                      {title({"派往", "to"})},
                      {title({"需求", "needs"})},
                      {title({"服务对象", "person"})},
                      {title({"接单期限", "accept by"})},
                      {title({"接单人", "owner"})}});
  for (const auto& view : page.referrals())
    table.add({view.display_number(), word(view.referral().state(), run.language()),
               word(view.referral().urgency(), run.language()), view.from_unit_zh(), view.to_unit_zh(),
               needs_text(view, run.language()), view.person(),
               minute_text(view.referral().accept_by_us(), run.offset_min()) +
                   (view.overdue() ? say(run.language(), {" 已超时", " overdue"}) : ""),
               view.owner_name()});
  table.print(run.terminal);
  run.terminal.note({"{} 张工单", "{} referrals"}, page.referrals_size());
  if (!page.next_cursor().empty())
    run.terminal.note({"还有更多：加 --cursor {}", "there are more: --cursor {}"}, page.next_cursor());
}

void show(Invocation& run, const v1::ReferralView& view) {
  if (run.print_json(view)) return;
  const v1::Referral& referral = view.referral();
  const int offset = run.offset_min();
  TablePrinter table({{std::string(run.terminal.words({"服务工单", "referral"}))}, {view.display_number()}});
  const auto line = [&](Words what, const std::string& value) {
    if (!value.empty() && value != "—") table.add({std::string(run.terminal.words(what)), value});
  };
  line({"状态", "state"}, word(referral.state(), run.language()) +
                              say(run.language(), {"（版本 {}）", " (version {})"}, referral.version()) +
                              (view.overdue() ? say(run.language(), {"　已超时", "  overdue"}) : ""));
  line({"紧急程度", "urgency"}, word(referral.urgency(), run.language()));
  line({"派出", "from"}, view.from_unit_zh());
  line({"派往", "to"}, view.to_unit_zh());
  line({"需求", "needs"}, needs_text(view, run.language()));
  line({"服务对象", "person"}, view.person());
  line({"地址", "address"}, view.address());
  line({"说明", "note"}, referral.note());
  line({"派单时间", "dispatched"}, minute_text(referral.dispatched_at_us(), offset));
  line({"接单期限", "accept by"}, minute_text(referral.accept_by_us(), offset));
  line({"接单人", "owner"}, view.owner_name());
  line({"接单时间", "accepted"}, minute_text(referral.accepted_at_us(), offset));
  line({"结案时间", "closed"}, minute_text(referral.closed_at_us(), offset));
  line({"结果", "result"}, referral.has_result() ? word(referral.result(), run.language()) : "");
  line({"办理情况", "outcome"}, referral.outcome());
  for (const auto& event : view.events()) {
    const auto state = from_word<v1::ReferralState>(event.what());
    line({"经过", "history"}, minute_text(event.at_us(), offset) + "  " +
                                  (state ? word(*state, run.language()) : event.what()) + "  " + event.by_name() +
                                  "  " + event.unit_zh() + (event.note().empty() ? "" : "  " + event.note()));
  }
  line({"id", "id"}, std::to_string(referral.id()));
  table.print(run.terminal);
}

void show_one(Invocation& run, const ReferralChoice& chosen) {
  v1::ClientFrame frame;
  const std::int64_t id = id_from(chosen.referral);
  frame.mutable_show_referral()->set_referral(id != 0 ? id : find_referral(run, chosen.referral).referral().id());
  show(run, run.ask(frame).referral_view());
}

void create(Invocation& run, const ReferralChoice& chosen) {
  const v1::Contact contact = open_contact(run, chosen.contact).contact();
  v1::ClientFrame frame;
  auto& order = *frame.mutable_create_referral();
  order.set_contact(contact.id());
  for (const auto& text : chosen.needs) {
    const auto kind = from_word<v1::NeedKind>(text);
    const std::int64_t number = id_from(text);
    std::int64_t found = 0;
    for (int at = 0; at < contact.fields().needs_size(); ++at) {
      const auto& need = contact.fields().needs(at);
      if ((kind && need.kind() == *kind) || number == at + 1 || number == need.id()) found = need.id();
    }
    if (found == 0)
      throw UsageError(say(run.language(), {"--need：没有需求“{}”", "--need: there is no need {}"}, text));
    order.add_needs(found);
  }
  order.set_to_unit(find_unit(run, chosen.to).unit());
  order.set_urgency(chosen.urgent ? v1::URGENCY_URGENT : v1::URGENCY_NORMAL);
  order.set_note(chosen.note);
  show(run, run.change(frame).referral_view());
}

/// The change of one order as last seen; `fill` sets what is particular.
template <class Change>
void change(Invocation& run, const ReferralChoice& chosen, Change* (v1::ClientFrame::*part)(),
            const std::function<void(Change&)>& fill) {
  const v1::Referral before = find_referral(run, chosen.referral).referral();
  v1::ClientFrame frame;
  Change& wanted = *(frame.*part)();
  wanted.set_referral(before.id());
  wanted.set_version(before.version());
  fill(wanted);
  show(run, run.change(frame).referral_view());
}

void accept(Invocation& run, const ReferralChoice& chosen) {
  change<v1::AcceptReferral>(run, chosen, &v1::ClientFrame::mutable_accept_referral, [](v1::AcceptReferral&) {});
}

void give_back(Invocation& run, const ReferralChoice& chosen) {
  const auto reason = word_from<v1::ReturnReason>(run, "--reason", chosen.reason);
  change<v1::ReturnReferral>(run, chosen, &v1::ClientFrame::mutable_return_referral, [&](v1::ReturnReferral& wanted) {
    wanted.set_reason(reason);
    wanted.set_note(chosen.note);
  });
}

void redispatch(Invocation& run, const ReferralChoice& chosen) {
  const std::int64_t to = find_unit(run, chosen.to).unit();
  change<v1::RedispatchReferral>(run, chosen, &v1::ClientFrame::mutable_redispatch_referral,
                                 [&](v1::RedispatchReferral& wanted) {
                                   wanted.set_to_unit(to);
                                   wanted.set_note(chosen.note);
                                 });
}

void complete(Invocation& run, const ReferralChoice& chosen) {
  const auto result = word_from<v1::ClosureResult>(run, "--result", chosen.result);
  change<v1::CompleteReferral>(run, chosen, &v1::ClientFrame::mutable_complete_referral,
                               [&](v1::CompleteReferral& wanted) {
                                 wanted.set_result(result);
                                 wanted.set_note(chosen.note);
                               });
}

void withdraw(Invocation& run, const ReferralChoice& chosen) {
  change<v1::WithdrawReferral>(run, chosen, &v1::ClientFrame::mutable_withdraw_referral,
                               [&](v1::WithdrawReferral& wanted) { wanted.set_reason(chosen.reason); });
}

using Chosen = std::shared_ptr<ReferralChoice>;
using Action = void (*)(Invocation&, const ReferralChoice&);

void does(Commands& commands, const Chosen& chosen, CLI::App* command, Action action) {
  commands.does(command, [chosen, action](Invocation& run) { action(run, *chosen); });
}

void add_note(Commands& commands, const Chosen& chosen, CLI::App* command) {
  command->add_option("--note", chosen->note, commands.words({"说明", "note"}));
}

void add_lists(Commands& commands, const Chosen& chosen, CLI::App* group) {
  auto* list = commands.add(*group, "list", {"列出工单", "list referrals"});
  list->add_option("unit", chosen->unit,
                   commands.words({"单位（含下级），默认本站", "unit and what is below, your own by default"}));
  list->add_flag("--outgoing", chosen->outgoing, commands.words({"派出的，而不是收到的", "sent, not received"}));
  list->add_flag("--all", chosen->all, commands.words({"包括已了结的", "closed ones too"}));
  list->add_flag("--overdue", chosen->overdue, commands.words({"只看超时未接的", "only those overdue"}));
  list->add_option("--cursor", chosen->cursor, commands.words({"下一页", "next page"}));
  does(commands, chosen, list, list_referrals);

  auto* make = commands.add(*group, "create", {"从已提交的记录派单", "dispatch needs of a finalised contact"});
  make->add_option("contact", chosen->contact, commands.words({"记录编号或 id", "number or id of the contact"}))
      ->required();
  make->add_option("--need", chosen->needs,
                   commands.words({"需求：序号、种类或 id，可多次", "need: place, kind or id, may repeat"}))
      ->required();
  make->add_option("--to", chosen->to, commands.words({"派往的单位", "unit that gets it"}))->required();
  make->add_flag("--urgent", chosen->urgent, commands.words({"紧急", "urgent"}));
  add_note(commands, chosen, make);
  does(commands, chosen, make, create);
}

void add_moves(Commands& commands, const Chosen& chosen, CLI::App* group) {
  const auto on_one = [&](const char* name, Words about, Action action) {
    auto* command = commands.add(*group, name, about);
    command->add_option("referral", chosen->referral, commands.words({"工单编号或 id", "number or id of the referral"}))
        ->required();
    does(commands, chosen, command, action);
    return command;
  };
  on_one("show", {"查阅一张工单及其经过", "one referral with its history"}, show_one);
  on_one("accept", {"接单", "accept"}, accept);
  auto* back = on_one("return", {"退单", "return"}, give_back);
  back->add_option("--reason", chosen->reason,
                   commands.words({"原因：", "reason: "}) +
                       stable_names(*google::protobuf::GetEnumDescriptor<v1::ReturnReason>()))
      ->required();
  add_note(commands, chosen, back);
  auto* again = on_one("redispatch", {"改派退回的工单", "send a returned one elsewhere"}, redispatch);
  again->add_option("--to", chosen->to, commands.words({"派往的单位", "unit that gets it"}))->required();
  add_note(commands, chosen, again);
  auto* finish = on_one("complete", {"办结", "complete"}, complete);
  finish
      ->add_option("--result", chosen->result,
                   commands.words({"结果：", "result: "}) +
                       stable_names(*google::protobuf::GetEnumDescriptor<v1::ClosureResult>()))
      ->required();
  add_note(commands, chosen, finish);
  on_one("withdraw", {"撤单（无人接单前，由派单人）", "withdraw, by its writer before anyone accepted"}, withdraw)
      ->add_option("--reason", chosen->reason, commands.words({"原因", "why"}));
}

}  // namespace

void add_referral_commands(Commands& commands) {
  auto* group = commands.add_group("referral", {"服务工单", "referrals"});
  const auto chosen = std::make_shared<ReferralChoice>();
  add_lists(commands, chosen, group);
  add_moves(commands, chosen, group);
}

}  // namespace kapok::cli
