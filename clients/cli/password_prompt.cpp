#include "cli/password_prompt.h"

#include <termios.h>
#include <unistd.h>

namespace kapok::cli {
namespace {

/// Echo is off while this lives.
class Silence {
 public:
  Silence() {
    on_terminal_ = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!on_terminal_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (on_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool on_terminal_ = false;
};

}  // namespace

std::string ask_secret(Invocation& run, Words what) {
  run.terminal.err << run.terminal.words(what) << std::flush;
  std::string line;
  {
    const Silence silence;
    std::getline(run.input, line);
  }
  run.terminal.err << '\n';
  if (line.empty()) throw UsageError(say(run.language(), {"没有输入", "nothing was entered"}));
  return line;
}

}  // namespace kapok::cli
