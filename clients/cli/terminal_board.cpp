#include "cli/terminal_board.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "cli/enum_words.h"
#include "cli/text_width.h"
#include "cli/time_text.h"

namespace kapok::cli {
namespace {

constexpr std::size_t kBesideFrom = 118;
constexpr std::int64_t kAnswerTarget_us = 15'000'000;  // GB/T 33358-2016: answered within 15 s
constexpr std::int64_t kLongWait_us = 60'000'000;

class Board {
 public:
  Board(const BoardState& state, const BoardFrame& frame, const Terminal& terminal)
      : state_(state), frame_(frame), terminal_(terminal) {
    sort_units();
    sort_calls();
    sort_workers();
  }

  std::vector<std::string> draw() {
    std::vector<std::string> lines = {header(), totals()};
    const std::size_t body = frame_.rows > 4 ? frame_.rows - 4 : 0;
    const auto middle = frame_.columns >= kBesideFrom ? beside(body) : stacked(body);
    lines.insert(lines.end(), middle.begin(), middle.end());
    lines.resize(std::max<std::size_t>(frame_.rows, 4) - 2);
    lines.push_back(workers_by_state());
    lines.push_back(gaps());
    lines.resize(frame_.rows);
    return lines;
  }

 private:
  using Lines = std::vector<std::string>;

  [[nodiscard]] std::string t(Words words) const { return std::string(terminal_.words(words)); }
  [[nodiscard]] bool chinese() const { return terminal_.language == Language::kChinese; }
  [[nodiscard]] std::string name(const v1::UnitCounters& unit) const {
    return chinese() || unit.unit_en().empty() ? unit.unit_zh() : unit.unit_en();
  }

  void sort_units() {
    for (const auto& [id, unit] : state_.units()) {
      const bool busy = unit.waiting() + unit.talking() > 0;
      if (id == frame_.unit) whole_ = &unit;
      if (unit.kind() == v1::UNIT_KIND_DISTRICT) districts_.push_back(&unit);
      if (unit.kind() == v1::UNIT_KIND_STATION) stations_.push_back(&unit);
      if (unit.gap() && unit.kind() == v1::UNIT_KIND_STATION) gaps_.push_back(&unit);
      busy_ += unit.kind() == v1::UNIT_KIND_STATION && busy ? 1U : 0U;
    }
    const auto busiest = [](const v1::UnitCounters* one, const v1::UnitCounters* other) {
      return std::tuple(one->waiting(), one->talking(), one->arrived_today(), std::string_view(other->unit_zh())) >
             std::tuple(other->waiting(), other->talking(), other->arrived_today(), std::string_view(one->unit_zh()));
    };
    std::ranges::sort(stations_, busiest);
  }

  void sort_calls() {
    for (const auto& [id, call] : state_.calls()) calls_.push_back(&call);
    const auto order = [](const v1::WaitingCall* call) {
      const bool talking = call->state() == v1::CALL_STATE_TALKING;
      return std::tuple(talking, talking ? 0 : static_cast<int>(call->caller_class()), call->arrived_at_us());
    };
    std::ranges::sort(calls_, {}, order);
  }

  void sort_workers() {
    for (const auto& [id, worker] : state_.workers()) {
      const auto at = static_cast<std::size_t>(worker.state());
      if (at < by_state_.size()) ++by_state_[at];
      if (worker.state() != v1::WORKER_STATE_OFF_DUTY) workers_.push_back(&worker);
    }
    const auto order = [](const v1::WorkerLine* worker) {
      return std::tuple(-static_cast<int>(worker->state()), worker->state_since_us());
    };
    std::ranges::sort(workers_, {}, order);
  }

  std::string header() {
    std::string right;
    std::size_t width = 0;
    const auto add = [&](Colour colour, const std::string& text) {
      right += "  " + terminal_.paint(colour, text);
      width += 2 + width_of(text);
    };
    if (frame_.practice_factor > 1)
      add(Colour::kYellow, t({"演练 ×", "PRACTICE ×"}) + std::to_string(frame_.practice_factor));
    if (!frame_.trouble.empty()) {
      add(Colour::kRed, frame_.trouble);
    } else {
      add(state_.notice().state().empty() || state_.notice().state() == "ok" ? Colour::kGreen : Colour::kRed,
          server_state());
    }
    add(Colour::kPlain, minute_text(frame_.now_us, frame_.offset_min).substr(0, 10) + " " +
                            clock_text(frame_.now_us, frame_.offset_min));
    const std::string title = t({"红棉守护 值守总览", "Red Kapok Guardian"}) + "  " + frame_.unit_name;
    const std::size_t left = frame_.columns > width ? frame_.columns - width : 0;
    return terminal_.paint(Colour::kBold, fit(title, left)) + right;
  }

  std::string server_state() {
    const std::string& state = state_.notice().state();
    if (state.empty()) return t({"已连接", "connected"});
    if (state == "ok") return t({"正常", "ok"});
    if (state == "degraded") return t({"降级：暂存本机", "DEGRADED: spooled"});
    if (state == "not_recorded") return t({"未记录", "NOT RECORDED"});
    if (state == "shutting_down") return t({"服务器正在停止", "shutting down"});
    return state;
  }

  std::string totals() {
    v1::UnitCounters sum;
    if (whole_ != nullptr) {
      sum = *whole_;
    } else {
      for (const auto* station : stations_) add_to(sum, *station);
    }
    const bool waiting = sum.waiting() > 0;
    const bool room = frame_.columns >= 90;
    std::string text;
    std::size_t width = 0;
    const auto item = [&](Words what, std::uint64_t count, Colour colour) {
      const std::string number = std::to_string(count);
      const std::string label = (text.empty() ? "" : room ? "   " : "  ") + t(what) + " ";
      if (width + width_of(label) + number.size() > frame_.columns) return;
      text += label + terminal_.paint(colour, number);
      width += width_of(label) + number.size();
    };
    item({"等候", "waiting"}, sum.waiting(), waiting ? Colour::kRed : Colour::kGreen);
    item({"通话", "talking"}, sum.talking(), Colour::kCyan);
    item({"在岗", "on duty"}, sum.on_duty(), Colour::kPlain);
    item({"可接听", "ready"}, sum.ready(), sum.ready() == 0 ? Colour::kRed : Colour::kGreen);
    item({"今日来电", "today"}, sum.arrived_today(), Colour::kPlain);
    item({"接通", "answered"}, sum.answered_today(), Colour::kPlain);
    item({"未接", "unanswered"}, sum.unanswered_today(), sum.unanswered_today() > 0 ? Colour::kYellow : Colour::kPlain);
    item({"空岗", "gaps"}, gaps_.size(), gaps_.empty() ? Colour::kPlain : Colour::kYellow);
    return text;
  }

  static void add_to(v1::UnitCounters& sum, const v1::UnitCounters& one) {
    sum.set_waiting(sum.waiting() + one.waiting());
    sum.set_talking(sum.talking() + one.talking());
    sum.set_on_duty(sum.on_duty() + one.on_duty());
    sum.set_ready(sum.ready() + one.ready());
    sum.set_arrived_today(sum.arrived_today() + one.arrived_today());
    sum.set_answered_today(sum.answered_today() + one.answered_today());
    sum.set_unanswered_today(sum.unanswered_today() + one.unanswered_today());
  }

  Lines stacked(std::size_t rows) {
    const std::size_t units = districts_.size() + std::min<std::size_t>(stations_.size(), busy_ + 3);
    const std::size_t room = rows > 2 ? rows - 2 : 0;
    const std::size_t half = room / 2;
    std::size_t calls =
        std::min(std::max<std::size_t>(calls_.size(), 1), std::max(half, room > units ? room - units : 0));
    if (calls < half && units > room - calls) calls = std::min(half, calls);
    Lines lines = unit_lines(room - calls + 1, frame_.columns);
    for (auto& line : call_lines(calls + 1, frame_.columns)) lines.push_back(std::move(line));
    return lines;
  }

  Lines beside(std::size_t rows) {
    const std::size_t left = (frame_.columns - 3) / 2;
    const std::size_t right = frame_.columns - 3 - left;
    const std::size_t call_rows = std::min(std::max<std::size_t>(calls_.size(), 1) + 1, rows * 2 / 3);
    const Lines units = unit_lines(rows, left);
    Lines others = call_lines(call_rows, right);
    for (auto& line : worker_lines(rows - others.size(), right)) others.push_back(std::move(line));
    Lines lines;
    const std::string between = terminal_.paint(Colour::kDim, " │ ");
    for (std::size_t at = 0; at < rows; ++at) {
      const std::string blank(left, ' ');
      lines.push_back((at < units.size() ? units[at] : blank) + between + (at < others.size() ? others[at] : ""));
    }
    return lines;
  }

  /// Counters of all districts, then of stations, busiest first.
  Lines unit_lines(std::size_t rows, std::size_t columns) {
    if (rows == 0) return {};
    const bool narrow = columns < 70;
    const std::size_t number = 6;
    const std::size_t numbers = narrow ? 7 : 8;
    const std::size_t first = columns > number * numbers ? columns - number * numbers : 8;
    Lines lines = {unit_heading(first, number, narrow)};
    const std::size_t room = rows - 1;
    const std::size_t districts = std::min(districts_.size(), stations_.empty()  ? room
                                                              : room > busy_ + 2 ? room - std::min(busy_, room / 3)
                                                                                 : room);
    for (std::size_t at = 0; at < districts; ++at)
      lines.push_back(unit_line(*districts_[at], first, number, narrow, true));
    for (const auto* station : stations_) {
      if (lines.size() > room) break;
      lines.push_back(unit_line(*station, first, number, narrow, districts_.empty()));
    }
    return lines;
  }

  std::string unit_heading(std::size_t first, std::size_t number, bool narrow) {
    std::string text = fit(t({"单位", "UNIT"}), first);
    for (const auto& title : {t({"等候", "WAIT"}), t({"最长", "MAX"}), t({"通话", "TALK"}), t({"在岗", "DUTY"}),
                              t({"可接", "READY"}), t({"来电", "CALLS"}), t({"接通", "ANSW"})})
      text += fit_right(title, number);
    if (!narrow) text += fit_right(t({"未接", "MISS"}), number);
    return terminal_.paint(Colour::kDim, text);
  }

  std::string unit_line(const v1::UnitCounters& unit, std::size_t first, std::size_t number, bool narrow, bool top) {
    const auto count = [&](std::uint32_t value, Colour colour) {
      return terminal_.paint(value == 0 ? Colour::kDim : colour,
                             fit_right(value == 0 ? "·" : std::to_string(value), number));
    };
    const Colour tone = unit.gap() ? Colour::kYellow : Colour::kPlain;
    const std::string mark = unit.gap() && unit.kind() == v1::UNIT_KIND_STATION ? t({" 空岗", " GAP"}) : "";
    std::string text = terminal_.paint(tone, fit((top ? "" : " ") + name(unit) + mark, first));
    text += count(unit.waiting(), Colour::kRed);
    const std::string longest = unit.waiting() == 0 ? "·" : duration_text(unit.longest_wait_us());
    text += terminal_.paint(wait_colour(unit.waiting() == 0 ? 0 : unit.longest_wait_us()), fit_right(longest, number));
    text += count(unit.talking(), Colour::kCyan) + count(unit.on_duty(), Colour::kPlain) +
            count(unit.ready(), Colour::kGreen);
    text += count(unit.arrived_today(), Colour::kPlain) + count(unit.answered_today(), Colour::kPlain);
    if (!narrow) text += count(unit.unanswered_today(), Colour::kYellow);
    return text;
  }

  static Colour wait_colour(std::int64_t waited_us) {
    if (waited_us >= kLongWait_us) return Colour::kRed;
    if (waited_us >= kAnswerTarget_us) return Colour::kYellow;
    return waited_us == 0 ? Colour::kDim : Colour::kPlain;
  }

  Lines call_lines(std::size_t rows, std::size_t columns) {
    if (rows == 0) return {};
    constexpr std::size_t kClass = 11;
    constexpr std::size_t kNumber = 15;
    constexpr std::size_t kWait = 8;
    constexpr std::size_t kState = 9;
    const std::size_t rest =
        columns > kClass + kNumber + kWait + kState ? columns - kClass - kNumber - kWait - kState : 8;
    const std::size_t line_width = rest * 3 / 5;
    const std::size_t who = rest - line_width;
    Lines lines = {terminal_.paint(
        Colour::kDim, fit(t({"紧急程度", "CLASS"}), kClass) + fit(t({"热线", "LINE"}), line_width) +
                          fit(t({"来电人", "CALLER"}), kNumber) + fit_right(t({"已等", "WAITED"}), kWait - 1) + " " +
                          fit(t({"状态", "STATE"}), kState) + fit(t({"开放范围/社工", "RING/WORKER"}), who))};
    for (const auto* call : calls_) {
      if (lines.size() >= rows) break;
      lines.push_back(call_line(*call, kClass, line_width, kNumber, kWait, kState, who));
    }
    if (calls_.empty() && rows > 1)
      lines.push_back(terminal_.paint(Colour::kGreen, fit(t({"没有等候的来电", "nobody is waiting"}), columns)));
    const std::size_t hidden = calls_.size() + 1 - lines.size();
    if (!calls_.empty() && hidden > 0 && lines.size() > 1)
      lines.back() = terminal_.paint(
          Colour::kYellow, fit(cli::say(terminal_.language, {"… 另有 {} 通", "… {} more"}, hidden + 1), columns));
    return lines;
  }

  std::string call_line(const v1::WaitingCall& call, std::size_t cls, std::size_t line, std::size_t number,
                        std::size_t wait, std::size_t state, std::size_t who) {
    const bool talking = call.state() == v1::CALL_STATE_TALKING;
    const std::int64_t since = talking ? call.state_since_us() : call.arrived_at_us();
    const std::int64_t waited = std::max<std::int64_t>(0, frame_.now_us - since);
    const bool crisis = call.caller_class() == v1::CALLER_CLASS_CRISIS;
    const Colour tone = crisis                                               ? Colour::kRed
                        : call.caller_class() == v1::CALLER_CLASS_VULNERABLE ? Colour::kYellow
                                                                             : Colour::kPlain;
    const std::string place = call.line_zh().empty() ? call.unit_zh() : call.line_zh();
    const std::string caller = call.caller_masked().empty() ? t({"未显示", "withheld"}) : call.caller_masked();
    std::string last = call.worker_name();
    if (call.state() == v1::CALL_STATE_WAITING)
      last = ring(call.open_ring()) + (call.position() > 0 ? " #" + std::to_string(call.position()) : "");
    if (!call.second_name().empty()) last += " → " + call.second_name();
    if (call.kept()) last += t({" 保位回拨", " rung back"});
    return terminal_.paint(tone, fit(word(call.caller_class(), terminal_.language), cls)) + fit(place, line - 1) + " " +
           fit(caller, number - 1) + " " +
           terminal_.paint(talking ? Colour::kCyan : wait_colour(waited), fit_right(duration_text(waited), wait - 1)) +
           " " +
           terminal_.paint(talking ? Colour::kCyan : Colour::kPlain,
                           fit(word(call.state(), terminal_.language), state)) +
           fit(last, who);
  }

  std::string ring(std::uint32_t open) const {
    switch (open) {
      case 0:
        return t({"本站", "station"});
      case 1:
        return t({"本区", "district"});
      case 2:
        return t({"区域", "region"});
      case 3:
        return t({"全市", "city"});
      default:
        return t({"总值班", "duty phone"});
    }
  }

  Lines worker_lines(std::size_t rows, std::size_t columns) {
    if (rows < 3) return {};
    constexpr std::size_t kState = 12;
    constexpr std::size_t kNumber = 8;
    const std::size_t rest = columns > kState + 2 * kNumber ? columns - kState - 2 * kNumber : 16;
    const std::size_t who = rest / 2;
    Lines lines = {
        "", terminal_.paint(Colour::kDim, fit(t({"社工", "WORKER"}), who) + fit(t({"单位", "UNIT"}), rest - who) +
                                              fit(t({"状态", "STATE"}), kState) +
                                              fit_right(t({"已持续", "SINCE"}), kNumber) +
                                              fit_right(t({"今日", "TODAY"}), kNumber))};
    for (const auto* worker : workers_) {
      if (lines.size() >= rows) break;
      const Colour tone = worker->state() == v1::WORKER_STATE_TALKING ? Colour::kCyan
                          : worker->state() == v1::WORKER_STATE_READY ? Colour::kGreen
                                                                      : Colour::kPlain;
      lines.push_back(fit(worker->name(), who - 1) + " " + fit(worker->unit_zh(), rest - who - 1) + " " +
                      terminal_.paint(tone, fit(word(worker->state(), terminal_.language), kState)) +
                      fit_right(duration_text(frame_.now_us - worker->state_since_us()), kNumber) +
                      fit_right(std::to_string(worker->calls_today()), kNumber));
    }
    return lines;
  }

  std::string workers_by_state() {
    std::string text = t({"社工 ", "workers "});
    for (const auto state : {v1::WORKER_STATE_READY, v1::WORKER_STATE_OFFERED, v1::WORKER_STATE_TALKING,
                             v1::WORKER_STATE_AFTER_CALL, v1::WORKER_STATE_AWAY, v1::WORKER_STATE_OFF_DUTY})
      text += " " + word(state, terminal_.language) + " " + std::to_string(by_state_[static_cast<std::size_t>(state)]) +
              " ";
    return terminal_.paint(Colour::kDim, fit(text, frame_.columns));
  }

  std::string gaps() {
    if (gaps_.empty()) return terminal_.paint(Colour::kDim, fit(t({"没有空岗", "no gaps"}), frame_.columns));
    std::string text = cli::say(terminal_.language, {"空岗 {}：", "gaps {}: "}, gaps_.size());
    for (std::size_t at = 0; at < gaps_.size(); ++at)
      text += (at == 0 ? "" : chinese() ? "、" : ", ") + name(*gaps_[at]);
    return terminal_.paint(Colour::kYellow, fit(text, frame_.columns));
  }

  const BoardState& state_;
  const BoardFrame& frame_;
  const Terminal& terminal_;
  const v1::UnitCounters* whole_ = nullptr;
  std::vector<const v1::UnitCounters*> districts_;
  std::vector<const v1::UnitCounters*> stations_;
  std::vector<const v1::UnitCounters*> gaps_;
  std::size_t busy_ = 0;
  std::vector<const v1::WaitingCall*> calls_;
  std::vector<const v1::WorkerLine*> workers_;
  std::array<std::size_t, v1::WorkerState_ARRAYSIZE> by_state_{};
};

}  // namespace

std::vector<std::string> draw_board(const BoardState& state, const BoardFrame& frame, const Terminal& terminal) {
  return Board(state, frame, terminal).draw();
}

}  // namespace kapok::cli
