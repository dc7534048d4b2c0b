#include "cli/terminal_board.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cli/text_width.h"

namespace kapok::cli {
namespace {

constexpr std::int64_t kNow = 1'795'267'800'000'000;  // 2026-11-21T21:30:00+08:00

void add_unit(v1::SnapshotPage& page, std::int64_t id, v1::UnitKind kind, const char* zh, const char* en,
              std::uint32_t waiting, std::uint32_t on_duty) {
  auto& unit = *page.add_units();
  unit.set_unit(id);
  unit.set_kind(kind);
  unit.set_unit_zh(zh);
  unit.set_unit_en(en);
  unit.set_waiting(waiting);
  unit.set_talking(waiting / 2);
  unit.set_on_duty(on_duty);
  unit.set_ready(on_duty > waiting ? on_duty - waiting : 0);
  unit.set_arrived_today(20 * static_cast<std::uint32_t>(id % 7 + 1));
  unit.set_answered_today(18 * static_cast<std::uint32_t>(id % 7 + 1));
  unit.set_unanswered_today(static_cast<std::uint32_t>(id % 7));
  unit.set_longest_wait_us(waiting * 20'000'000LL);
  unit.set_gap(on_duty == 0);
}

void add_call(v1::SnapshotPage& page, std::int64_t id, v1::CallState state, v1::CallerClass cls, std::int64_t waited_s,
              std::uint32_t ring) {
  auto& call = *page.add_calls();
  call.set_call(id);
  call.set_state(state);
  call.set_caller_class(cls);
  call.set_line_zh("荔湾区沙面街道社工站热线");
  call.set_unit_zh("沙面街道");
  call.set_caller_masked(id % 2 == 0 ? "139****9000" : "");
  call.set_arrived_at_us(kNow - waited_s * 1'000'000);
  call.set_state_since_us(kNow - waited_s * 1'000'000);
  call.set_open_ring(ring);
  call.set_position(state == v1::CALL_STATE_WAITING ? static_cast<std::uint32_t>(id) : 0);
  if (state != v1::CALL_STATE_WAITING) call.set_worker_name("骆玲强");
}

BoardState city() {
  v1::SnapshotPage page;
  add_unit(page, 1, v1::UNIT_KIND_CITY, "广州市", "Guangzhou", 3, 40);
  add_unit(page, 2, v1::UNIT_KIND_DISTRICT, "荔湾区", "Liwan", 2, 12);
  add_unit(page, 3, v1::UNIT_KIND_DISTRICT, "越秀区", "Yuexiu", 1, 28);
  add_unit(page, 4, v1::UNIT_KIND_STATION, "沙面街道", "Shamian Subdistrict", 2, 1);
  add_unit(page, 5, v1::UNIT_KIND_STATION, "岭南街道", "Lingnan Subdistrict", 1, 2);
  add_unit(page, 6, v1::UNIT_KIND_STATION, "华林街道", "Hualin Subdistrict", 0, 0);
  add_call(page, 1, v1::CALL_STATE_WAITING, v1::CALLER_CLASS_NORMAL, 75, 2);
  add_call(page, 2, v1::CALL_STATE_WAITING, v1::CALLER_CLASS_CRISIS, 4, 3);
  add_call(page, 3, v1::CALL_STATE_OFFERED, v1::CALLER_CLASS_VULNERABLE, 21, 0);
  add_call(page, 4, v1::CALL_STATE_TALKING, v1::CALLER_CLASS_NORMAL, 400, 0);
  for (int at = 0; at < 6; ++at) {
    auto& worker = *page.add_workers();
    worker.set_worker(100 + at);
    worker.set_name("骆玲强");
    worker.set_unit_zh("沙面街道");
    worker.set_state(static_cast<v1::WorkerState>(at + 1));
    worker.set_state_since_us(kNow - 60'000'000LL * (at + 1));
    worker.set_calls_today(static_cast<std::uint32_t>(at));
  }
  page.set_last(true);
  BoardState state;
  state.take(page);
  return state;
}

std::string drawn(const BoardState& state, std::size_t columns, std::size_t rows, Language language) {
  std::ostringstream out;
  const Terminal terminal{.out = out, .err = out, .language = language};
  const BoardFrame frame{.columns = columns,
                         .rows = rows,
                         .now_us = kNow,
                         .unit = 1,
                         .unit_name = language == Language::kChinese ? "广州市" : "Guangzhou",
                         .practice_factor = 60,
                         .trouble = {}};
  std::string text;
  for (std::string line : draw_board(state, frame, terminal)) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

/// Compares with the recording, or writes it anew when KAPOK_RECORD is set: then the diff is the review.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string file = std::string(KAPOK_GOLDEN) + "/" + name;
  if (std::getenv("KAPOK_RECORD") != nullptr) std::ofstream(file) << text;
  std::ifstream stream(file);
  std::ostringstream recorded;
  recorded << stream.rdbuf();
  EXPECT_EQ(text, recorded.str()) << name;
}

TEST(TerminalBoard, LooksAsRecordedAtBothSizesAndInBothLanguages) {
  expect_golden("board_80x24_zh.txt", drawn(city(), 80, 24, Language::kChinese));
  expect_golden("board_80x24_en.txt", drawn(city(), 80, 24, Language::kEnglish));
  expect_golden("board_160x50_zh.txt", drawn(city(), 160, 50, Language::kChinese));
}

TEST(TerminalBoard, NeverLeavesTheTerminal) {
  const BoardState state = city();
  std::ostringstream out;
  const Terminal terminal{.out = out, .err = out, .language = Language::kChinese};
  for (const std::size_t columns : {60UL, 79UL, 80UL, 117UL, 118UL, 160UL, 300UL})
    for (const std::size_t rows : {5UL, 10UL, 24UL, 50UL}) {
      const BoardFrame frame{
          .columns = columns, .rows = rows, .now_us = kNow, .unit = 1, .unit_name = "广州市", .trouble = {}};
      const auto lines = draw_board(state, frame, terminal);
      EXPECT_EQ(lines.size(), rows) << columns;
      for (const auto& line : lines) EXPECT_LE(width_of(line), columns) << rows << ": " << line;
    }
}

TEST(TerminalBoard, ACrisisStandsFirstThenTheLongestWait) {
  const std::string text = drawn(city(), 160, 50, Language::kEnglish);
  EXPECT_LT(text.find("crisis"), text.find("vulnerable"));
  EXPECT_LT(text.find("vulnerable"), text.find("normal"));
}

TEST(TerminalBoard, AStationWithNobodyOnDutyIsNamed) {
  EXPECT_NE(drawn(city(), 80, 24, Language::kEnglish).find("gaps 1: Hualin Subdistrict"), std::string::npos);
}

TEST(TerminalBoard, WithoutPermissionToColourThereIsNone) {
  EXPECT_EQ(drawn(city(), 80, 24, Language::kChinese).find('\x1b'), std::string::npos);
}

TEST(BoardState, ChangesReplaceRowsWholeAndDropThoseGone) {
  BoardState state = city();
  v1::Change change;
  change.add_calls_gone(1);
  auto& unit = *change.add_units();
  unit.set_unit(2);
  unit.set_waiting(9);
  state.take(change);
  EXPECT_FALSE(state.calls().contains(1));
  EXPECT_EQ(state.units().at(2).waiting(), 9U);
  EXPECT_EQ(state.units().at(2).unit_zh(), "");
}

TEST(BoardState, ANewSnapshotForgetsTheOldPicture) {
  BoardState state = city();
  v1::SnapshotPage page;
  page.set_last(true);
  state.take(page);
  EXPECT_TRUE(state.calls().empty());
  EXPECT_TRUE(state.complete());
}

}  // namespace
}  // namespace kapok::cli
