#pragma once

#include <termios.h>

#include <chrono>
#include <cstddef>

namespace kapok::cli {

/// Single keys without echo while this lives; `lines()` goes back to whole lines with echo for a while. Does nothing
/// when standard input is no terminal.
class RawKeyboard {
 public:
  RawKeyboard();
  ~RawKeyboard();
  RawKeyboard(const RawKeyboard&) = delete;
  RawKeyboard& operator=(const RawKeyboard&) = delete;

  void lines();
  void single_keys();

 private:
  termios before_{};
  bool on_terminal_ = false;
};

/// The other screen of the terminal, without a cursor or wrapped lines, while this lives.
class FullScreen {
 public:
  FullScreen();
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;
};

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};
TerminalSize terminal_size();

/// True when q or Ctrl-C is typed within this time; for moments without a connection. Other keys are dropped.
bool end_key_within(std::chrono::milliseconds time);

}  // namespace kapok::cli
