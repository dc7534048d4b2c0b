#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>

#include "sim/json.h"
#include "sim/oracle.h"

namespace kapok::sim {
namespace {

struct Options {
  std::string oracle;
  OracleAsked asked;
  double arrivals_per_hour = 12;
  bool json = false;
};

int fail(const std::string& sentence) {
  std::cerr << "kapok-sim: " << sentence << '\n';
  return 2;
}

void print_oracle(const Options& options, const OracleAnswer& answer) {
  Json figures;
  double worst = 0;
  for (const Measured& figure : answer.figures) {
    worst = std::max(worst, figure.deviation());
    Json one;
    one.field("simulated", figure.simulated).field("standard_error", figure.error).field("exact", figure.exact);
    figures.raw(figure.name, one.field("errors_apart", figure.deviation()).text());
    if (!options.json)
      std::printf("%-14.*s simulated %12.6f +- %10.6f   exact %12.6f   %5.2f standard errors apart\n",
                  static_cast<int>(figure.name.size()), figure.name.data(), figure.simulated, figure.error,
                  figure.exact, figure.deviation());
  }
  if (!options.json) return;
  const QueueModel& model = options.asked.model;
  Json json;
  json.field("oracle", options.oracle).field("servers", model.servers);
  json.field("arrivals_per_hour", options.arrivals_per_hour).field("aht_s", model.talk_mean_s);
  json.field("patience_s", model.patience_mean_s).field("runs", options.asked.runs);
  json.field("callers_per_run", options.asked.callers).field("seed", options.asked.seed);
  json.field("events", answer.events).raw("figures", figures.text());
  std::cout << json.field("worst_errors_apart", worst).field("agrees", worst <= 4).text() << '\n';
}

int run_oracle(Options& options) {
  QueueModel& model = options.asked.model;
  model.arrivals_per_s = options.arrivals_per_hour / 3600;
  if (options.oracle == "erlang-c") {
    model.patience_mean_s = 0;
    if (model.offered_load() >= model.servers) return fail("without hang-ups the load must be below the servers");
  } else if (model.patience_mean_s <= 0) {
    return fail("erlang-a needs --patience SECONDS");
  }
  const OracleAnswer answer = ask_oracle(options.asked);
  print_oracle(options, answer);
  for (const Measured& figure : answer.figures)
    if (figure.deviation() > 4) return 1;
  return 0;
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--oracle", options.oracle, "compare a plain line with exact theory")
      ->check(CLI::IsMember({"erlang-c", "erlang-a"}));
  app.add_option("--servers", options.asked.model.servers, "workers of the line")->check(CLI::Range(1, 5000));
  app.add_option("--arrivals-per-hour", options.arrivals_per_hour)->check(CLI::PositiveNumber);
  app.add_option("--aht", options.asked.model.talk_mean_s, "mean talk in seconds")->check(CLI::PositiveNumber);
  app.add_option("--patience", options.asked.model.patience_mean_s, "mean patience in seconds")
      ->check(CLI::PositiveNumber);
  app.add_option("--runs", options.asked.runs, "independent runs")->check(CLI::Range(2, 100'000));
  app.add_option("--callers", options.asked.callers, "counted in each run")->check(CLI::PositiveNumber);
  app.add_option("--seed", options.asked.seed, "of all chance");
  app.add_flag("--json", options.json, "one JSON object instead of a table");
}

}  // namespace
}  // namespace kapok::sim

int main(int argc, char** argv) {
  using namespace kapok::sim;
  CLI::App app("Red Kapok Guardian in virtual time: the production routing core under simulated people and faults");
  Options options;
  options.asked.model = {4, 0, 900, 0};
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (!options.oracle.empty()) return run_oracle(options);
  return fail("say what to do; --help lists it");
}
