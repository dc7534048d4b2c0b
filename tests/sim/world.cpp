#include "sim/world.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <variant>

#include "routing/digest.h"

namespace kapok::sim {

using namespace routing;
using load::Purpose;

namespace {

constexpr Instant kMonday{1'795'363'200'000'000};  // 2026-11-23 00:00 in UTC+8
constexpr Duration kDrainMax = hours{24};
constexpr int kOffsetMin = 480;

CityShape shape_of(const WorldPlan& plan, const load::RandomStreams& streams) {
  return plan.city ? guangzhou_shape(streams.of(Purpose::kSwarm, 2)) : small_shape(streams.of(Purpose::kSwarm, 2));
}

ServerOptions server_options(const WorldPlan& plan, UnitId root) {
  ServerOptions options;
  options.city = CityOptions{.city_number = 1, .utc_offset = minutes{kOffsetMin}, .time_factor = 1};
  options.root = root;
  options.check_every = plan.check_every;
  options.repeat_every = plan.repeat_every;
  options.rule = plan.rule;
  return options;
}

}  // namespace

World::World(WorldPlan plan)
    : plan_(std::move(plan)),
      streams_(plan_.seed),
      shape_(shape_of(plan_, streams_)),
      server_(server_options(plan_, shape_.root)),
      usual_(plan_.weights, plan_.calls_per_day, kOffsetMin, streams_.of(Purpose::kArrival, 0)),
      surging_(plan_.weights, 19 * plan_.calls_per_day, kOffsetMin, streams_.of(Purpose::kArrival, 1)),
      roster_(streams_.of(Purpose::kRoster)),
      network_(streams_.of(Purpose::kNetwork)),
      trouble_(streams_.of(Purpose::kServer)),
      flooding_(streams_.of(Purpose::kArrival, 2)) {
  for (const CityPerson& who : shape_.people) {
    Person person;
    person.who = who;
    person.chance = streams_.of(Purpose::kDevice, static_cast<std::uint64_t>(who.id.value));
    person.skills = shape_.directory.workers[people_.size()].skills;
    people_.push_back(std::move(person));
  }
  double sum = 0;
  for (const CityStation& station : shape_.stations) share_up_to_.push_back(sum += station.share);
}

void World::begin() {
  const std::int64_t hour = static_cast<std::int64_t>(trouble_.below(24 * 7));
  now_ = kMonday + hours{hour};
  end_ = now_ + plan_.lasts;
  server_.start(now_, shape_.directory, {});
  roster_day(hour / 24 - 1);
  roster_day(hour / 24);
  agenda_.plan(kMonday + hours{24 * (hour / 24 + 1)}, Next::kRosterDay, hour / 24 + 1);
  plan_dial(kUsual);
  plan_trouble();
}

void World::run() {
  begin();
  const Instant first = now_;
  while (!server_.broken() && !over_ && step()) {
  }
  figures_.simulated_s = static_cast<double>((now_ - first).count()) * 1e-6;
  if (!server_.broken() && server_.is_up()) server_.check();
  figures_.server = server_.figures();
  if (server_.is_up())
    figures_.digest = Digest{}.add(figures_.digest).add(server_.core().state_hash()).add(now_).value();
}

/// One timer of the core or one item of the agenda, whichever is first.
bool World::step() {
  if (server_.is_up() && server_.recording_is_full()) {
    server_.crash();  // a planned restart
    went_down();
  }
  if (!draining_ && (now_ >= end_ || server_.figures().events >= plan_.events_max)) {
    draining_ = true;
    end_ = now_;
    for (Person& who : people_) who.asleep = who.decliner = false;
  }
  if (draining_) drained();
  if (over_) return false;
  const auto timer = server_.is_up() ? server_.core().next_timer() : std::nullopt;
  const Instant due = timer ? std::max({*timer - offset_, stalled_until_, now_}) : Instant{INT64_MAX};
  if (due <= agenda_.next()) {
    now_ = due;
    tell(Ticked{});
    return true;
  }
  const auto item = agenda_.take();
  now_ = std::max(now_, item.at);
  handle(item);
  return true;
}

void World::drained() {
  if (server_.is_up() && callers_.empty() && held_.empty()) {
    over_ = true;
    const ModelledStore& store = server_.store();
    if (store.open() != 0 || store.arrived() != store.ended())
      server_.break_rule("S1: calls are open that no caller knows (" + std::to_string(store.open()) + ")");
  } else if (now_ > end_ + kDrainMax) {
    const auto& [id, caller] = *callers_.begin();
    server_.break_rule("S1: the queue did not drain (" + std::to_string(callers_.size()) + ", one is call " +
                       std::to_string(id) + (caller.talking ? ", talking" : "") + (caller.kept ? ", kept" : "") +
                       (caller.gone ? ", gone" : "") + ")");
  }
}

Instant World::core_now() const { return std::max(server_.last_told(), now_ + offset_); }

void World::after(double seconds, Next kind, std::int64_t a, std::int64_t b) {
  agenda_.plan(now_ + from_seconds(seconds), kind, a, b);
}

void World::handle(const Agenda<Next>::Item& item) {
  if (item.kind <= Next::kCrisisDue) return handle_caller(item);
  if (item.kind <= Next::kShiftStarts) return handle_plan(item);
  if (item.kind <= Next::kRecordDone) return handle_person(people_[static_cast<std::size_t>(item.a)], item);
  if (item.kind == Next::kCrash) crash();
  if (item.kind == Next::kServerUp) server_up();
  if (item.kind == Next::kStall) stall();
  if (item.kind == Next::kDirectory) change_directory();
  if (item.kind == Next::kSurge) surge();
  if (item.kind == Next::kFlood) flood();
  if (item.kind == Next::kStoreFails) store_fails();
  if (item.kind == Next::kEndpointGone) endpoint_gone();
  if (item.kind == Next::kEndpointBack) endpoint_back(people_[static_cast<std::size_t>(item.a)]);
}

void World::handle_caller(const Agenda<Next>::Item& item) {
  const auto leg = static_cast<std::int32_t>(item.b);
  if (item.kind == Next::kDial) dial(static_cast<Chain>(item.a));
  if (item.kind == Next::kDialsAgain) dials_again(item.a);
  if (item.kind == Next::kGivesUp) gives_up(CallId{item.a});
  if (item.kind == Next::kTalkEnds) talk_ends(CallId{item.a}, leg);
  if (item.kind == Next::kHandsBack) hands_back(CallId{item.a}, leg);
  if (item.kind == Next::kLegLost) leg_lost(CallId{item.a}, leg);
  if (item.kind == Next::kPassesOn) passes_on(CallId{item.a}, leg);
  if (item.kind == Next::kTakesBack) takes_back(CallId{item.a}, leg);
  if (item.kind == Next::kKeepsPlace) keeps_place(CallId{item.a});
  if (item.kind == Next::kReached) reached(CallId{item.a}, leg);
  if (item.kind == Next::kCrisisDue) crisis_due(CallId{item.a});
}

void World::handle_plan(const Agenda<Next>::Item& item) {
  if (item.kind == Next::kAnswer) answers(item.a);
  if (item.kind == Next::kMessage) arrives(item.a);
  if (item.kind == Next::kRosterDay) roster_day(item.a);
  if (item.kind == Next::kShiftStarts) shift_starts(item.a);
}

void World::handle_person(Person& who, const Agenda<Next>::Item& item) {
  if (item.kind == Next::kShiftEnds) shift_ends(who, ShiftId{item.b});
  if (item.kind == Next::kShiftChanges) shift_changes(who, ShiftId{item.b});
  if (item.kind == Next::kDeskUp) desk_up(who, item.b);
  if (item.kind == Next::kDeskLost) desk_lost(who, item.b);
  if (item.kind == Next::kDeskSeenLost) desk_seen_lost(who, item.b);
  if (item.kind == Next::kPhoneUp) phone_up(who);
  if (item.kind == Next::kReady) ready(who, item.b);
  if (item.kind == Next::kAway) away(who, item.b);
  if (item.kind == Next::kRecordDone) record_done(who, Instant{item.b});
}

void World::act(const std::vector<Command>& commands) {
  for (const Command& command : commands) std::visit([this](const auto& said) { on(said); }, command);
}

void World::on(const RecordArrival& said) {
  ++figures_.arrivals;
  if (said.base == CallerClass::kCrisis) after(20, Next::kCrisisDue, said.call.value);
}

void World::on(const OfferCall& said) {
  ++figures_.offers;
  if (const auto found = callers_.find(said.call.value); found != callers_.end()) found->second.ring = said.ring;
  meets(said);
}

void World::on(const WithdrawOffer& said) {
  if (has(Feature::kLateMessages) && network_.chance(0.2)) return;  // crosses the answer
  const auto found = ringing_.find(said.offer.value);
  if (found == ringing_.end()) return;
  if (std::ranges::count(said.endpoints, found->second.accept.endpoint) > 0) found->second.withdrawn = true;
}

void World::on(const ConnectCall& said) {
  ++figures_.talks;
  const auto found = callers_.find(said.call.value);
  if (found == callers_.end()) return;
  Caller& caller = found->second;
  caller.talking = true;
  caller.leg = said.leg;
  caller.with = said.worker;
  if (said.dial_caller) return after(network_.between(2, 20), Next::kReached, said.call.value, said.leg);
  const bool phone = said.endpoint != person(said.worker).who.desk;
  plan_talk(caller, said.call, phone);
  if (said.relieves.is_set() && has(Feature::kLegsLost) && network_.chance(0.3))
    after(network_.between(1, 100), Next::kLegLost, said.call.value, said.leg);
}

void World::plan_talk(Caller& caller, CallId call, bool phone) {
  load::Stream chance = streams_.of(Purpose::kTalk, static_cast<std::uint64_t>(call.value * 16 + caller.leg));
  const Duration talk = plan_.habits.talk(chance);
  agenda_.plan(now_ + talk, Next::kTalkEnds, call.value, caller.leg);
  const double part_s = static_cast<double>(talk.count()) * 1e-6 * chance.uniform();
  if (has(Feature::kHandBacks) && chance.chance(0.04)) after(part_s, Next::kHandsBack, call.value, caller.leg);
  if (phone && has(Feature::kLegsLost) && chance.chance(0.04)) after(part_s, Next::kLegLost, call.value, caller.leg);
  if (has(Feature::kTransfers) && chance.chance(plan_.city ? 0.06 : 0.4))
    after(part_s, Next::kPassesOn, call.value, caller.leg);
}

void World::on(const ReturnCallToWaiting& said) {
  const auto found = callers_.find(said.call.value);
  if (found == callers_.end()) return;
  Caller& caller = found->second;
  caller.talking = false;
  load::Stream chance = streams_.of(Purpose::kPatience, static_cast<std::uint64_t>(said.call.value * 16 + caller.leg));
  caller.gives_up = now_ + plan_.habits.patience(chance);
  agenda_.plan(caller.gives_up, Next::kGivesUp, said.call.value);
}

void World::on(const EndCall& said) {
  ++figures_.buckets[static_cast<std::size_t>(bucket_of(said.outcome))];
  if (said.outcome == CallOutcome::kLostOnRestart) ++figures_.lost_on_restart;
  const auto found = callers_.find(said.call.value);
  if (said.outcome == CallOutcome::kAnswered) {
    const auto wait_s = static_cast<std::size_t>(said.waited.count() / 1'000'000);
    ++figures_.answered_after[std::min(wait_s, WorldFigures::kWaitBins - 1)];
    figures_.answered_wait_s += static_cast<double>(said.waited.count()) * 1e-6;
    if (found != callers_.end()) ++figures_.answered_in[static_cast<std::size_t>(found->second.ring)];
  }
  if (found == callers_.end()) return;
  if (said.outcome != CallOutcome::kAnswered) perhaps_dials_again(found->second);
  callers_.erase(found);
}

void World::on(const RefuseAccept&) { ++figures_.refused_accepts; }

void World::on(const RefuseEvent& said) {
  const auto found = callers_.find(said.call.value);
  if (found == callers_.end() || server_.store().is_open(said.call)) return;
  // His line has just been closed: the exchange sends him on. A call not told yet is not this one's business.
  if (said.why != ErrorCode::kUnknownLine) return;
  ++figures_.refused;
  callers_.erase(found);
}

void World::on(const WorkerStateChanged& said) {
  Person& who = person(said.worker);
  const bool began = who.state != said.state || who.reason != said.reason;
  who.state = said.state;
  who.reason = said.reason;
  who.since = said.since;
  if (!began) return;
  const std::int64_t index = said.worker.value - 1;
  if (said.state == WorkerState::kAfterCall && !who.unsigned_phone)
    after(who.chance.exponential(plan_.habits.record_mean_s), Next::kRecordDone, index, said.since.us);
  if (said.reason == AwayReason::kMissed) after(who.chance.exponential(120), Next::kReady, index, who.life);
}

void World::on(const NoteMiss&) { ++figures_.misses; }

}  // namespace kapok::sim
