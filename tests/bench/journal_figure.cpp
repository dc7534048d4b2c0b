#include <chrono>
#include <cstdio>
#include <vector>

#include "service/journaling.h"

/// What the journal costs the strand for each event, beside the decision itself, in a city of full size.
namespace kapok {
namespace {

using namespace routing;

constexpr std::int64_t kStations = 176;
constexpr std::int64_t kWorkers = 7'000;
constexpr std::int64_t kOnDuty = 1'000;
constexpr int kCalls = 10'000;

using SteadyClock = std::chrono::steady_clock;

double microseconds_since(SteadyClock::time_point began) {
  return std::chrono::duration<double, std::micro>(SteadyClock::now() - began).count();
}

DirectoryChanged directory() {
  DirectoryChanged told;
  told.units.push_back({UnitId{1}, {}, UnitKind::kCity, RingPreset::kNormal});
  told.units.push_back({UnitId{2}, UnitId{1}, UnitKind::kRegion, RingPreset::kNormal});
  told.units.push_back({UnitId{3}, UnitId{2}, UnitKind::kDistrict, RingPreset::kNormal});
  for (std::int64_t i = 0; i < kStations; ++i) {
    told.units.push_back({UnitId{10 + i}, UnitId{3}, UnitKind::kStation, RingPreset::kNormal});
    told.lines.push_back({LineId{1000 + i}, UnitId{10 + i}, LineMode::kTrunk, false, 0});
  }
  for (std::int64_t i = 0; i < kWorkers; ++i)
    told.workers.push_back(
        {WorkerId{10'000 + i}, UnitId{10 + i % kStations}, {{EndpointId{20'000 + i}, EndpointKind::kDesk, 1}}, 0, 0});
  return told;
}

Restarted restarted() {
  Restarted told;
  for (std::int64_t i = 0; i < kOnDuty; ++i) {
    RestoredWorker worker;
    worker.worker = WorkerId{10'000 + i};
    worker.shifts = {{ShiftId{40'000 + i}, worker.worker, {UnitId{10 + i % kStations}}, {EndpointId{20'000 + i}}}};
    worker.desk_ready = true;
    told.workers.push_back(worker);
  }
  return told;
}

class Day {
 public:
  Day() { journaling_.begin(0, {}); }

  std::vector<Command> tell(const Event& event) {
    now_ = now_ + milliseconds{200};
    const auto began = SteadyClock::now();
    auto commands = core_.apply(now_, event);
    deciding_us += microseconds_since(began);
    const auto decided = SteadyClock::now();
    const auto row = journaling_.row(storage::JournalId{++rows}, now_, event, commands, core_);
    const double took_us = microseconds_since(decided);
    (row.state_hash ? hashing_us : writing_us) += took_us;
    hashes += row.state_hash ? 1 : 0;
    worst_us = std::max(worst_us, took_us);
    bytes += row.event.size();
    return commands;
  }

  void call(std::int64_t number) {
    CallArrived arrived;
    arrived.call = CallId{number};
    arrived.line = LineId{1000 + number % kStations};
    arrived.caller_key = std::string(16, 'k');
    arrived.arrived_at = now_;
    arrived.arrival_seq = number;
    for (const Command& command : tell(arrived))
      if (const auto* offer = std::get_if<OfferCall>(&command))
        return answer(OfferAccepted{offer->offer, offer->epoch, offer->worker, offer->endpoints.front()},
                      CallId{number});
  }

  double deciding_us = 0, writing_us = 0, hashing_us = 0, worst_us = 0;
  std::int64_t rows = 0, hashes = 0;
  std::size_t bytes = 0;

 private:
  void answer(const OfferAccepted& accepted, CallId call) {
    tell(accepted);
    tell(CallEnded{call, accepted.worker, false});
    tell(WorkerReady{accepted.worker});
  }

  RoutingCore core_;
  service::Journaling journaling_{CityId{1}, kChinaOffset, "0.1.0"};
  Instant now_{1'790'128'800'000'000};
};

void figures() {
  Day day;
  day.tell(directory());
  day.tell(restarted());
  for (std::int64_t i = 0; i < kOnDuty; ++i) day.tell(EndpointUp{EndpointId{20'000 + i}});
  day.deciding_us = day.writing_us = day.hashing_us = day.worst_us = 0;
  day.rows = day.hashes = 0;
  day.bytes = 0;
  for (int i = 1; i <= kCalls; ++i) day.call(i);
  const auto events = static_cast<double>(day.rows);
  std::printf("journal row, per event\t%.2f us\tthe decision itself %.2f us; %.0f bytes of text, 7,000 workers\n",
              (day.writing_us + day.hashing_us) / events, day.deciding_us / events,
              static_cast<double>(day.bytes) / events);
  std::printf("journal row with the state's hash\t%.0f us\t%lld of %lld rows; worst row %.0f us\n",
              day.hashing_us / static_cast<double>(std::max<std::int64_t>(day.hashes, 1)),
              static_cast<long long>(day.hashes), static_cast<long long>(day.rows), day.worst_us);
}

}  // namespace
}  // namespace kapok

int main() { kapok::figures(); }
