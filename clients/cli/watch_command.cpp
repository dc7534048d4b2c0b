#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/command_line.h"
#include "cli/keyboard.h"
#include "cli/lookup.h"
#include "cli/terminal_board.h"

/// watch: the live board of a unit and everything below it.
namespace kapok::cli {
namespace {

using std::chrono::milliseconds;
using Kind = Happening::Kind;

constexpr milliseconds kFrameEvery{250};
constexpr milliseconds kRetryEvery{1000};
constexpr std::size_t kRowsIntoFile = 40;
constexpr std::size_t kColumnsIntoFile = 100;

struct WatchChoice {
  std::string unit;
  bool once = false;
  std::size_t columns = 0;
  std::size_t rows = 0;
};

class Watching {
 public:
  Watching(Invocation& run, const WatchChoice& chosen) : run_(run), chosen_(chosen) {}

  void once() {
    begin(true);
    while (!state_.complete()) {
      const Happening next = run_.link().wait(std::chrono::seconds(10));
      if (next.kind == Kind::kClosed) throw Unreachable(next.why);
      if (next.kind == Kind::kNothing) throw Unreachable("no snapshot came");
      take(next);
    }
    if (run_.print_json(state_.as_page())) return;
    const bool on_terminal = run_.terminal.columns > 0;
    const TerminalSize here = terminal_size();
    frame_.columns = chosen_.columns > 0 ? chosen_.columns : on_terminal ? here.columns : kColumnsIntoFile;
    frame_.rows = chosen_.rows > 0 ? chosen_.rows : on_terminal ? here.rows - 1 : kRowsIntoFile;
    for (const std::string& line : draw()) run_.terminal.out << line << '\n';
  }

  /// Until q or Ctrl-C. A lost server is waited for, the last picture stays.
  void live() {
    if (!run_.terminal.interactive)
      throw UsageError(say(run_.language(), {"不是终端：请用 --once", "this is no terminal: use --once"}));
    begin(false);
    run_.link().listen_to_keyboard();
    const RawKeyboard keyboard;
    const FullScreen screen;
    auto drawn_at = std::chrono::steady_clock::time_point{};
    while (!ended_) {
      const auto now = std::chrono::steady_clock::now();
      if (now - drawn_at >= kFrameEvery) {
        show();
        drawn_at = now;
      }
      const Happening next = run_.link().wait(kFrameEvery);
      take(next);
      if (next.kind == Kind::kClosed) come_back();
      if (next.kind == Kind::kResized) drawn_at = {};
    }
  }

 private:
  void begin(bool once) {
    if (unit_.unit() == 0) {
      unit_.set_unit(run_.session().unit());
      unit_.set_name_zh(run_.session().unit_zh());
      unit_.set_name_en(run_.session().unit_en());
      if (!chosen_.unit.empty()) unit_ = find_unit(run_, chosen_.unit);
    }
    state_ = {};
    v1::ClientFrame frame;
    frame.mutable_watch()->set_unit(unit_.unit());
    frame.mutable_watch()->set_once(once);
    run_.ask(frame);
    const bool english = run_.language() == Language::kEnglish && !unit_.name_en().empty();
    frame_.unit_name = english ? unit_.name_en() : unit_.name_zh();
    frame_.unit = unit_.unit();
    frame_.offset_min = run_.offset_min();
    frame_.practice_factor = run_.link().welcome().practice_factor();
    frame_.trouble.clear();
  }

  void take(const Happening& next) {
    if (next.kind == Kind::kInterrupted) ended_ = true;
    if (next.kind == Kind::kKeys && next.keys.find_first_of("qQ") != std::string::npos) ended_ = true;
    if (next.kind != Kind::kPush) return;
    if (next.push.has_snapshot_page()) state_.take(next.push.snapshot_page());
    if (next.push.has_change()) state_.take(next.push.change());
    if (next.push.has_resync()) state_.forget();
    if (next.push.has_server_notice()) {
      state_.take(next.push.server_notice());
      told_to_wait_ = milliseconds(next.push.server_notice().reconnect_after_ms());
    }
  }

  void come_back() {
    frame_.trouble = say(run_.language(), {"连接中断，正在重连", "connection lost, reconnecting"});
    const auto told = std::exchange(told_to_wait_, {});
    for (auto wait = std::max<milliseconds>(kRetryEvery, told); !ended_; wait = kRetryEvery) {
      show();
      pause(wait);
      try {
        run_.reconnect();
        begin(false);
        run_.link().listen_to_keyboard();
        return;
      } catch (const Unreachable&) {
        continue;  // until it is back or the person has had enough
      }
    }
  }

  void pause(milliseconds length) {
    const auto until = std::chrono::steady_clock::now() + length;
    while (!ended_ && std::chrono::steady_clock::now() < until) {
      if (end_key_within(milliseconds(100))) ended_ = true;
    }
  }

  void show() {
    const TerminalSize size = terminal_size();
    frame_.columns = size.columns;
    frame_.rows = size.rows;
    std::string text = "\x1b[H";
    const auto lines = draw();
    for (std::size_t at = 0; at < lines.size(); ++at) text += (at == 0 ? "" : "\r\n") + lines[at] + "\x1b[K";
    run_.terminal.out << text << "\x1b[J" << std::flush;
  }

  std::vector<std::string> draw() {
    if (frame_.trouble.empty()) frame_.now_us = run_.now_us();
    return draw_board(state_, frame_, run_.terminal);
  }

  Invocation& run_;
  const WatchChoice& chosen_;
  v1::UnitView unit_;
  BoardState state_;
  BoardFrame frame_;
  milliseconds told_to_wait_{};  ///< by a server that stops
  bool ended_ = false;
};

}  // namespace

void add_watch_command(Commands& commands) {
  auto* command = commands.add("watch", {"实时值守总览（q 退出）", "live board (q ends it)"});
  auto chosen = std::make_shared<WatchChoice>();
  command->add_option("unit", chosen->unit, commands.words({"单位，默认本人所在单位", "unit, your own by default"}));
  command->add_flag("--once", chosen->once, commands.words({"只打印一帧", "print one frame"}));
  command->add_option("--columns", chosen->columns, commands.words({"--once 时的宽度", "width with --once"}))
      ->check(CLI::Range(60, 400));
  command->add_option("--rows", chosen->rows, commands.words({"--once 时的高度", "height with --once"}))
      ->check(CLI::Range(10, 400));
  commands.does(command, [chosen](Invocation& run) {
    Watching watching(run, *chosen);
    if (chosen->once || run.terminal.json) {
      watching.once();
    } else {
      watching.live();
    }
  });
}

}  // namespace kapok::cli
