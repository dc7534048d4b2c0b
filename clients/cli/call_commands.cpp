#include <chrono>
#include <random>

#include "cli/command_line.h"
#include "cli/desk_words.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"

/// call place: kapokctl as a native gateway with one caller, who may choose to be rung back; queue: who waits at a
/// station.
namespace kapok::cli {
namespace {

using std::chrono::milliseconds;
using Kind = Happening::Kind;

struct PlaceChoice {
  std::string line;
  std::string caller;
  std::string device_token;
  bool withheld = false;
  bool at_risk = false;
  bool test = false;
  bool phones_answer = false;
  bool callback = false;
  bool unreachable = false;
  double hang_up_after_s = 0;
};

std::string random_reference() {
  std::random_device random;
  return "kapokctl-" + std::to_string(random()) + std::to_string(random());
}

std::int64_t wall_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Caller {
 public:
  Caller(Invocation& run, const PlaceChoice& chosen) : run_(run), chosen_(chosen), reference_(random_reference()) {}

  ExitCode call() {
    attach();
    run_.link().listen_to_keyboard();
    arrive();
    const auto began = std::chrono::steady_clock::now();
    const auto patience = milliseconds(static_cast<std::int64_t>(chosen_.hang_up_after_s * 1000));
    while (!over_) {
      const Happening next = run_.link().wait(milliseconds(100));
      if (next.kind == Kind::kClosed) throw Unreachable(next.why);
      if (next.kind == Kind::kInterrupted) leave({"来电人挂断（Ctrl-C）", "the caller hangs up (Ctrl-C)"});
      if (next.kind == Kind::kPush) hear(next.push);
      if (!over_ && patience.count() > 0 && std::chrono::steady_clock::now() - began >= patience)
        leave({"来电人挂断", "the caller hangs up"});
    }
    return ExitCode::kOk;
  }

 private:
  void attach() {
    if (!chosen_.device_token.empty()) {
      v1::ClientFrame frame;
      frame.mutable_sign_in_device()->set_device_token(chosen_.device_token);
      run_.sign_in(frame);
    }
    v1::ClientFrame frame;
    auto& attach = *frame.mutable_attach_gateway();
    attach.set_name("kapokctl");
    attach.set_kind("native");
    attach.add_capabilities(v1::GATEWAY_CAPABILITY_HOLDS_CALLER);
    attach.add_capabilities(v1::GATEWAY_CAPABILITY_RINGS_ENDPOINT);
    attach.add_capabilities(v1::GATEWAY_CAPABILITY_WITHDRAW);
    attach.add_capabilities(v1::GATEWAY_CAPABILITY_HANGUP);
    attach.set_offers_max(16);
    attach.set_epoch(static_cast<std::uint64_t>(wall_us()));
    const auto attached = run_.ask(frame).gateway_attached();
    run_.link().beat_every(milliseconds(attached.beat_interval_ms() == 0 ? 1000 : attached.beat_interval_ms()));
    v1::ClientFrame known;
    known.mutable_known_begin();
    run_.ask(known);
    known.mutable_known_end();
    run_.ask(known);
  }

  void arrive() {
    v1::ClientFrame frame;
    auto& arrived = *frame.mutable_arrived();
    arrived.set_gw_ref(reference_);
    arrived.set_dialled(chosen_.line);
    if (!chosen_.withheld) arrived.set_caller(chosen_.caller);
    arrived.set_channel(v1::CHANNEL_PHONE);
    arrived.set_at_us(run_.now_us());
    arrived.set_at_risk(chosen_.at_risk);
    arrived.set_test(chosen_.test);
    call_ = run_.ask(frame).arrival_taken().call();
    line(Colour::kPlain,
         say(run_.language(),
             {"已接入 {}，通话 {}，等候接听（Ctrl-C 挂断）", "arrived at {}, call {}; waiting (Ctrl-C hangs up)"},
             chosen_.line, call_));
  }

  void leave(Words why) {
    v1::ClientFrame frame;
    auto& left = *frame.mutable_left();
    left.set_gw_ref(reference_);
    left.set_by(v1::ENDED_BY_CALLER);
    left.set_at_us(run_.now_us());
    run_.ask(frame);
    line(Colour::kBold, std::string(run_.terminal.words(why)));
    over_ = true;
  }

  void hear(const v1::Push& push) {
    if (run_.terminal.json && !push.has_hunt_list()) run_.print_json(push);
    if (push.has_ring_endpoint() && push.ring_endpoint().gw_ref() == reference_) ring(push.ring_endpoint());
    if (push.has_withdraw_ring() && push.withdraw_ring().gw_ref() == reference_)
      line(Colour::kDim, say(run_.language(), {"停止响铃", "stops ringing there"}));
    if (push.has_bridge() && push.bridge().gw_ref() == reference_) bridged(push.bridge());
    if (push.has_drop_endpoint() && push.drop_endpoint().gw_ref() == reference_)
      line(Colour::kDim, say(run_.language(), {"原社工已离开", "the first has left the talk"}));
    if (push.has_park() && push.park().gw_ref() == reference_)
      line(Colour::kYellow, say(run_.language(), {"已交回排队，继续等候", "handed back, waiting again"}));
    if (push.has_progress() && push.progress().gw_ref() == reference_) progress(push.progress());
    if (push.has_release() && push.release().gw_ref() == reference_) {
      line(Colour::kBold, say(run_.language(), {"通话结束 {}", "the call is over {}"}, push.release().cause()));
      over_ = true;
    }
  }

  void bridged(const v1::Bridge& bridge) {
    if (!bridge.dial_caller())
      return line(Colour::kGreen, bridge.beside() ? say(run_.language(), {"第二位社工加入", "a second worker joins"})
                                                  : say(run_.language(), {"已接通", "answered"}));
    v1::ClientFrame frame;
    auto& dialled = *frame.mutable_caller_dialled();
    dialled.set_gw_ref(reference_);
    dialled.set_reached(!chosen_.unreachable);
    dialled.set_at_us(run_.now_us());
    run_.ask(frame);
    line(chosen_.unreachable ? Colour::kYellow : Colour::kGreen,
         chosen_.unreachable ? say(run_.language(), {"回拨无人接听", "rung back, nobody answers"})
                             : say(run_.language(), {"回拨接通", "rung back, the caller answers"}));
  }

  void progress(const v1::Progress& progress) {
    if (progress.position() > 0)
      line(Colour::kDim, say(run_.language(), {"排在第 {} 位", "place {}"}, progress.position()));
    if (progress.estimate_us() > 0)
      line(Colour::kDim,
           say(run_.language(), {"预计等候 {}", "about {} to wait"}, duration_text(progress.estimate_us())));
    if (!progress.callback_offered()) return;
    line(Colour::kDim, say(run_.language(), {"可选择保位回拨", "may choose to be rung back"}));
    if (chosen_.callback) choose_callback();
  }

  void choose_callback() {
    v1::ClientFrame frame;
    frame.mutable_callback_chosen()->set_gw_ref(reference_);
    frame.mutable_callback_chosen()->set_at_us(run_.now_us());
    run_.ask(frame);
    line(Colour::kBold,
         say(run_.language(), {"已选保位回拨并挂断，位置保留", "hangs up; will be rung back, keeps his place"}));
  }

  void ring(const v1::RingEndpoint& ring) {
    line(Colour::kYellow, say(run_.language(), {"正在呼叫{} {}（{}）", "rings {} {} ({})"},
                              word(ring.kind(), run_.language()), ring.number(), duration_text(ring.ring_us())));
    v1::ClientFrame frame;
    frame.mutable_offer_ringing()->set_offer(ring.offer());
    frame.mutable_offer_ringing()->set_endpoint(ring.endpoint());
    run_.ask(frame);
    if (!chosen_.phones_answer || ring.kind() == v1::ENDPOINT_KIND_DESK) return;
    v1::ClientFrame answer;
    auto& answered = *answer.mutable_offer_answered();
    answered.set_offer(ring.offer());
    answered.set_epoch(ring.epoch());
    answered.set_endpoint(ring.endpoint());
    answered.set_at_us(run_.now_us());
    run_.ask(answer);
  }

  void line(Colour colour, const std::string& text) {
    if (run_.terminal.json) return;
    run_.terminal.out << run_.terminal.paint(Colour::kCyan, clock_text(run_.now_us(), run_.offset_min())) << "  "
                      << run_.terminal.paint(colour, text) << std::endl;
  }

  Invocation& run_;
  const PlaceChoice& chosen_;
  std::string reference_;
  std::int64_t call_ = 0;
  bool over_ = false;
};

/// With whom, and what else is to know of the call.
std::string standing(const Invocation& run, const v1::WaitingCall& call) {
  std::string text = call.worker_name();
  if (!call.second_name().empty()) text += " → " + call.second_name();
  if (call.kept()) text += (text.empty() ? "" : " ") + say(run.language(), {"保位回拨", "rung back"});
  return text;
}

/// The callers of one station, read from a snapshot of the board.
void queue(Invocation& run, const std::string& unit) {
  v1::ClientFrame frame;
  frame.mutable_watch()->set_unit(unit_or(run, unit, own_unit(run)));
  frame.mutable_watch()->set_once(true);
  run.ask(frame);
  v1::SnapshotPage whole;
  for (bool last = false; !last;) {
    const Happening next = run.link().wait(std::chrono::seconds(10));
    if (next.kind == Kind::kClosed || next.kind == Kind::kNothing) throw Unreachable("no snapshot came");
    if (next.kind != Kind::kPush || !next.push.has_snapshot_page()) continue;
    for (const auto& call : next.push.snapshot_page().calls()) *whole.add_calls() = call;
    last = next.push.snapshot_page().last();
  }
  if (run.print_json(whole)) return;
  const auto title = [&](Words words) { return std::string(run.terminal.words(words)); };
  TablePrinter table({{title({"紧急程度", "class"})},
                      {title({"热线", "line"})},
                      {title({"来电人", "caller"})},
                      {title({"来电时间", "arrived"})},
                      {title({"已等", "waited"}), Align::kRight},
                      {title({"状态", "state"})},
                      {title({"位置", "place"}), Align::kRight},
                      {title({"社工", "worker"})}});
  for (const auto& call : whole.calls())
    table.add({word(call.caller_class(), run.language()), call.line_zh(), call.caller_masked(),
               clock_text(call.arrived_at_us(), run.offset_min()), duration_text(run.now_us() - call.arrived_at_us()),
               word(call.state(), run.language()), call.position() == 0 ? "—" : std::to_string(call.position()),
               standing(run, call)});
  table.print(run.terminal);
  run.terminal.note({"{} 通", "{} calls"}, whole.calls_size());
}

}  // namespace

void add_call_commands(Commands& commands) {
  auto* group =
      commands.add_group("call", {"来电：以网关身份打入；转接", "calls: place one as a gateway, pass one on"});
  auto* place = commands.add(
      *group, "place",
      {"打一通来电，实时显示响铃、接听、结束", "place a call and show ringing, answer and end as they come"});
  auto chosen = std::make_shared<PlaceChoice>();
  place->add_option("line", chosen->line, commands.words({"热线号码", "number of the line"}))->required();
  place->add_option("--caller", chosen->caller, commands.words({"来电号码", "caller's number"}));
  place->add_flag("--withheld", chosen->withheld, commands.words({"不显示号码", "withhold the number"}));
  place
      ->add_option("--hang-up-after", chosen->hang_up_after_s,
                   commands.words({"几秒后挂断", "hang up after so many seconds"}))
      ->check(CLI::Range(0.1, 86400.0));
  place->add_flag("--at-risk", chosen->at_risk, commands.words({"标记为危机", "flag as at risk"}));
  place->add_flag("--test", chosen->test, commands.words({"测试来电，不计入统计", "a test that counts in no figure"}));
  place->add_flag("--phones-answer", chosen->phones_answer,
                  commands.words({"值班手机响铃即接听", "phones that ring answer at once"}));
  place->add_flag("--callback", chosen->callback,
                  commands.words({"可保位回拨时选择回拨并挂断", "choose to be rung back once that is offered"}));
  place->add_flag("--unreachable", chosen->unreachable,
                  commands.words({"回拨时无人接听", "nobody answers when rung back"}));
  place->add_option(
      "--device-token", chosen->device_token,
      commands.words({"网关的设备令牌，默认用档案中的会话", "device token of a gateway, else the profile's session"}));
  commands.does(
      place, std::function<ExitCode(Invocation&)>([chosen](Invocation& run) { return Caller(run, *chosen).call(); }));

  add_transfer_commands(commands, *group);

  auto* waiting = commands.add("queue", {"一个社工站的等候与通话", "who waits and talks at a station"});
  auto unit = std::make_shared<std::string>();
  waiting->add_option("station", *unit, commands.words({"单位，默认本站", "unit, your own by default"}));
  commands.does(waiting, [unit](Invocation& run) { queue(run, *unit); });
}

}  // namespace kapok::cli
