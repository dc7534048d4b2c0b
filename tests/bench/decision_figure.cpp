#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routing/routing_core.h"

/// What one decision costs: a city of 176 stations in which everybody but one talks and so many callers wait, all rings
/// open; a worker becomes free and is offered the caller who goes first. Without callers waiting everybody is free, and
/// a caller arrives. Beside it an event in the same city that decides nothing. Medians of single calls of apply(), the
/// reading of the clock included.
namespace kapok::routing {
namespace {

constexpr std::int64_t kStations = 176;
constexpr std::int64_t kDistricts = 11;
constexpr std::int64_t kRegions = 4;
constexpr std::int64_t kDecisions = 8'000;
constexpr Duration kBetween = milliseconds{1};
/// Long enough for the duty phone's ring, too short to age: no timer falls into a measurement.
constexpr Duration kWaitsSince = seconds{130};

double median(std::vector<double>& of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

class BusyCity {
 public:
  BusyCity(std::int64_t workers, std::int64_t waiting) : workers_(workers), waiting_(waiting) {
    apply(directory());
    apply(Restarted{});
    for (std::int64_t w = 1; w <= workers_; ++w) {
      apply(ShiftStarted{ShiftId{w}, WorkerId{w}, {station(w)}, {EndpointId{w}}, {}});
      apply(EndpointUp{EndpointId{w}});
      apply(WorkerReady{WorkerId{w}});
    }
    if (waiting_ == 0) return;
    for (std::int64_t w = 0; w < workers_; ++w) {
      arrive(Duration{0});
      accept();
    }
    for (std::int64_t c = 0; c < waiting_; ++c) arrive(kWaitsSince);
  }

  /// One more decision; seconds it took.
  double decide() {
    if (waiting_ > 0) return free_a_worker();
    const double took = arrive(Duration{0});
    const auto [call, worker] = accept();
    apply(CallEnded{call, worker, false});
    apply(AfterCallEnded{worker});
    return took;
  }
  double decide_nothing() { return apply(Ticked{}); }

 private:
  [[nodiscard]] static UnitId station(std::int64_t n) { return UnitId{1000 + n % kStations}; }

  [[nodiscard]] DirectoryChanged directory() const {
    DirectoryChanged d;
    d.units.push_back({UnitId{1}, {}, UnitKind::kCity, RingPreset::kNormal});
    for (std::int64_t r = 0; r < kRegions; ++r)
      d.units.push_back({UnitId{10 + r}, UnitId{1}, UnitKind::kRegion, RingPreset::kNormal});
    for (std::int64_t k = 0; k < kDistricts; ++k)
      d.units.push_back({UnitId{100 + k}, UnitId{10 + k % kRegions}, UnitKind::kDistrict, RingPreset::kNormal});
    for (std::int64_t s = 0; s < kStations; ++s) {
      d.units.push_back({station(s), UnitId{100 + s % kDistricts}, UnitKind::kStation, RingPreset::kNormal});
      d.lines.push_back({LineId{1 + s}, station(s), LineMode::kTrunk, false, 0});
    }
    for (std::int64_t w = 1; w <= workers_; ++w)
      d.workers.push_back({WorkerId{w}, station(w), {{EndpointId{w}, EndpointKind::kDesk, 1}}, 0, 0});
    return d;
  }

  /// Frees the worker who has talked longest and lets another caller take the place of the one who left.
  double free_a_worker() {
    const auto [call, worker] = talks_.at(next_talk_);
    apply(CallEnded{call, worker, false});
    const double took = apply(AfterCallEnded{worker});
    talks_.erase(next_talk_++);
    accept();
    arrive(kWaitsSince);
    return took;
  }

  double arrive(Duration ago) {
    const std::int64_t id = ++last_call_;
    // Lines are dialled in an order that has nothing to do with that of the workers.
    return apply(CallArrived{CallId{id}, LineId{1 + id * 67 % kStations}, Channel::kPhone, {}, {}, now_ - ago, id});
  }

  std::pair<CallId, WorkerId> accept() {
    const OfferCall offer = std::move(*offer_);
    offer_.reset();
    apply(OfferAccepted{offer.offer, offer.epoch, offer.worker, offer.endpoints.front()});
    if (waiting_ > 0) talks_[last_talk_++] = {offer.call, offer.worker};
    return {offer.call, offer.worker};
  }

  double apply(const Event& event) {
    now_ = now_ + kBetween;
    const auto began = std::chrono::steady_clock::now();
    const std::vector<Command> commands = core_.apply(now_, event);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    for (const Command& command : commands)
      if (const auto* offer = std::get_if<OfferCall>(&command)) offer_ = *offer;
    return took.count();
  }

  std::int64_t workers_;
  std::int64_t waiting_;
  RoutingCore core_;
  Instant now_{1'795'219'200'000'000};
  std::int64_t last_call_ = 0;
  std::optional<OfferCall> offer_;
  std::map<std::int64_t, std::pair<CallId, WorkerId>> talks_;
  std::int64_t next_talk_ = 0;
  std::int64_t last_talk_ = 0;
};

void decision(benchmark::State& state) {
  BusyCity city(state.range(0), state.range(1));
  std::vector<double> took;
  std::vector<double> nothing;
  for ([[maybe_unused]] auto each : state) {
    took.push_back(city.decide());
    nothing.push_back(city.decide_nothing());
    state.SetIterationTime(took.back());
  }
  state.counters["median_ns"] = 1e9 * median(took);
  state.counters["empty_ns"] = 1e9 * median(nothing);
}
BENCHMARK(decision)
    ->ArgsProduct({{10, 100, 1'000, 7'000, 10'000}, {0, 10, 100, 1'000}})
    ->UseManualTime()
    ->Iterations(kDecisions);

/// Collects the medians; what a person sees on the way goes to stderr.
class Table : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      const double ns = run.counters.at("median_ns");
      std::fprintf(stderr, "%s %.0f ns, p50\n", run.benchmark_name().c_str(), ns);
      cells_.push_back({run.run_name.args, ns, run.counters.at("empty_ns")});
    }
  }

  void print() const {
    for (const Cell& cell : cells_)
      std::printf("routing decision, median, workers/waiting %s\t%.0f ns\tempty call %.0f ns\n", cell.of.c_str(),
                  cell.ns, cell.empty_ns);
    const auto all = [](const Cell&) { return std::string(); };
    const auto waiting = [](const Cell& cell) { return cell.of.substr(cell.of.find('/')); };
    const auto workers = [](const Cell& cell) { return cell.of.substr(0, cell.of.find('/')); };
    std::printf("routing decision, worst ratio over 10 to 10,000 workers\t%.2f\ttarget 2\n", worst_ratio(waiting));
    std::printf("routing decision, worst ratio over 0 to 1,000 waiting\t%.2f\ttarget 2\n", worst_ratio(workers));
    std::printf("routing decision, dearest : cheapest of all\t%.2f\ttarget 2\n", worst_ratio(all));
  }

 private:
  struct Cell {
    std::string of;
    double ns;
    double empty_ns;
  };

  /// Of the dearest to the cheapest among cells that are alike in this, at its worst.
  template <class Alike>
  [[nodiscard]] double worst_ratio(Alike alike) const {
    double worst = 0;
    for (const Cell& one : cells_)
      for (const Cell& other : cells_)
        if (alike(one) == alike(other)) worst = std::max(worst, one.ns / other.ns);
    return worst;
  }

  std::vector<Cell> cells_;
};

}  // namespace
}  // namespace kapok::routing

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  kapok::routing::Table table;
  benchmark::RunSpecifiedBenchmarks(&table);
  table.print();
  return 0;
}
