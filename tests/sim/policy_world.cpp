#include "sim/policy_world.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <variant>
#include <vector>

#include "load/random_streams.h"
#include "routing/policy.h"
#include "routing/routing_core.h"
#include "sim/agenda.h"
#include "sim/city_shape.h"

namespace kapok::sim {
namespace {

using load::Purpose;

constexpr Instant kStart{1'795'219'200'000'000};
constexpr Duration kNotCounted = hours{1};
constexpr double kHandledS = kPolicyTalkMeanS + 300;
/// Who lets a desk ring out comes back to it after this long.
constexpr Duration kBackAtDesk = seconds{120};

enum class Next { kArrival, kFlood, kTimer, kAccept, kTalkEnds, kPatienceEnds, kReadyAgain };

struct Caller {
  std::size_t station = 0;
  Instant arrived;
  double talk_s = 0;
  bool flood = false;
  bool counted = false;
  bool talking = false;
};

struct Group {
  std::int64_t callers = 0;
  std::int64_t abandoned = 0;
  std::int64_t own_station = 0;
  std::int64_t district = 0;
  std::vector<double> waits;

  PolicyCounts counts() {
    PolicyCounts out;
    out.callers = callers;
    if (callers > 0) out.abandoned = static_cast<double>(abandoned) / static_cast<double>(callers);
    if (waits.empty()) return out;
    const auto answered = static_cast<double>(waits.size());
    for (const double wait : waits) out.wait_mean_s += wait / answered;
    const auto at = waits.begin() + static_cast<std::ptrdiff_t>(0.99 * answered);
    std::nth_element(waits.begin(), at, waits.end());
    out.wait_p99_s = *at;
    out.own_station = static_cast<double>(own_station) / answered;
    out.district = static_cast<double>(district) / answered;
    return out;
  }
};

Duration lasting(double s) { return Duration{std::llround(s * 1e6)}; }

class PolicyCity {
 public:
  explicit PolicyCity(const PolicyWorld& world)
      : world_(world), streams_(world.seed), shape_(guangzhou_shape(streams_.of(Purpose::kSwarm))) {
    const std::size_t count = world.policy == Policy::kIsolated ? shape_.stations.size() : 1;
    for (std::size_t core = 0; core < count; ++core) cores_.emplace_back();
    planned_.resize(count);
    offers_.resize(count);
    for (const CityStation& station : shape_.stations) shares_ += station.share;
    while (shape_.stations[flooded_].share < 0.95 || shape_.stations[flooded_].share > 1.05) ++flooded_;
  }

  PolicyRun run() {
    for (std::size_t core = 0; core < cores_.size(); ++core) {
      tell(core, directory(core));
      tell(core, routing::Restarted{});
    }
    staff();
    agenda_.plan(kStart, Next::kArrival);
    if (world_.flood_per_hour > 0) agenda_.plan(kStart, Next::kFlood);
    while (!agenda_.empty()) {
      const auto item = agenda_.take();
      now_ = item.at;
      take(item);
    }
    return {others_.counts(), flood_.counts()};
  }

 private:
  using Item = Agenda<Next>::Item;

  [[nodiscard]] std::size_t core_of(std::size_t station) const { return cores_.size() == 1 ? 0 : station; }
  [[nodiscard]] std::size_t station_of(WorkerId worker) const {
    return static_cast<std::size_t>((worker.value - 1) / world_.workers_per_station);
  }
  [[nodiscard]] UnitId unit_of(std::size_t station) const {
    return world_.policy == Policy::kOnePool ? shape_.root : shape_.stations[station].unit;
  }
  [[nodiscard]] bool stands_in(std::size_t core, std::size_t station) const {
    return cores_.size() == 1 || core == station;
  }
  [[nodiscard]] std::int64_t workers() const {
    return world_.workers_per_station * static_cast<std::int64_t>(shape_.stations.size());
  }

  [[nodiscard]] routing::DirectoryChanged directory(std::size_t core) const {
    routing::DirectoryChanged d;
    d.units = shape_.directory.units;
    for (routing::Unit& unit : d.units)
      unit.rings = world_.policy == Policy::kLocal ? RingPreset::kLocal : RingPreset::kNormal;
    for (std::size_t s = 0; s < shape_.stations.size(); ++s)
      if (stands_in(core, s)) d.lines.push_back({shape_.stations[s].line, unit_of(s), LineMode::kTrunk, false, 0});
    for (std::int64_t w = 1; w <= workers(); ++w) {
      const std::size_t s = station_of(WorkerId{w});
      if (stands_in(core, s))
        d.workers.push_back({WorkerId{w}, unit_of(s), {{EndpointId{w}, world_.endpoint, 1}}, 0, 0});
    }
    return d;
  }

  void staff() {
    now_ = kStart;
    for (std::int64_t w = 1; w <= workers(); ++w) {
      const std::size_t s = station_of(WorkerId{w});
      routing::ShiftStarted shift;
      shift.shift = ShiftId{w};
      shift.worker = WorkerId{w};
      shift.units = {unit_of(s)};
      shift.endpoints = {EndpointId{w}};
      tell(core_of(s), shift);
      tell(core_of(s), routing::EndpointUp{EndpointId{w}});
      tell(core_of(s), routing::WorkerReady{WorkerId{w}});
    }
  }

  void take(const Item& item) {
    const auto core = static_cast<std::size_t>(item.b);
    if (item.kind == Next::kArrival) return arrive();
    if (item.kind == Next::kFlood) return flood();
    if (item.kind == Next::kTimer) {
      if (planned_[core] == now_) planned_[core] = {};
      if (const auto timer = cores_[core].next_timer(); timer && *timer <= now_) tell(core, routing::Ticked{});
    } else if (item.kind == Next::kAccept) {
      accept(OfferId{item.a}, core);
    } else if (item.kind == Next::kTalkEnds) {
      tell(core, routing::CallEnded{CallId{item.a}, callers_worker_.at(item.a), false});
      callers_.erase(item.a);
      callers_worker_.erase(item.a);
    } else if (item.kind == Next::kPatienceEnds) {
      lose_patience(CallId{item.a});
    } else {
      tell(core, routing::WorkerReady{WorkerId{item.a}});
    }
  }

  [[nodiscard]] bool over() const { return now_ - kStart >= kNotCounted + lasting(world_.lasts_h * 3600); }

  void arrive() {
    if (over()) return;
    const double per_s = world_.erlangs_per_station * static_cast<double>(shape_.stations.size()) / kHandledS;
    const std::uint64_t number = ++dialled_;
    agenda_.plan(now_ + lasting(streams_.of(Purpose::kArrival, number).exponential(1 / per_s)), Next::kArrival);
    double at = streams_.of(Purpose::kLine, number).uniform() * shares_;
    std::size_t station = 0;
    while (station + 1 < shape_.stations.size() && at >= shape_.stations[station].share)
      at -= shape_.stations[station++].share;
    call(station, number, false);
  }

  void flood() {
    if (over()) return;
    const std::uint64_t number = (std::uint64_t{1} << 40U) + ++flooded_calls_;
    const double wait_s = streams_.of(Purpose::kArrival, number).exponential(3600 / world_.flood_per_hour);
    agenda_.plan(now_ + lasting(wait_s), Next::kFlood);
    call(flooded_, number, true);
  }

  void call(std::size_t station, std::uint64_t number, bool flood) {
    const CallId id{++last_call_};
    Caller& caller = callers_[id.value];
    caller.station = station;
    caller.arrived = now_;
    caller.talk_s = streams_.of(Purpose::kTalk, number).exponential(kPolicyTalkMeanS);
    caller.flood = flood || (world_.flood_per_hour > 0 && station == flooded_);
    caller.counted = now_ - kStart >= kNotCounted;
    if (caller.counted) ++group(caller).callers;
    const double patience_s = streams_.of(Purpose::kPatience, number).exponential(kPolicyPatienceMeanS);
    agenda_.plan(now_ + lasting(patience_s), Next::kPatienceEnds, id.value);
    routing::CallArrived event;
    event.call = id;
    event.line = shape_.stations[station].line;
    event.arrived_at = now_;
    event.arrival_seq = id.value;
    tell(core_of(station), event);
  }

  Group& group(const Caller& caller) { return caller.flood ? flood_ : others_; }

  void lose_patience(CallId id) {
    const auto found = callers_.find(id.value);
    if (found == callers_.end() || found->second.talking) return;
    const Caller caller = found->second;
    callers_.erase(found);
    if (caller.counted) ++group(caller).abandoned;
    tell(core_of(caller.station), routing::CallerLeft{id, routing::LeftCause::kHungUp});
  }

  /// How a worker meets an offer: after some seconds, or not at all.
  void ring(const routing::OfferCall& offer, std::size_t core) {
    load::Stream chance =
        streams_.of(Purpose::kDeskAnswer, static_cast<std::uint64_t>(offer.call.value * 64 + offer.attempt));
    const bool desk = world_.endpoint == EndpointKind::kDesk;
    if (chance.chance(desk ? 0.03 : 0.05)) return;
    const double after_s = desk ? chance.between(3, 8) : chance.between(8, 20);
    offers_[core][offer.offer.value] = offer;
    agenda_.plan(now_ + lasting(after_s), Next::kAccept, offer.offer.value, static_cast<std::int64_t>(core));
  }

  void accept(OfferId id, std::size_t core) {
    const auto found = offers_[core].find(id.value);
    const routing::OfferCall offer = found->second;
    offers_[core].erase(found);
    tell(core, routing::OfferAccepted{offer.offer, offer.epoch, offer.worker, offer.endpoints.front()});
  }

  void connected(const routing::ConnectCall& talk, std::size_t core) {
    Caller& caller = callers_.at(talk.call.value);
    caller.talking = true;
    callers_worker_[talk.call.value] = talk.worker;
    agenda_.plan(now_ + lasting(caller.talk_s), Next::kTalkEnds, talk.call.value, static_cast<std::int64_t>(core));
    if (!caller.counted) return;
    Group& met = group(caller);
    met.waits.push_back(static_cast<double>((now_ - caller.arrived).count()) * 1e-6);
    const std::size_t by = station_of(talk.worker);
    met.own_station += by == caller.station ? 1 : 0;
    met.district += shape_.stations[by].district == shape_.stations[caller.station].district ? 1 : 0;
  }

  void tell(std::size_t core, const routing::Event& event) {
    for (const routing::Command& command : cores_[core].apply(now_, event)) {
      if (const auto* offer = std::get_if<routing::OfferCall>(&command)) ring(*offer, core);
      if (const auto* talk = std::get_if<routing::ConnectCall>(&command)) connected(*talk, core);
      if (const auto* miss = std::get_if<routing::NoteMiss>(&command); miss && world_.endpoint == EndpointKind::kDesk)
        agenda_.plan(now_ + kBackAtDesk, Next::kReadyAgain, miss->worker.value, static_cast<std::int64_t>(core));
    }
    const auto timer = cores_[core].next_timer();
    if (!timer || *timer == planned_[core] || (over() && callers_.empty())) return;
    planned_[core] = *timer;
    agenda_.plan(*timer, Next::kTimer, 0, static_cast<std::int64_t>(core));
  }

  const PolicyWorld& world_;
  load::RandomStreams streams_;
  CityShape shape_;
  std::vector<routing::RoutingCore> cores_;
  std::vector<Instant> planned_;  ///< timer of each core that the agenda holds
  std::vector<std::unordered_map<std::int64_t, routing::OfferCall>> offers_;  ///< to be accepted, of each core
  Instant now_ = kStart;
  Agenda<Next> agenda_;
  double shares_ = 0;
  std::size_t flooded_ = 0;
  std::uint64_t dialled_ = 0;
  std::uint64_t flooded_calls_ = 0;
  std::int64_t last_call_ = 0;
  std::unordered_map<std::int64_t, Caller> callers_;
  std::unordered_map<std::int64_t, WorkerId> callers_worker_;
  Group others_;
  Group flood_;
};

}  // namespace

PolicyRun run_policy_world(const PolicyWorld& world) { return PolicyCity(world).run(); }

}  // namespace kapok::sim
