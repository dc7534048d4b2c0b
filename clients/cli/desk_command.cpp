#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "cli/command_line.h"
#include "cli/desk_words.h"
#include "cli/enum_words.h"
#include "cli/keyboard.h"
#include "cli/lookup.h"
#include "cli/time_text.h"
#include "cli/transfer.h"
#include "cli/write_up.h"

/// desk: the worker's desk in a terminal; accept, decline, hand-back and hang-up for another shell of the same person.
namespace kapok::cli {
namespace {

using std::chrono::milliseconds;
using Kind = Happening::Kind;

/// The live offer of the running desk, beside the profile: an offer is accepted by id and epoch, and only the desk
/// that was open when it came has heard the epoch.
std::filesystem::path offer_file(const Invocation& run) { return run.profile_file().string() + ".offer"; }

void note_offer(const Invocation& run, const v1::OfferView* offer) {
  std::error_code ignored;
  if (offer == nullptr) {
    std::filesystem::remove(offer_file(run), ignored);
    return;
  }
  std::ofstream(offer_file(run)) << offer->offer() << ' ' << offer->epoch() << '\n';
}

v1::DeskState open_desk(Invocation& run) {
  v1::ClientFrame frame;
  frame.mutable_open_desk();
  return run.ask(frame).desk_state();
}

class Desk {
 public:
  explicit Desk(Invocation& run) : run_(run) {}

  void serve() {
    open();
    run_.link().listen_to_keyboard();
    RawKeyboard keyboard;
    keyboard_ = &keyboard;
    help();
    while (!ended_) {
      const Happening next = run_.link().wait(std::chrono::seconds(1));
      if (next.kind == Kind::kInterrupted) ended_ = true;
      if (next.kind == Kind::kPush) take(next.push);
      if (next.kind == Kind::kClosed) come_back();
      if (next.kind == Kind::kKeys) typed(next.keys);
    }
    note_offer(run_, nullptr);
  }

 private:
  void open() {
    state_ = open_desk(run_);
    show_state();
  }

  void help() {
    run_.terminal.note(
        {"a 接听  d 拒接  h 挂断  b 交回排队  t 转接  c 取消转接  w 写记录  r 可接听  p 暂离  e 结束整理  q 退出",
         "a accept  d decline  h hang up  b hand back  t transfer  c cancel transfer  w write up  r ready  p away  "
         "e end after-call  q quit"});
  }

  void show_state() {
    if (run_.print_json(state_)) return;
    run_.terminal.out << run_.terminal.paint(Colour::kCyan, clock_text(run_.now_us(), run_.offset_min())) << "  "
                      << desk_state_text(state_, run_.language(), run_.now_us(), run_.offset_min()) << std::endl;
  }

  void line(Colour colour, const std::string& text) {
    if (run_.terminal.json) return;
    run_.terminal.out << run_.terminal.paint(Colour::kCyan, clock_text(run_.now_us(), run_.offset_min())) << "  "
                      << run_.terminal.paint(colour, text) << std::endl;
  }

  void take(const v1::Push& push) {
    if (push.has_desk_state()) {
      state_ = push.desk_state();
      return show_state();
    }
    if (push.has_offer_shown() || push.has_offer_withdrawn() || push.has_call_connected() || push.has_call_over() ||
        push.has_transfer_offered() || push.has_transfer_ended() || push.has_server_notice())
      run_.print_json(push);
    if (push.has_transfer_offered())
      line(Colour::kYellow, transfer_text(push.transfer_offered(), run_.language(), run_.now_us()));
    if (push.has_transfer_ended()) line(Colour::kBold, transfer_text(push.transfer_ended(), run_.language()));
    if (push.has_offer_shown()) {
      offer_ = push.offer_shown().offer();
      note_offer(run_, &offer_);
      line(Colour::kYellow,
           (run_.terminal.interactive ? "\a" : "") + offer_text(offer_, run_.language(), run_.now_us()));
    }
    if (push.has_offer_withdrawn()) {
      offer_.Clear();
      note_offer(run_, nullptr);
      line(Colour::kDim, withdrawn_text(push.offer_withdrawn().why(), run_.language()));
    }
    if (push.has_call_connected()) connected(push.call_connected().call());
    if (push.has_call_over()) line(Colour::kBold, call_over_text(push.call_over(), run_.language()));
    if (push.has_server_notice()) {
      told_to_wait_ = milliseconds(push.server_notice().reconnect_after_ms());
      line(Colour::kRed,
           run_.language() == Language::kChinese ? push.server_notice().text_zh() : push.server_notice().text_en());
    }
  }

  void connected(const v1::CallView& call) {
    call_ = call;
    offer_.Clear();
    note_offer(run_, nullptr);
    line(Colour::kGreen, call_text(call, run_.language()));
  }

  /// Whatever a key asks for may be refused; the desk says so and stays.
  void typed(const std::string& keys) {
    for (const char key : keys) {
      try {
        act(key);
      } catch (const Refused& refused) {
        line(Colour::kRed,
             refused.error.code() + "  " +
                 (run_.language() == Language::kChinese ? refused.error.text_zh() : refused.error.detail()));
      } catch (const UsageError& wrong) {
        line(Colour::kRed, wrong.what());
      }
    }
  }

  void act(char key) {
    v1::ClientFrame frame;
    switch (key) {
      case 'a':
        frame.mutable_accept_offer()->set_offer(offer_.offer());
        frame.mutable_accept_offer()->set_epoch(offer_.epoch());
        return connected(run_.change(frame).call_view());
      case 'd':
        frame.mutable_decline_offer()->set_offer(offer_.offer());
        frame.mutable_decline_offer()->set_epoch(offer_.epoch());
        break;
      case 'h':
        frame.mutable_hang_up()->set_call(state_.call());
        break;
      case 'b':
        frame.mutable_hand_back()->set_call(state_.call());
        break;
      case 'r':
      case 'p':
        frame.mutable_set_ready()->set_ready(key == 'r');
        break;
      case 'e':
        frame.mutable_end_after_call();
        break;
      case 't':
        return transfer();
      case 'c':
        return cancel_transfer(run_, state_.call());
      case 'w':
        return write_up();
      case 'q':
        ended_ = true;
        return;
      case '?':
        return help();
      default:
        return;
    }
    run_.change(frame);
  }

  void transfer() {
    if (state_.call() == 0) throw UsageError(say(run_.language(), {"现在没有通话", "there is no call now"}));
    keyboard_->lines();
    TransferChoice chosen;
    try {
      const std::string to = question({"转给谁（姓名、账号或单位；s = 督导；空行取消）：",
                                       "to whom (name, account or unit; s = a supervisor; empty to stop): "});
      if (!to.empty()) chosen = transfer_choice(run_, to);
      chosen.warm = !to.empty() && question({"陪同转接？(y/n) ", "stay until it is taken? (y/n) "}).starts_with("y");
    } catch (...) {
      keyboard_->single_keys();
      throw;
    }
    keyboard_->single_keys();
    if (chosen.supervisor || !chosen.worker.empty() || !chosen.unit.empty()) transfer_call(run_, state_.call(), chosen);
  }

  /// One question after the other; the desk stays alive while they are answered.
  void write_up() {
    const std::int64_t contact = state_.contact() != 0 ? state_.contact() : call_.contact();
    if (contact == 0) throw UsageError(say(run_.language(), {"没有待写的记录", "there is no draft"}));
    keyboard_->lines();
    WriteUp chosen;
    chosen.contact = std::to_string(contact);
    try {
      chosen.type =
          question({"来电类型（self、on_behalf、consultation…）：", "type (self, on_behalf, consultation …): "});
      chosen.summary = question({"摘要：", "summary: "});
      chosen.risk =
          question({"风险（none、low、moderate、high、imminent）：", "risk (none, low, moderate, high, imminent): "});
      for (std::string need =
               question({"需求（如 rice_flour:两袋；空行结束）：", "need (rice_flour:two bags; empty to end): "});
           !need.empty(); need = question({"需求：", "need: "}))
        chosen.needs.push_back(need);
      for (std::string order =
               question({"派单（如 1=440103001:urgent；空行结束）：", "dispatch (1=440103001:urgent; empty to end): "});
           !order.empty(); order = question({"派单：", "dispatch: "}))
        chosen.dispatches.push_back(order);
      chosen.finalise = question({"提交？(y/n) ", "finalise? (y/n) "}).starts_with("y");
    } catch (...) {
      keyboard_->single_keys();
      throw;
    }
    keyboard_->single_keys();
    cli::write_up(run_, chosen);
  }

  std::string question(Words words) {
    run_.terminal.out << run_.terminal.words(words) << std::flush;
    std::string answer;
    while (!ended_) {
      const Happening next = run_.link().wait(std::chrono::seconds(1));
      if (next.kind == Kind::kInterrupted) ended_ = true;
      if (next.kind == Kind::kPush) take(next.push);
      if (next.kind == Kind::kClosed) throw Unreachable(next.why);
      if (next.kind != Kind::kKeys) continue;
      answer += next.keys;
      if (answer.ends_with('\n')) break;
    }
    while (!answer.empty() && (answer.back() == '\n' || answer.back() == '\r')) answer.pop_back();
    return answer;
  }

  void come_back() {
    line(Colour::kRed, say(run_.language(), {"连接中断，正在重连", "connection lost, reconnecting"}));
    auto wait = std::max(milliseconds(1000), std::exchange(told_to_wait_, {}));
    for (; !ended_; wait = milliseconds(1000)) {
      if (end_key_within(wait)) ended_ = true;
      try {
        run_.reconnect();
        open();
        run_.link().listen_to_keyboard();
        return;
      } catch (const Unreachable&) {
        continue;  // until it is back or the person has had enough
      }
    }
  }

  Invocation& run_;
  RawKeyboard* keyboard_ = nullptr;
  v1::DeskState state_;
  v1::OfferView offer_;
  v1::CallView call_;
  milliseconds told_to_wait_{};  ///< by a server that stops
  bool ended_ = false;
};

struct OfferKey {
  std::int64_t offer = 0;
  std::uint32_t epoch = 0;
};

OfferKey current_offer(Invocation& run) {
  OfferKey key;
  std::ifstream(offer_file(run)) >> key.offer >> key.epoch;
  const v1::DeskState state = open_desk(run);
  if (state.offer() == 0) throw UsageError(say(run.language(), {"现在没有新来电", "there is no offer now"}));
  if (state.offer() != key.offer)
    throw UsageError(say(run.language(), {"请在开着接线工作台（kapokctl desk）的同一档案下运行",
                                          "run `kapokctl desk` with the same profile first"}));
  return key;
}

std::int64_t current_call(Invocation& run) {
  const v1::DeskState state = open_desk(run);
  if (state.call() == 0) throw UsageError(say(run.language(), {"现在没有通话", "there is no call now"}));
  return state.call();
}

void accept(Invocation& run) {
  const OfferKey offer = current_offer(run);
  v1::ClientFrame frame;
  frame.mutable_accept_offer()->set_offer(offer.offer);
  frame.mutable_accept_offer()->set_epoch(offer.epoch);
  const auto call = run.change(frame).call_view();
  if (!run.print_json(call)) run.terminal.out << call_text(call, run.language()) << '\n';
}

void decline(Invocation& run, const std::string& reason) {
  const OfferKey offer = current_offer(run);
  v1::ClientFrame frame;
  frame.mutable_decline_offer()->set_offer(offer.offer);
  frame.mutable_decline_offer()->set_epoch(offer.epoch);
  frame.mutable_decline_offer()->set_reason(reason);
  run.change(frame);
  run.terminal.say({"已拒接，转给别人", "declined"});
}

void hand_back(Invocation& run, const std::string& reason) {
  v1::ClientFrame frame;
  frame.mutable_hand_back()->set_call(current_call(run));
  frame.mutable_hand_back()->set_reason(reason);
  run.change(frame);
  run.terminal.say({"已交回排队，来电人保留原来的位置", "handed back; the caller keeps his place"});
}

void hang_up(Invocation& run) {
  v1::ClientFrame frame;
  frame.mutable_hang_up()->set_call(current_call(run));
  run.change(frame);
  run.terminal.say({"已挂断", "hung up"});
}

}  // namespace

void add_desk_commands(Commands& commands) {
  commands.does(commands.add("desk", {"接线工作台（交互）", "the worker's desk, interactive"}),
                [](Invocation& run) { Desk(run).serve(); });
  commands.does(commands.add("accept", {"接听当前新来电", "accept the current offer"}), accept);
  auto reason = std::make_shared<std::string>();
  auto* no = commands.add("decline", {"拒接当前新来电", "decline the current offer"});
  no->add_option("--reason", *reason, commands.words({"原因", "why"}));
  commands.does(no, [reason](Invocation& run) { decline(run, *reason); });
  auto* back = commands.add("hand-back", {"把当前通话交回排队", "give the current call back to waiting"});
  back->add_option("--reason", *reason, commands.words({"原因", "why"}));
  commands.does(back, [reason](Invocation& run) { hand_back(run, *reason); });
  commands.does(commands.add("hang-up", {"挂断当前通话", "hang up the current call"}), hang_up);
}

}  // namespace kapok::cli
