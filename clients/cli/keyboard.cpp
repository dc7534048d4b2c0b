#include "cli/keyboard.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <string_view>

namespace kapok::cli {

RawKeyboard::RawKeyboard() {
  on_terminal_ = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0;
  single_keys();
}

RawKeyboard::~RawKeyboard() { lines(); }

void RawKeyboard::lines() {
  if (on_terminal_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

void RawKeyboard::single_keys() {
  if (!on_terminal_) return;
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

FullScreen::FullScreen() { std::cout << "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J" << std::flush; }
FullScreen::~FullScreen() { std::cout << "\x1b[?7h\x1b[?25h\x1b[?1049l" << std::flush; }

TerminalSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

bool end_key_within(std::chrono::milliseconds time) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, static_cast<int>(time.count())) < 0) return true;  // a signal
  if ((input.revents & POLLIN) == 0) return false;
  std::array<char, 64> typed{};
  const ssize_t size = ::read(STDIN_FILENO, typed.data(), typed.size());
  const std::string_view keys(typed.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return keys.empty() || keys.find_first_of("qQ\x03") != std::string_view::npos;
}

}  // namespace kapok::cli
