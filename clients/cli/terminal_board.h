#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/board_state.h"
#include "cli/terminal.h"

namespace kapok::cli {

struct BoardFrame {
  std::size_t columns = 80;
  std::size_t rows = 24;
  std::int64_t now_us = 0;  ///< product time; waits are counted up to it
  int offset_min = 480;
  std::int64_t unit = 0;  ///< the one watched
  std::string unit_name;
  std::uint32_t practice_factor = 1;
  std::string trouble;  ///< said in red instead of the server's state, such as a lost connection
};

/// The live board as lines of text, `rows` of them, none wider than `columns` from 60 on: a header, totals, counters of
/// districts and the busiest stations, callers with class, wait and open ring, workers by state, gaps. From 118 columns
/// on the callers stand beside the counters. Pure: same state, same lines.
std::vector<std::string> draw_board(const BoardState& state, const BoardFrame& frame, const Terminal& terminal);

}  // namespace kapok::cli
