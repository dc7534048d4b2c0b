#pragma once

#include <cstddef>
#include <string>

#include "cli/terminal.h"

namespace kapok::cli {

/// One line that fills up, on `err` and only on a terminal. Gone once finished.
class ProgressBar {
 public:
  ProgressBar(Terminal& terminal, std::string what, std::size_t whole);
  ~ProgressBar() { finish(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void reached(std::size_t part);
  void finish();

 private:
  Terminal& terminal_;
  std::string what_;
  std::size_t whole_;
  bool shown_ = false;
};

}  // namespace kapok::cli
