#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sim/policy_world.h"

/// kapok-policy: what each policy yields, as the table of tests/README.md. One row for each world and policy, with 95 %
/// intervals over the seeds.
namespace kapok::sim {
namespace {

struct Row {
  std::string_view world;
  PolicyWorld plan;
};

const std::vector<Row>& rows() {
  constexpr double kLoad = 0.08;
  static const std::vector<Row> kRows = {
      {"night", {Policy::kNormal, EndpointKind::kPhone, 1, kLoad, 0, 240, 0}},
      {"day", {Policy::kNormal, EndpointKind::kDesk, 1, kLoad, 0, 240, 0}},
      {"surge", {Policy::kNormal, EndpointKind::kDesk, 1, 20 * kLoad, 0, 12, 0}},
      {"surge, 3 each", {Policy::kNormal, EndpointKind::kDesk, 3, 20 * kLoad, 0, 12, 0}},
      {"flood 200/h", {Policy::kNormal, EndpointKind::kDesk, 1, kLoad, 200, 72, 0}},
      {"flood 400/h", {Policy::kNormal, EndpointKind::kDesk, 1, kLoad, 400, 72, 0}},
      {"flood 1000/h", {Policy::kNormal, EndpointKind::kDesk, 1, kLoad, 1'000, 72, 0}},
  };
  return kRows;
}

constexpr std::array<std::pair<Policy, std::string_view>, 4> kPolicies{{{Policy::kIsolated, "isolated stations"},
                                                                        {Policy::kNormal, "normal preset"},
                                                                        {Policy::kLocal, "local preset"},
                                                                        {Policy::kOnePool, "one city pool"}}};

/// Two-sided 95 % of Student's t with this many degrees of freedom.
double student(std::size_t freedom) {
  constexpr std::array<double, 16> kQuantiles{0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                              2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131};
  return freedom < kQuantiles.size() ? kQuantiles[freedom] : 1.96;
}

std::string interval(const std::vector<double>& of, const char* form) {
  double mean = 0;
  double spread = 0;
  const auto n = static_cast<double>(of.size());
  for (const double each : of) mean += each / n;
  for (const double each : of) spread += (each - mean) * (each - mean) / (n - 1);
  char text[64];
  std::snprintf(text, sizeof text, form, mean, student(of.size() - 1) * std::sqrt(spread / n));
  return text;
}

void print_row(const std::string& world, std::string_view policy, const std::vector<PolicyCounts>& seeds) {
  std::vector<double> abandoned;
  std::vector<double> mean;
  std::vector<double> p99;
  std::vector<double> own;
  std::vector<double> district;
  std::int64_t callers = 0;
  for (const PolicyCounts& each : seeds) {
    callers += each.callers;
    abandoned.push_back(100 * each.abandoned);
    mean.push_back(each.wait_mean_s);
    p99.push_back(each.wait_p99_s);
    own.push_back(100 * each.own_station);
    district.push_back(100 * each.district);
  }
  std::printf("| %s | %.*s | %lld | %s | %s | %s | %s | %s |\n", world.c_str(), static_cast<int>(policy.size()),
              policy.data(), static_cast<long long>(callers), interval(abandoned, "%.2f ± %.2f").c_str(),
              interval(mean, "%.1f ± %.1f").c_str(), interval(p99, "%.0f ± %.0f").c_str(),
              interval(own, "%.1f ± %.1f").c_str(), interval(district, "%.1f ± %.1f").c_str());
  std::fflush(stdout);
}

void print_rows(const Row& row, std::uint64_t first_seed, std::uint64_t seeds, double part) {
  for (const auto& [policy, name] : kPolicies) {
    std::vector<PolicyCounts> others;
    std::vector<PolicyCounts> flooded;
    for (std::uint64_t n = 0; n < seeds; ++n) {
      PolicyWorld world = row.plan;
      world.policy = policy;
      world.lasts_h *= part;
      world.seed = first_seed + n;
      const PolicyRun run = run_policy_world(world);
      others.push_back(run.others);
      flooded.push_back(run.flooded);
    }
    const bool flood = row.plan.flood_per_hour > 0;
    print_row(std::string(row.world) + (flood ? ", other lines" : ""), name, others);
    if (flood) print_row(std::string(row.world) + ", that line", name, flooded);
  }
}

}  // namespace
}  // namespace kapok::sim

int main(int argc, char** argv) {
  using namespace kapok::sim;
  CLI::App app("What each routing policy yields in a city of Guangzhou's shape: the table of tests/README.md");
  std::uint64_t seed = 1;
  std::uint64_t seeds = 8;
  double part = 1;
  std::string only;
  app.add_option("--seed", seed, "the first");
  app.add_option("--seeds", seeds, "how many, for the intervals")->check(CLI::Range(2, 1000));
  app.add_option("--part", part, "of the hours each world lasts")->check(CLI::PositiveNumber);
  app.add_option("--world", only, "one world alone: night, day, surge, …");
  CLI11_PARSE(app, argc, argv);
  std::puts("| world | policy | callers | abandoned % | mean wait s | p99 wait s | own station % | district % |");
  std::puts("|---|---|---|---|---|---|---|---|");
  for (const auto& row : rows())
    if (only.empty() || only == row.world) print_rows(row, seed, seeds, part);
  return 0;
}
