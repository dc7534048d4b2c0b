#include "random_world.h"

#include <algorithm>

#include "state_of_core.h"

namespace kapok::routing {
namespace {

constexpr std::int64_t kStations = 6;

Unit unit(std::int64_t id, std::int64_t parent, UnitKind kind, RingPreset rings = RingPreset::kNormal) {
  return {UnitId{id}, UnitId{parent}, kind, rings};
}

/// Station 6 stands directly under a region: trees with a missing level exist.
DirectoryChanged small_city(std::int64_t workers, CounterRandom& random) {
  DirectoryChanged d;
  d.units = {unit(1, 0, UnitKind::kCity),       unit(10, 1, UnitKind::kRegion),
             unit(11, 1, UnitKind::kRegion),    unit(20, 10, UnitKind::kDistrict),
             unit(21, 11, UnitKind::kDistrict), unit(101, 20, UnitKind::kStation),
             unit(102, 20, UnitKind::kStation), unit(103, 20, UnitKind::kStation, RingPreset::kLocal),
             unit(104, 21, UnitKind::kStation), unit(105, 21, UnitKind::kStation),
             unit(106, 11, UnitKind::kStation)};
  for (const Unit& u : d.units) d.lines.push_back({LineId{u.id.value}, u.id, LineMode::kTrunk, false, 0});
  d.lines.push_back({LineId{900}, UnitId{1}, LineMode::kTrunk, true, 0});
  d.lines.push_back({LineId{901}, UnitId{101}, LineMode::kTrunk, false, 1});
  for (std::int64_t w = 1; w <= workers; ++w)
    d.workers.push_back({WorkerId{w},
                         UnitId{101},
                         {{EndpointId{w * 10 + 1}, EndpointKind::kDesk, 1},
                          {EndpointId{w * 10 + 2}, EndpointKind::kPhone, 1},
                          {EndpointId{w * 10 + 3}, EndpointKind::kDutyPhone, 1 + static_cast<std::int32_t>(w % 3)}},
                         static_cast<std::uint64_t>(random.below(2)) | (random.chance(20) ? kSupervisorSkill : 0),
                         static_cast<std::uint64_t>(random.below(4))});
  return d;
}

}  // namespace

RandomWorld::RandomWorld(std::uint64_t seed) : random_(seed), core_(options()), now_{1'795'219'200'000'000} {
  now_ = now_ + Duration{hours{random_.below(24)}};
  workers_ = 1 + random_.below(30);
  load_percent_ = 5 + random_.below(40);
  if (random_.chance(40)) {  // a quiet world, in which somebody is free to take a transfer
    workers_ = 10 + random_.below(21);
    load_percent_ = 12 + random_.below(8);
  }
  fault_percent_ = random_.below(40);
  flood_percent_ = random_.chance(30) ? 80 : 0;
  (void)apply(small_city(workers_, random_));
  (void)apply(Restarted{epoch_, {}, {}, {}, {}});
}

std::optional<std::string> RandomWorld::apply(const Event& event, bool restarted) {
  auto commands = core_.apply(now_, event);
  note(commands);
  history_.push_back({now_, event, restarted, std::move(commands), core_.state_hash()});
  return core_.check_all();
}

void RandomWorld::note(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    if (const auto* offer = std::get_if<OfferCall>(&command)) offers_.push_back(*offer);
    if (const auto* arrived = std::get_if<RecordArrival>(&command)) ledger_.arrived.insert(arrived->call);
    if (const auto* ended = std::get_if<EndCall>(&command)) ledger_.ended.insert(ended->call);
    if (const auto* passed = std::get_if<RecordTransferEnded>(&command))
      if (passed->how == TransferEnd::kTaken) taken_.insert(passed->call);
  }
}

std::optional<std::string> RandomWorld::step() {
  // A clock that stands still, runs, skips over timers, or stops exactly at one.
  const std::int64_t how = random_.below(10);
  if (how < 3) now_ = now_ + Duration{seconds{random_.below(20)}};
  if (how == 4 && core_.next_timer())  // shortly before one
    now_ = std::max(now_, *core_.next_timer() - Duration{seconds{random_.below(16)}});
  if (how == 3) now_ = now_ + Duration{random_.below(1'000'000)};
  if (how > 5 && core_.next_timer()) now_ = std::max(now_, *core_.next_timer());
  if (random_.below(400) == 0) return crash();
  return apply(random_event());
}

Event RandomWorld::random_event() {
  for (const CallView& call : core_.calls_of(UnitId{1}))
    if (call.second_offer.is_set() && random_.chance(20)) return second_event(call);
  if (random_.chance(load_percent_)) return caller_event();
  if (random_.chance(50)) return offer_event();
  if (random_.chance(2)) return directory_event();
  return random_.chance(85) ? worker_event() : Event{Ticked{}};
}

CallId RandomWorld::any_call() {
  const auto open = core_.calls_of(UnitId{1});
  if (open.empty() || random_.chance(2)) return CallId{1 + random_.below(last_call_ + 1)};
  return open[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(open.size())))].call;
}

/// Rather one who still writes.
WorkerId RandomWorld::last_worker() {
  for (int i = 0; i < 8; ++i) {
    const WorkerId worker = any_worker();
    const auto view = core_.worker(worker);
    if (view && view->state == WorkerState::kAfterCall) return worker;
  }
  return any_worker();
}

Event RandomWorld::arrival() {
  static constexpr std::int64_t kLines[] = {101, 101, 101, 102, 103, 104, 105, 106, 20, 11, 1, 900, 901};
  CallArrived call;
  call.call = CallId{++last_call_};
  call.line = LineId{random_.chance(flood_percent_) ? 101 : kLines[random_.below(13)]};
  call.channel = random_.chance(10) ? Channel::kSms : Channel::kPhone;
  call.facts.elder = random_.chance(10);
  call.facts.open_imminent = random_.chance(2);
  call.facts.over_bucket = random_.chance(20);
  if (random_.chance(40)) call.facts.last_worker = last_worker();
  if (random_.chance(40)) call.facts.language = some_language();
  call.facts.unanswered_attempts_30min = static_cast<std::int32_t>(random_.below(4));
  call.arrived_at = now_ - Duration{random_.chance(5) ? Duration{seconds{100}} : Duration{0}};
  call.arrival_seq = last_call_;
  if (random_.chance(70)) call.caller_key = "n" + std::to_string(random_.below(20));
  if (random_.chance(20))
    for (const CallView& open : core_.calls_of(UnitId{1}))
      if (open.kept) call.takes_over = open.call;
  return call;
}

Event RandomWorld::caller_event() {
  if (random_.chance(60)) return arrival();
  if (random_.chance(20)) return random_.chance(90) ? Event{CallbackAccepted{any_call()}} : CallerReached{any_call()};
  static constexpr LeftCause kCauses[] = {LeftCause::kHungUp, LeftCause::kHungUp, LeftCause::kGatewayLetGo,
                                          LeftCause::kGatewayLost, LeftCause::kNetworkFailure};
  const CallId call = any_call();
  if (random_.chance(3)) return CallerLeft{call, LeftCause::kNotReached};
  return CallerLeft{call, kCauses[random_.below(5)]};
}

Event RandomWorld::offer_event() {
  const CallId call = any_call();
  const auto view = core_.call(call);
  if (view && view->state == CallState::kTalking) {
    if (view->kept && random_.chance(70))
      return random_.chance(70) ? Event{CallerReached{call}} : Event{CallerLeft{call, LeftCause::kNotReached}};
    if (taken_.contains(call) && random_.chance(60)) return WorkerLegLost{call, view->worker};
    if (random_.chance(25)) return transfer(*view);
    if (random_.chance(fault_percent_ / 2)) return WorkerLegLost{call, view->worker};
    if (random_.chance(10)) return HandedBack{call, random_.chance(90) ? view->worker : any_worker()};
    return CallEnded{call, random_.chance(95) ? view->worker : any_worker(), random_.chance(10)};
  }
  if (offers_.empty()) return Ticked{};
  // Mostly the newest, sometimes one long gone: late, repeated and foreign answers.
  const auto back = random_.chance(80) ? random_.below(4) : random_.below(50);
  const auto last = static_cast<std::int64_t>(offers_.size()) - 1;
  const OfferCall& offer = offers_[static_cast<std::size_t>(std::max<std::int64_t>(0, last - back))];
  const WorkerId worker = random_.chance(95) ? offer.worker : any_worker();
  const std::int64_t epoch = random_.chance(98) ? offer.epoch : offer.epoch - 1;
  if (random_.chance(10)) return OfferDeclined{offer.offer, epoch, worker};
  if (random_.chance(fault_percent_ / 2))
    return OfferFailed{offer.offer, epoch, offer.endpoints.back(), OfferFailure::kUnreachable};
  return OfferAccepted{offer.offer, epoch, worker, offer.endpoints.front()};
}

WorkerId RandomWorld::perhaps_free_worker() {
  std::vector<WorkerId> free;
  for (const WorkerView& worker : core_.workers_of(UnitId{1}))
    if (worker.state == WorkerState::kReady) free.push_back(worker.worker);
  if (free.empty() || random_.chance(20)) return any_worker();
  return free[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(free.size())))];
}

Event RandomWorld::transfer(const CallView& call) {
  TransferAsked asked;
  asked.call = call.call;
  asked.worker = random_.chance(97) ? call.worker : any_worker();
  asked.kind = random_.chance(60) ? TransferKind::kWarm : TransferKind::kCold;
  const std::int64_t to = random_.below(10);
  if (to < 4) asked.to_worker = perhaps_free_worker();
  if (to >= 4 && to < 8) asked.to_unit = random_.chance(95) ? UnitId{101 + random_.below(kStations)} : UnitId{7};
  if (to == 8) asked.to_unit = UnitId{20 + random_.below(2)};
  if (to == 9) asked.to_supervisor = true;
  return asked;
}

/// Of the second of a warm transfer, or of the first beside him.
Event RandomWorld::second_event(const CallView& call) {
  if (random_.chance(10)) return HandedBack{call.call, call.worker};
  if (random_.chance(20)) return TransferCancelled{call.call, random_.chance(95) ? call.worker : call.second};
  for (const OfferCall& offer : offers_) {
    if (offer.offer != call.second_offer) continue;
    if (random_.chance(15)) return OfferDeclined{offer.offer, offer.epoch, offer.worker};
    if (random_.chance(fault_percent_ / 2))
      return OfferFailed{offer.offer, offer.epoch, offer.endpoints.back(), OfferFailure::kBusy};
    return OfferAccepted{offer.offer, offer.epoch, offer.worker, offer.endpoints.front()};
  }
  return Ticked{};
}

std::vector<UnitId> RandomWorld::some_units() {
  if (random_.chance(8)) return {UnitId{20 + random_.below(2)}};
  std::vector<UnitId> units{UnitId{101 + random_.below(kStations)}};
  while (random_.chance(20)) units.push_back(UnitId{101 + random_.below(kStations)});
  return units;
}

Event RandomWorld::shift(WorkerId worker) {
  ShiftStarted event{ShiftId{++last_shift_}, worker, some_units(), {}};
  if (random_.chance(50)) event.backup = any_worker();
  const std::int64_t kind = random_.below(10);
  if (kind < 5) event.endpoints = {endpoint(worker, 1)};
  if (kind >= 5 && kind < 8) event.endpoints = {endpoint(worker, 2)};
  if (kind == 8) event.endpoints = {endpoint(worker, 1), endpoint(worker, 2)};
  if (kind == 9) event.endpoints = {endpoint(worker, 3)};
  shifts_.push_back(event.shift);
  return event;
}

Event RandomWorld::worker_event() {
  const WorkerId worker = any_worker();
  const std::int64_t what = random_.below(100);
  if (what < 25) return shift(worker);
  if (what < 35 && !shifts_.empty())
    return ShiftEnded{shifts_[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(shifts_.size())))]};
  if (what < 60) return WorkerReady{worker};
  if (what < 65) return WorkerAway{worker};
  if (what < 70) return AfterCallEnded{worker};
  if (random_.chance(fault_percent_)) return EndpointDown{endpoint(worker, 1 + random_.below(3))};
  return EndpointUp{endpoint(worker, 1 + random_.below(3))};
}

Event RandomWorld::directory_event() {
  DirectoryChanged d;
  const std::int64_t what = random_.below(4);
  const std::int64_t station = 101 + random_.below(kStations);
  const RingPreset rings = random_.chance(50) ? RingPreset::kLocal : RingPreset::kNormal;
  if (what == 0) d.units = {unit(station, 20 + random_.below(2), UnitKind::kStation, rings)};
  if (what == 1) d.lines = {{LineId{901}, UnitId{station}, LineMode::kTrunk, false, 1 + random_.next() % 2}};
  if (what == 2) {
    const WorkerId worker = any_worker();
    d.workers = {{worker,
                  UnitId{101},
                  {{endpoint(worker, 2), EndpointKind::kPhone, 1}},
                  random_.next() % 4,
                  random_.next() % 4}};
    if (random_.chance(70)) d.workers[0].endpoints.push_back({endpoint(worker, 1), EndpointKind::kDesk, 1});
  }
  if (what == 3) d.units = {unit(10, 20, UnitKind::kRegion)};  // a circle: refused
  return d;
}

std::optional<std::string> RandomWorld::crash() {
  const DirectoryChanged directory = directory_of(core_);
  const Restarted stored = as_stored(core_, ++epoch_);
  core_ = RoutingCore(options());
  if (auto broken = apply(directory, true)) return broken;
  return apply(stored);
}

std::optional<std::string> RandomWorld::drain() {
  for (std::int64_t w = 1; w <= workers_; ++w) {
    DirectoryChanged d;  // everybody can do everything
    d.workers = {{WorkerId{w}, UnitId{101}, {{endpoint(WorkerId{w}, 2), EndpointKind::kPhone, 1}}, 3, 0}};
    if (auto broken = apply(d)) return broken;
    if (auto broken = apply(EndpointUp{endpoint(WorkerId{w}, 2)})) return broken;
    if (auto broken =
            apply(ShiftStarted{ShiftId{++last_shift_}, WorkerId{w}, {UnitId{101}}, {endpoint(WorkerId{w}, 2)}}))
      return broken;
    if (auto broken = apply(WorkerReady{WorkerId{w}})) return broken;
  }
  const std::size_t bound = 200 * (core_.calls_of(UnitId{1}).size() + 1);
  for (std::size_t rounds = 0; rounds < bound; ++rounds) {
    const auto open = core_.calls_of(UnitId{1});
    if (open.empty()) return std::nullopt;
    Event event = Ticked{};
    for (const CallView& call : open) {
      if (call.state == CallState::kTalking) event = CallEnded{call.call, {}, false};
      if (call.state != CallState::kOffered) continue;
      for (const OfferCall& offer : offers_)
        if (offer.offer == call.offer)
          event = OfferAccepted{offer.offer, offer.epoch, offer.worker, offer.endpoints.back()};
    }
    if (std::holds_alternative<Ticked>(event)) {
      // A caller every worker has declined or given back is nobody's to take: he hangs up.
      if (!core_.next_timer() || rounds > bound / 2)
        event = CallerLeft{open.front().call, open.front().kept ? LeftCause::kNotReached : LeftCause::kHungUp};
      else
        now_ = std::max(now_, *core_.next_timer());
    }
    if (auto broken = apply(event)) return broken;
  }
  return "the queue did not drain";
}

bool RandomWorld::holds_for_workers() { return !StateOfCore::of(core_).held_for_worker.empty(); }
bool RandomWorld::holds_for_languages() { return !StateOfCore::of(core_).held_for_language.empty(); }

std::string RandomWorld::story() const {
  std::string out = "last events (index, instant):";
  const std::size_t from = history_.size() > 6 ? history_.size() - 6 : 0;
  for (std::size_t i = from; i < history_.size(); ++i)
    out += " [" + std::to_string(history_[i].event.index()) + " at " + std::to_string(history_[i].now.us) + "]";
  return out;
}

}  // namespace kapok::routing
