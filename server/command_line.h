#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "config.h"

namespace kapok {

/// What the command line of kapokd asks for.
struct CommandLine {
  enum class Task { kServe, kCheckConfig, kPrintExampleConfig, kExplainLog };
  Task task = Task::kServe;
  std::string config_path;
  std::string data_dir;  ///< empty: as configured
  std::string listen;    ///< empty: as configured; else PORT, ADDRESS:PORT or [ADDRESS]:PORT
  std::int64_t practice_factor = 1;
};

/// Exit codes of kapokd beside 0.
inline constexpr int kExitFailed = 1;  ///< could not start, or did not stop in good order
inline constexpr int kExitUsage = 2;   ///< the command line is wrong

/// Reads the arguments after the program's name. Nothing when all is said already: the text of --help or
/// --version has gone to `out`, or what is wrong to `err`; `exit_code` is set then.
std::optional<CommandLine> parse_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                                              std::ostream& err, int& exit_code);

/// The configuration file with the command line's wishes over it, checked.
Result<Config> resolve_config(const CommandLine& line);

}  // namespace kapok
