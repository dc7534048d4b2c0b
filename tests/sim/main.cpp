#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "core/check.h"
#include "sim/failure.h"
#include "sim/json.h"
#include "sim/oracle.h"
#include "sim/world.h"

namespace kapok::sim {
namespace {

struct Options {
  std::string oracle;
  OracleAsked asked;
  double arrivals_per_hour = 12;
  bool json = false;
  double years = 0;
  int jobs = 1;
  std::int64_t worlds = 0;
  std::string features = "all";
  double calls_per_day = 1400;
  std::string arrivals = KAPOK_SOURCE_DIR "/deploy/guangzhou/arrivals-24h.csv";
  std::string times;
  std::string replay;
  std::string folder = ".";
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

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) return std::nullopt;
  return bytes.str();
}

double cpu_seconds() {
  rusage usage{};
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  double sum = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    getrusage(who, &usage);
    sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return sum;
}

/// Lives one world; false when it broke an invariant, which is reported by then.
bool live(WorldPlan plan, const Options& options, WorldFigures& sum) {
  FailureReport report;
  report.seed = plan.seed;
  report.features = plan.features.text();
  report.commit = KAPOK_COMMIT;
  report.what = "a check of the core ended the process";
  report.folder = options.folder;
  World world(std::move(plan));
  watch_for_abort(&report, &world.recording());
  world.run();
  watch_for_abort(nullptr, nullptr);
  sum.add(world.figures());
  if (!world.broken()) return true;
  report.what = *world.broken();
  report_failure(report, world.recording());
  return false;
}

Json figures_json(const WorldFigures& f) {
  Json json;
  json.field("events", f.server.events).field("commands", f.server.commands).field("arrivals", f.arrivals);
  json.field("talks", f.talks).field("offers", f.offers).field("misses", f.misses).field("shifts", f.shifts);
  json.field("starts", f.server.starts).field("crashes", f.server.crashes);
  json.field("torn_batches", f.server.torn_batches).field("full_checks", f.server.full_checks);
  json.field("replays_compared", f.server.repeats).field("devices_lost", f.devices_lost);
  json.field("messages_lost", f.messages_lost).field("messages_doubled", f.messages_doubled);
  json.field("messages_late", f.messages_late).field("refused_accepts", f.refused_accepts);
  json.field("stalls", f.stalls).field("clock_jumps", f.clock_jumps).field("surges", f.surges);
  json.field("unsaved_events", f.server.unsaved_events).field("arrivals_doubled", f.arrivals_doubled);
  json.field("recovered", f.recovered).field("lost_on_restart", f.lost_on_restart);
  json.field("endpoints_removed", f.endpoints_removed).field("warm_transfers", f.warm_transfers);
  json.field("cold_transfers", f.cold_transfers).field("transfers_taken", f.transfers_taken);
  json.field("callbacks_kept", f.callbacks_kept).field("callbacks_reached", f.callbacks_reached);
  json.field("directory_changes", f.directory_changes).field("hunted", f.hunted).field("refused", f.refused);
  Json outcomes;
  for (const auto& [bucket, name, word] : kEnumNames<KpiBucket>) outcomes.field(name, f.bucket(bucket));
  json.raw("outcomes", outcomes.text());
  Json rings;
  for (const auto& [ring, name, word] : kEnumNames<routing::Ring>)
    rings.field(name, f.answered_in[static_cast<std::size_t>(ring)]);
  json.raw("answered_in_ring", rings.text());
  const auto answered = static_cast<double>(std::max<std::int64_t>(1, f.bucket(KpiBucket::kAnswered)));
  json.field("answered_wait_mean_s", f.answered_wait_s / answered);
  json.field("answered_wait_p99_s", f.answered_quantile_s(0.99));
  char digest[20];
  std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(f.digest));
  json.field("digest", digest);
  return json;
}

void print_worlds(const Options& options, const WorldFigures& f, std::int64_t lived, double wall_s, double cpu_s) {
  Json json;
  const double years = f.simulated_s / (365.0 * 86'400);
  json.field("seed", options.asked.seed).field("worlds", lived).field("features", options.features);
  json.field(options.years > 0 ? "city_years" : "small_world_years", years);
  json.field("wall_s", wall_s).field("cpu_s", cpu_s).field("years_per_minute", years / wall_s * 60);
  json.field("years_per_core_minute", years / cpu_s * 60);
  json.field("microseconds_per_event", cpu_s * 1e6 / static_cast<double>(std::max<std::int64_t>(1, f.server.events)));
  json.raw("figures", figures_json(f).text());
  std::string text = json.text();
  if (!options.json)
    for (std::size_t at = 0; (at = text.find(", \"", at)) != std::string::npos;) text.replace(at, 2, ",\n ");
  std::cout << text << '\n';
}

WorldPlan small_world(const Options& options, std::uint64_t seed) {
  WorldPlan plan = small_plan(seed);
  if (options.features != "swarm") plan.features = *Features::parse(options.features);
  return plan;
}

/// What worlds are made of, read once.
struct Material {
  std::optional<EmpiricalTimes> times;
  load::HourWeights weights;
};

WorldPlan plan_of(const Options& options, const Material& material, std::int64_t number) {
  const std::uint64_t seed = options.asked.seed + static_cast<std::uint64_t>(number);
  WorldPlan plan = small_world(options, seed);
  if (options.years > 0) {
    plan = city_plan(seed, options.features == "swarm" ? Features::swarm(seed) : *Features::parse(options.features));
    plan.weights = material.weights;
    plan.calls_per_day = options.calls_per_day;
    plan.lasts = from_seconds(std::min(1.0, options.years - static_cast<double>(number)) * 365 * 86'400);
  }
  if (material.times) plan.habits.empirical = &*material.times;
  return plan;
}

struct Lived {
  WorldFigures sum;
  std::int64_t worlds = 0;
  bool whole = true;
};
static_assert(std::is_trivially_copyable_v<Lived>);  // told through a pipe

/// Every `jobs`-th world from `first` on, until one breaks an invariant.
Lived live_each(const Options& options, const Material& material, std::int64_t first) {
  const std::int64_t worlds =
      options.years > 0 ? static_cast<std::int64_t>(std::ceil(options.years - 1e-9)) : options.worlds;
  Lived lived;
  for (std::int64_t number = first; lived.whole && number < worlds; number += options.jobs, ++lived.worlds)
    lived.whole = live(plan_of(options, material, number), options, lived.sum);
  return lived;
}

Lived heard_from(int pipe_end) {
  Lived lived;
  auto* bytes = reinterpret_cast<char*>(&lived);
  std::size_t have = 0;
  for (ssize_t got = 0; have < sizeof lived && (got = read(pipe_end, bytes + have, sizeof lived - have)) > 0;)
    have += static_cast<std::size_t>(got);
  close(pipe_end);
  if (have == sizeof lived) return lived;
  Lived broken;  // it was ended by a check, and has said so
  broken.whole = false;
  return broken;
}

Lived live_side_by_side(const Options& options, const Material& material) {
  if (options.jobs == 1) return live_each(options, material, 0);
  std::vector<int> ends;
  std::cout.flush();
  for (int job = 0; job < options.jobs; ++job) {
    std::array<int, 2> pipe_ends{};
    KAPOK_CHECK(pipe(pipe_ends.data()) == 0);
    const pid_t child = fork();
    KAPOK_CHECK(child >= 0);
    if (child == 0) {
      const Lived lived = live_each(options, material, job);
      std::cout.flush();
      const bool told = write(pipe_ends[1], &lived, sizeof lived) == static_cast<ssize_t>(sizeof lived);
      _exit(told ? 0 : 2);
    }
    close(pipe_ends[1]);
    ends.push_back(pipe_ends[0]);
  }
  Lived all;
  for (const int end : ends) {
    const Lived lived = heard_from(end);
    all.sum.add(lived.sum);
    all.worlds += lived.worlds;
    all.whole = all.whole && lived.whole;
  }
  while (wait(nullptr) > 0) {
  }
  return all;
}

/// One city-year after another, the last perhaps shorter; or small worlds.
int run_worlds(const Options& options) {
  Material material;
  const char* const named = std::getenv("KAPOK_SIM_TIMES");
  const std::string times_file = !options.times.empty() || named == nullptr ? options.times : named;
  if (!times_file.empty()) {
    const auto csv = read_file(times_file);
    if (csv) material.times = EmpiricalTimes::read(*csv);
    if (!material.times) return fail(times_file + " has no usable rows of wait_s, service_s, outcome");
  }
  const auto weights = read_file(options.arrivals);
  if (!weights) return fail("cannot read " + options.arrivals);
  material.weights = load::read_hour_weights(*weights, "toronto-crisis");
  if (options.features != "swarm" && !Features::parse(options.features)) return fail("there is no such feature");
  const auto began = std::chrono::steady_clock::now();
  const Lived lived = live_side_by_side(options, material);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  print_worlds(options, lived.sum, lived.worlds, wall.count(), cpu_seconds());
  return lived.whole ? 0 : 1;
}

void add_world_options(CLI::App& app, Options& options) {
  app.add_option("--years", options.years, "city-years to live through")->check(CLI::PositiveNumber);
  app.add_option("--worlds", options.worlds, "small worlds to live through, one seed each")->check(CLI::PositiveNumber);
  app.add_option("--jobs", options.jobs, "processes that live through worlds side by side")->check(CLI::Range(1, 64));
  app.add_option("--features", options.features, "all, none, swarm (by seed) or names with commas between");
  app.add_option("--calls-per-day", options.calls_per_day, "of the city, mean over a week")->check(CLI::PositiveNumber);
  app.add_option("--arrivals", options.arrivals, "hour weights, as deploy/guangzhou/arrivals-24h.csv");
  app.add_option("--times", options.times,
                 "talks and patience of real calls (wait_s, service_s, outcome); also KAPOK_SIM_TIMES");
  app.add_option("--replay", options.replay, "live through a written list of events");
  app.add_option("--out", options.folder, "folder for the events of a failure");
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
  add_world_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (!options.oracle.empty()) return run_oracle(options);
  if (!options.replay.empty()) return replay_file(options.replay);
  if (options.years > 0 || options.worlds > 0) return run_worlds(options);
  return fail("say what to do; --help lists it");
}
