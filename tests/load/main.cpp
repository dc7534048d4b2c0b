#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "load/simulated_city.h"
#include "load/week_source.h"

namespace {

using kapok::load::CityOptions;
using kapok::load::ReplayOptions;
using kapok::load::WeekSource;

/// What both kinds of run need.
void add_server_options(CLI::App& run, CityOptions& options, std::string& server) {
  run.add_option("--server", server, "host:port of kapokd")->capture_default_str();
  run.add_option("--fingerprint", options.server.fingerprint, "SHA-256 of its certificate, hexadecimal");
  run.add_option("--devices", options.devices_file, "account,device_token as `kapokctl worker enrol-devices` writes")
      ->required()
      ->check(CLI::ExistingFile);
  run.add_option("--gateway", options.gateway_account, "account of the gateway")->capture_default_str();
  run.add_option("--account", options.city_account, "city account that reads the log and the report")
      ->capture_default_str();
  run.add_option("--calls-max", options.calls_max, "callers at once at most")->check(CLI::Range(1, 20'000));
  run.add_option("--connects-per-s", options.connects_per_s, "how fast desks connect")->check(CLI::Range(1, 1000));
  run.add_option("--drain", options.drain_s, "real seconds for talks to end by themselves")->check(CLI::Range(0, 7200));
  run.add_flag("--shared", options.shared, "others use the server too: their calls are no difference");
  run.add_flag("--json", options.json, "summary as JSON; progress goes to standard error");
  run.add_flag("--quiet", options.quiet, "no progress lines");
}

/// Of those who are offered it.
constexpr double kCityCallbacks = 0.3;

void add_callback_option(CLI::App& run, double& share) {
  run.add_option("--callbacks", share, "share of waiting callers who choose to be rung back when they are offered it")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

void add_city_options(CLI::App& city, CityOptions& options) {
  city.add_option("--roster", options.roster_file, "shifts.csv; without it the server is asked");
  city.add_option("--directory", options.directory_folder, "folder with points.csv and arrivals-24h.csv")
      ->capture_default_str();
  city.add_option("--stations-left", options.stations_left, "code of a station whose desks are left to a person");
  city.add_option("--hours", options.hours, "hours of the city's time, 0 = until Ctrl-C")
      ->check(CLI::Range(0.0, 24.0 * 31))
      ->capture_default_str();
  city.add_option("--calls-per-day", options.calls_per_day, "mean over a week")
      ->check(CLI::Range(1.0, 1'000'000.0))
      ->capture_default_str();
  city.add_option("--talk", options.habits.talk_mean_s, "mean talk in seconds")->check(CLI::Range(10.0, 3600.0));
  city.add_option("--patience", options.habits.patience_mean_s, "mean patience in seconds")
      ->check(CLI::Range(1.0, 3600.0));
  options.habits.callback_share = kCityCallbacks;
  add_callback_option(city, options.habits.callback_share);
  city.add_option("--autosave", options.habits.autosave_s, "seconds between autosaves")->check(CLI::Range(5.0, 3600.0));
  city.add_option("--seed", options.seed, "chance begins here")->capture_default_str();
  city.add_option("--clients-max", options.clients_max, "connections at most")->check(CLI::Range(3, 40'000));
}

void add_replay_options(CLI::App& replay, WeekSource& source, ReplayOptions& options) {
  replay.add_option("--calls", source.calls_file, "the bank's record (CSV); else a generated week is replayed")
      ->envname(kapok::load::kCallsVariable)
      ->check(CLI::ExistingFile);
  replay.add_option("--seed", source.seed, "of the generated week")->capture_default_str();
  replay.add_option("--day", source.day, "one day alone: 1 Monday … 7 Sunday");
  replay.add_option("--from", source.from, "time of day, HH:MM");
  replay.add_option("--until", source.until, "time of day, HH:MM");
  replay.add_option("--line", options.line, "number that everybody dials; else the first of a station");
  add_callback_option(replay, options.callback_share);
  replay.add_option("--workers", options.workers, "desks")->check(CLI::Range(1, 1000))->capture_default_str();
}

bool read_server(const std::string& text, kapok::wire::ServerAddress& server) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const std::string port = text.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) return false;
  const int number = std::stoi(port);
  if (number < 1 || number > 65535) return false;
  server.host = text.substr(0, colon);
  server.port = static_cast<std::uint16_t>(number);
  return true;
}

int run_city(const CityOptions& options) {
  boost::asio::io_context io(1);
  kapok::load::SimulatedCity city(io, options);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  std::function<void(const boost::system::error_code&, int)> on_signal = [&](const boost::system::error_code& failed,
                                                                             int) {
    if (failed) return;
    city.interrupt();
    signals.async_wait(on_signal);
  };
  signals.async_wait(on_signal);
  kapok::load::run_alone(io.get_executor(), city.run(), "city");
  io.run();
  return city.exit_code();
}

}  // namespace

int main(int count, char** words) {
  CLI::App app{"Load and simulated cities for kapokd", "kapok-load"};
  app.require_subcommand(1);
  CityOptions options;
  WeekSource source;
  ReplayOptions replayed;
  std::string server = "127.0.0.1:4433";
  CLI::App& city = *app.add_subcommand("city", "A city of callers, desks and stations; then ledger against log");
  CLI::App& replay = *app.add_subcommand("replay", "A recorded week's callers at one line; then ledger against log");
  add_server_options(city, options, server);
  add_city_options(city, options);
  add_server_options(replay, options, server);
  add_replay_options(replay, source, replayed);
  CLI11_PARSE(app, count, words);
  if (!read_server(server, options.server)) {
    std::cerr << "kapok-load: --server is host:port, not '" << server << "'\n";
    return 2;
  }
  try {
    if (replay.parsed()) {
      kapok::load::ChosenWeek chosen = kapok::load::choose_week(source);
      std::cerr << chosen.said << '\n';
      replayed.week = std::move(chosen.week);
      options.replay = std::move(replayed);
    }
    return run_city(options);
  } catch (const std::exception& error) {
    std::cerr << "kapok-load: " << error.what() << '\n';
    return 2;
  }
}
