#include "kapokd.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <ostream>

#include "command_line.h"

namespace kapok {
namespace {

constexpr rlim_t kFilesBesideClients = 128;  // store, log, operations port

// Each client is a file descriptor; the soft limit of a shell is often 1,024.
void raise_file_limit(const Config& config, ops::Log& log) {
  const rlim_t wanted = static_cast<rlim_t>(config.connections_max) + kFilesBesideClients;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur < wanted) log.write(ops::LogId::kFileLimitLow, {{"files", limit.rlim_cur}, {"wanted", wanted}});
}

// One piece, because the log writes to the same place from a thread of its own.
int failed(std::ostream& err, const std::string& sentence) {
  err << "kapokd: " + sentence + "\n" << std::flush;
  return kExitFailed;
}

int serve(const Config& config, const OpenService& open_service, std::ostream& err) {
  ops::Log log(*from_name<ops::Severity>(config.log_level));
  raise_file_limit(config, log);
  auto app = App::open(config, log, open_service);
  if (!app.ok()) return failed(err, app.error().detail);
  return app.value()->run();
}

}  // namespace

int run_kapokd(const std::vector<std::string>& arguments, const OpenService& open_service, std::ostream& out,
               std::ostream& err) try {
  std::signal(SIGPIPE, SIG_IGN);  // a log reader that goes away must not end the server
  int exit_code = 0;
  const auto line = parse_command_line(arguments, out, err, exit_code);
  if (!line) return exit_code;
  if (line->task == CommandLine::Task::kPrintExampleConfig) return out << example_config(), 0;
  if (line->task == CommandLine::Task::kExplainLog) return out << ops::log_messages_markdown(), 0;

  const auto config = resolve_config(*line);
  if (!config.ok()) return failed(err, config.error().detail);
  if (line->task == CommandLine::Task::kServe) return serve(config.value(), open_service, err);

  if (const auto checked = App::check(config.value()); !checked.ok()) return failed(err, checked.error().detail);
  out << line->config_path << " is in order\n";
  return 0;
} catch (const std::exception& fault) {
  return failed(err, fault.what());
}

}  // namespace kapok
