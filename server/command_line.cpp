#include "command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <ostream>

namespace kapok {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// "x60" or "60"; an empty text when it is taken.
std::string take_factor(std::string text, std::int64_t& into) {
  if (text.starts_with('x')) text.erase(0, 1);
  const auto factor = whole_number(text);
  if (!factor || *factor < 1 || *factor > 1000) return "--practice-clock must be x1 to x1000";
  into = *factor;
  return {};
}

Result<Done> take_listen(const std::string& text, Config& into) {
  const Error wrong{ErrorCode::kInvalidArgument, "--listen must be PORT, ADDRESS:PORT or [ADDRESS]:PORT"};
  const auto colon = text.rfind(':');
  const auto port = whole_number(colon == std::string::npos ? text : text.substr(colon + 1));
  if (!port) return wrong;
  into.listen_port = *port;
  if (colon == std::string::npos) return Done{};

  std::string address = text.substr(0, colon);
  const bool bracketed = address.starts_with('[') && address.ends_with(']') && address.size() > 2;
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (address.empty() || (!bracketed && address.find(':') != std::string::npos)) return wrong;
  into.listen_address = address;
  return Done{};
}

}  // namespace

std::optional<CommandLine> parse_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                                              std::ostream& err, int& exit_code) {
  CommandLine line;
  std::string factor = "x1";
  bool check = false;
  bool example = false;
  bool explain = false;

  CLI::App app("Red Kapok Guardian, the server of a city's social-work hotlines", "kapokd");
  app.set_version_flag("--version", "kapokd " KAPOK_VERSION);
  app.add_option("--config", line.config_path, "configuration file")->type_name("FILE");
  app.add_option("--data", line.data_dir, "data directory, instead of the configured one")->type_name("DIR");
  app.add_option("--listen", line.listen, "port for clients, instead of the configured one")
      ->type_name("[ADDRESS:]PORT");
  app.add_option("--practice-clock", factor, "let time run N times as fast, on a practice store only")->type_name("xN");
  app.add_flag("--check-config", check, "check configuration and TLS files, start nothing");
  app.add_flag("--example-config", example, "print a configuration file with every key explained");
  app.add_flag("--explain-log", explain, "print every log message with what an operator can do");

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& said) {
    exit_code = app.exit(said, out, err) == 0 ? 0 : kExitUsage;
    return std::nullopt;
  }

  exit_code = kExitUsage;
  if (check + example + explain > 1) return err << "kapokd: ask for one thing at a time\n", std::nullopt;
  line.task = check     ? CommandLine::Task::kCheckConfig
              : example ? CommandLine::Task::kPrintExampleConfig
              : explain ? CommandLine::Task::kExplainLog
                        : CommandLine::Task::kServe;
  if (!example && !explain && line.config_path.empty()) {
    err << "kapokd: --config FILE is missing; kapokd --example-config prints one to start from\n";
    return std::nullopt;
  }
  if (const std::string wrong = take_factor(factor, line.practice_factor); !wrong.empty()) {
    err << "kapokd: " << wrong << "\n";
    return std::nullopt;
  }
  exit_code = 0;
  return line;
}

Result<Config> resolve_config(const CommandLine& line) {
  auto loaded = load_config(line.config_path);
  if (!loaded.ok()) return loaded;
  Config config = std::move(loaded).value();
  if (!line.data_dir.empty()) config.data_dir = line.data_dir;
  if (!line.listen.empty())
    if (auto taken = take_listen(line.listen, config); !taken.ok()) return taken.error();
  config.practice_factor = line.practice_factor;
  if (auto checked = check_config(config); !checked.ok()) return checked.error();
  return config;
}

}  // namespace kapok
