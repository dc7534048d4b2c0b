#include "sim/plain_world.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <variant>

#include "core/check.h"
#include "load/random_streams.h"
#include "routing/routing_core.h"
#include "sim/agenda.h"

namespace kapok::sim {
namespace {

using load::Purpose;
using load::RandomStreams;

constexpr Instant kStart{1'795'219'200'000'000};
constexpr std::size_t kStationsMax = 64;  // one skill bit each when isolated

enum class Next { kArrival, kTalkEnds, kPatienceEnds };

struct Caller {
  std::size_t station = 0;
  Instant arrived;
  Duration talk{0};
  bool counted = false;
  bool talking = false;
};

Duration drawn(load::Stream stream, double mean_s) {
  return Duration{static_cast<std::int64_t>(std::llround(stream.exponential(mean_s) * 1e6))};
}

/// Callers until an empty start is forgotten. 1 / (sqrt(n mu) - sqrt(lambda))² is the relaxation time of M/M/n;
/// with patience nothing lasts longer than talks and patience do.
std::int64_t warm_up(const std::vector<QueueModel>& stations) {
  double longest_s = 0;
  double rate = 0;
  for (const QueueModel& q : stations) {
    const double root = std::sqrt(q.servers / q.talk_mean_s) - std::sqrt(q.arrivals_per_s);
    const double relaxes_s = q.patience_mean_s > 0 ? std::max(q.patience_mean_s, q.talk_mean_s) : 1 / (root * root);
    longest_s = std::max({longest_s, relaxes_s, q.talk_mean_s});
    rate += q.arrivals_per_s;
  }
  return static_cast<std::int64_t>(20 * longest_s * rate) + 1;
}

class Plain {
 public:
  explicit Plain(const PlainWorld& world) : world_(world), streams_(world.seed), skipped_(warm_up(world.stations)) {
    KAPOK_CHECK(!world.stations.empty() && world.stations.size() <= kStationsMax);
    run_.stations.resize(world.stations.size());
  }

  PlainRun run() {
    tell(directory());
    tell(routing::Restarted{});
    staff();
    for (std::size_t s = 0; s < world_.stations.size(); ++s) plan_arrival(s);
    while (!agenda_.empty()) {
      const auto timer = core_.next_timer();
      if (timer && *timer <= agenda_.next()) {
        now_ = *timer;
        tell(routing::Ticked{});
        continue;
      }
      const auto item = agenda_.take();
      now_ = item.at;
      if (item.kind == Next::kArrival) arrive(static_cast<std::size_t>(item.a));
      if (item.kind == Next::kTalkEnds) end_talk(CallId{item.a}, WorkerId{item.b});
      if (item.kind == Next::kPatienceEnds) lose_patience(CallId{item.a});
    }
    return run_;
  }

 private:
  [[nodiscard]] UnitId unit_of(std::size_t station) const {
    return world_.shape == PlainShape::kOnePool ? UnitId{1} : UnitId{100 + static_cast<std::int64_t>(station)};
  }
  [[nodiscard]] std::uint64_t skill_of(std::size_t station) const {
    return world_.shape == PlainShape::kIsolated ? std::uint64_t{1} << station : 0;
  }

  [[nodiscard]] routing::DirectoryChanged directory() const {
    const RingPreset rings = world_.shape == PlainShape::kLocalRings ? RingPreset::kLocal : RingPreset::kNormal;
    routing::DirectoryChanged d;
    d.units = {{UnitId{1}, UnitId{}, UnitKind::kCity, rings}};
    for (std::int64_t side = 0; side < 2; ++side) {
      d.units.push_back({UnitId{10 + side}, UnitId{1}, UnitKind::kRegion, rings});
      d.units.push_back({UnitId{20 + side}, UnitId{10 + side}, UnitKind::kDistrict, rings});
    }
    std::int64_t worker = 0;
    for (std::size_t s = 0; s < world_.stations.size(); ++s) {
      const auto number = static_cast<std::int64_t>(s);
      d.units.push_back({UnitId{100 + number}, UnitId{20 + number % 2}, UnitKind::kStation, rings});
      d.lines.push_back({LineId{100 + number}, unit_of(s), LineMode::kTrunk, false, skill_of(s)});
      for (std::int32_t n = 0; n < world_.stations[s].servers; ++n) {
        ++worker;
        d.workers.push_back(
            {WorkerId{worker}, unit_of(s), {{EndpointId{worker}, routing::Endpoint{}.kind, 1}}, skill_of(s), 0});
      }
    }
    return d;
  }

  void staff() {
    std::int64_t worker = 0;
    for (std::size_t s = 0; s < world_.stations.size(); ++s)
      for (std::int32_t n = 0; n < world_.stations[s].servers; ++n) {
        ++worker;
        tell(routing::ShiftStarted{ShiftId{worker}, WorkerId{worker}, {unit_of(s)}, {EndpointId{worker}}});
        tell(routing::EndpointUp{EndpointId{worker}});
        tell(routing::WorkerReady{WorkerId{worker}});
      }
  }

  void plan_arrival(std::size_t station) {
    const std::uint64_t number = (static_cast<std::uint64_t>(station) << 40U) + ++dialled_at_[station];
    const double mean_s = 1 / world_.stations[station].arrivals_per_s;
    const Instant at =
        (dialled_at_[station] == 1 ? kStart : now_) + drawn(streams_.of(Purpose::kArrival, number), mean_s);
    agenda_.plan(at, Next::kArrival, static_cast<std::int64_t>(station));
  }

  void arrive(std::size_t station) {
    if (arrived_ >= skipped_ + world_.callers) return;  // enough: this station's stream ends
    const CallId id{++arrived_};
    const std::uint64_t number = (static_cast<std::uint64_t>(station) << 40U) + dialled_at_[station];
    const QueueModel& model = world_.stations[station];
    Caller& caller = callers_[id.value];
    caller.station = station;
    caller.arrived = now_;
    caller.talk = drawn(streams_.of(Purpose::kTalk, number), model.talk_mean_s);
    caller.counted = arrived_ > skipped_;
    if (caller.counted) ++run_.stations[station].callers;
    if (model.patience_mean_s > 0) {
      const Duration patience = drawn(streams_.of(Purpose::kPatience, number), model.patience_mean_s);
      agenda_.plan(now_ + patience, Next::kPatienceEnds, id.value);
    }
    plan_arrival(station);
    routing::CallArrived event;
    event.call = id;
    event.line = LineId{100 + static_cast<std::int64_t>(station)};
    event.arrived_at = now_;
    event.arrival_seq = arrived_;
    tell(event);
  }

  void end_talk(CallId call, WorkerId worker) {
    callers_.erase(call.value);
    tell(routing::CallEnded{call, worker, false});
    tell(routing::AfterCallEnded{worker});
  }

  void lose_patience(CallId call) {
    const auto found = callers_.find(call.value);
    if (found == callers_.end() || found->second.talking) return;
    count(found->second, false);
    callers_.erase(found);
    tell(routing::CallerLeft{call, routing::LeftCause::kHungUp});
  }

  void count(const Caller& caller, bool answered) {
    if (!caller.counted) return;
    PlainCounts& counts = run_.stations[caller.station];
    const Duration wait = now_ - caller.arrived;
    counts.wait_s += static_cast<double>(wait.count()) * 1e-6;
    counts.waited += wait.count() > 0 ? 1 : 0;
    counts.abandoned += answered ? 0 : 1;
    counts.answered_20s += answered && wait <= seconds{20} ? 1 : 0;
    counts.answered_60s += answered && wait <= seconds{60} ? 1 : 0;
  }

  void connected(const routing::ConnectCall& talk) {
    Caller& caller = callers_.at(talk.call.value);
    count(caller, true);
    caller.talking = true;
    agenda_.plan(now_ + caller.talk, Next::kTalkEnds, talk.call.value, talk.worker.value);
  }

  void tell(const routing::Event& event) {
    ++run_.events;
    std::vector<routing::OfferCall> offers;
    for (const routing::Command& command : core_.apply(now_, event)) {
      if (const auto* offer = std::get_if<routing::OfferCall>(&command)) offers.push_back(*offer);
      if (const auto* talk = std::get_if<routing::ConnectCall>(&command)) connected(*talk);
    }
    for (const auto& offer : offers)
      tell(routing::OfferAccepted{offer.offer, offer.epoch, offer.worker, offer.endpoints.front()});
  }

  const PlainWorld& world_;
  RandomStreams streams_;
  std::int64_t skipped_;
  routing::RoutingCore core_;
  Instant now_ = kStart;
  Agenda<Next> agenda_;
  std::unordered_map<std::int64_t, Caller> callers_;
  std::unordered_map<std::size_t, std::uint64_t> dialled_at_;
  std::int64_t arrived_ = 0;
  PlainRun run_;
};

}  // namespace

void PlainCounts::add(const PlainCounts& other) {
  callers += other.callers;
  waited += other.waited;
  abandoned += other.abandoned;
  answered_20s += other.answered_20s;
  answered_60s += other.answered_60s;
  wait_s += other.wait_s;
}

PlainCounts PlainRun::together() const {
  PlainCounts all;
  for (const PlainCounts& station : stations) all.add(station);
  return all;
}

PlainRun run_plain_world(const PlainWorld& world) { return Plain(world).run(); }

}  // namespace kapok::sim
