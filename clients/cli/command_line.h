#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.h"
#include "cli/words.h"

namespace kapok::cli {

/// Where each group puts its commands, and which of them the command line chose.
class Commands {
 public:
  Commands(CLI::App& app, Language language) : app(app), language(language) {}

  CLI::App& app;
  const Language language;

  [[nodiscard]] std::string words(Words words) const { return std::string(words.in(language)); }

  /// A command, or one below `above`.
  CLI::App* add(const std::string& name, Words about) { return add(app, name, about); }
  CLI::App* add(CLI::App& above, const std::string& name, Words about);
  /// A command that only holds others.
  CLI::App* add_group(const std::string& name, Words about);

  /// What `command` does when chosen.
  void does(CLI::App* command, std::function<ExitCode(Invocation&)> action);
  void does(CLI::App* command, std::function<void(Invocation&)> action);

  std::function<ExitCode(Invocation&)> chosen;
};

/// What a run stands on; main() gives the real things, tests their own.
struct Surroundings {
  std::istream& input;
  std::ostream& out;
  std::ostream& err;
  Connect connect;
  std::string locale;  ///< LC_ALL, LC_MESSAGES or LANG
  bool out_is_terminal = false;
  bool in_is_terminal = false;
  bool no_colour = false;                                ///< NO_COLOR is set
  std::size_t columns = 0;                               ///< of the terminal, 0 = none
  std::optional<SessionProfile> profile = std::nullopt;  ///< instead of the one in a file
};

/// Parses and carries out one command line, without the program's name. Everything that goes wrong is said on `err`
/// in the language asked for; the number is the exit code.
int run_command_line(std::vector<std::string> arguments, const Surroundings& surroundings);

struct Choices {
  std::string language;
  bool json = false;
};

/// The whole program as a tree of commands in one language; also what completion is made from.
struct Program {
  explicit Program(Language language);

  CLI::App app;
  Commands commands;
  GlobalOptions options;
  Choices choices;
};

// Each group, in a file of its own.
void add_offline_commands(Commands& commands);
void add_audit_commands(Commands& commands);
void add_journal_commands(Commands& commands);
void add_backup_commands(Commands& commands);
/// enrol-devices, below `worker` but offline.
void add_enrol_everybody(Commands& commands, CLI::App& above);
void add_import_commands(Commands& commands);
void add_directory_commands(Commands& commands);
void add_worker_commands(Commands& commands);
void add_session_commands(Commands& commands);
void add_duty_commands(Commands& commands);
void add_desk_commands(Commands& commands);
void add_contact_commands(Commands& commands);
/// correct, below `contact`.
void add_contact_correct(Commands& commands, CLI::App& above);
void add_write_up_commands(Commands& commands);
void add_call_commands(Commands& commands);
/// transfer and cancel-transfer, below `call`.
void add_transfer_commands(Commands& commands, CLI::App& above);
void add_follow_up_commands(Commands& commands);
void add_referral_commands(Commands& commands);
void add_report_commands(Commands& commands);
void add_watch_command(Commands& commands);
void add_completion_command(Commands& commands);
void add_store_commands(Commands& commands);
void add_keys_commands(Commands& commands);

}  // namespace kapok::cli
