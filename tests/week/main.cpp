#include <iostream>

#include <CLI/CLI.hpp>

#include "load/progress_bar.h"
#include "load/week_source.h"
#include "week/virtual_week.h"

namespace {

using kapok::load::WeekSource;
using kapok::week::WeekOptions;

struct Asked {
  WeekSource source;
  WeekOptions options;
  std::string store;
  bool generated = false;
  bool json = false;
};

void add_options(CLI::App& app, Asked& asked) {
  auto* calls = app.add_option("--calls", asked.source.calls_file, "the bank's record (CSV); else a generated week")
                    ->envname(kapok::load::kCallsVariable)
                    ->check(CLI::ExistingFile);
  app.add_flag("--generated", asked.generated, "the generated week, whatever record is named")->excludes(calls);
  app.add_option("--seed", asked.source.seed, "of the generated week and of how long workers look at an offer")
      ->capture_default_str();
  app.add_option("--workers", asked.options.workers, "on duty at any moment")
      ->check(CLI::Range(1, 200))
      ->capture_default_str();
  app.add_option("--day", asked.source.day, "one day alone: 1 Monday … 7 Sunday");
  app.add_option("--from", asked.source.from, "time of day, HH:MM");
  app.add_option("--until", asked.source.until, "time of day, HH:MM");
  app.add_option("--store", asked.store, "folder for the store's directory; else one in memory, if it has room")
      ->check(CLI::ExistingDirectory);
  app.add_flag("--json", asked.json, "the figures as JSON");
}

int run(Asked asked) {
  if (asked.generated) asked.source.calls_file.clear();
  const kapok::load::ChosenWeek chosen = kapok::load::choose_week(asked.source);
  std::cerr << chosen.said << '\n';
  asked.options.seed = asked.source.seed;
  asked.options.store_parent = asked.store;
  kapok::week::WeekResult result;
  {
    kapok::load::ProgressBar bar("week");
    asked.options.on_progress = [&bar](double share) { bar.show(share); };
    result = kapok::week::live_through(chosen.week, asked.options);
  }
  std::cout << (asked.json ? kapok::week::week_json(result, asked.options)
                           : kapok::week::week_text(result, asked.options));
  return result.sound() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  CLI::App app{"A recorded week in virtual time over the production service and store", "kapok-week"};
  Asked asked;
  add_options(app, asked);
  CLI11_PARSE(app, count, words);
  try {
    return run(std::move(asked));
  } catch (const std::exception& error) {
    std::cerr << "kapok-week: " << error.what() << '\n';
    return 2;
  }
}
