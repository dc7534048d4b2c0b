#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "cli/command_line.h"

namespace {

std::string locale_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return {};
}

std::size_t columns_of_terminal() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return kapok::cli::run_command_line({arguments + 1, arguments + count},
                                        {.input = std::cin,
                                         .out = std::cout,
                                         .err = std::cerr,
                                         .connect = kapok::cli::connect,
                                         .locale = locale_of_environment(),
                                         .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                                         .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                                         .no_colour = std::getenv("NO_COLOR") != nullptr,
                                         .columns = columns_of_terminal()});
  } catch (const std::exception& error) {
    std::cerr << "kapokctl: " << error.what() << '\n';
    return 1;
  }
}
