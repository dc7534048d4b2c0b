#include <algorithm>
#include <cmath>
#include <string>

#include "sim/world.h"

namespace kapok::sim {

using namespace routing;
using load::Purpose;

namespace {

constexpr double kFloodPerHour = 1200;          // reliability.md §2.2, the overload row
constexpr Duration kGatewayHolds = seconds{5};  // decision 16: then the hunt list
constexpr double kGatewaySaysAgain_s = 10;
constexpr Duration kDrainPatience = minutes{20};

}  // namespace

void World::plan_dial(Chain chain) {
  if (draining_) return;
  Instant at;
  if (chain == kFlooding) {
    at = now_ + from_seconds(flooding_.exponential(3600 / kFloodPerHour));
    if (at > flood_until_) return;
  } else {
    at = Instant{(chain == kSurging ? surging_ : usual_).next(now_.us)};
    if (chain == kSurging && at > surge_until_) return;
  }
  agenda_.plan(at, Next::kDial, chain);
}

void World::dial(Chain chain) {
  plan_dial(chain);
  if (draining_) return;
  load::Stream chance = streams_.of(Purpose::kCaller, static_cast<std::uint64_t>(++last_number_));
  Again dialled;
  dialled.arrival.line = chain == kFlooding ? flooded_ : drawn_line(chance);
  dialled.arrival.facts = drawn_facts(chance);
  if (chain == kFlooding) dialled.arrival.facts = {};
  if (chain == kFlooding) dialled.arrival.facts.over_bucket = has(Feature::kBuckets);
  if (has(Feature::kTexts) && chance.chance(0.05)) dialled.arrival.channel = Channel::kSms;
  const auto number = chain == kFlooding ? static_cast<std::int64_t>(chance.below(4)) : last_number_;
  if (!chance.chance(0.05)) dialled.arrival.caller_key = std::to_string(number);
  place_call(dialled);
}

LineId World::drawn_line(load::Stream& chance) const {
  if (chance.chance(0.06)) return shape_.shared_lines[chance.below(shape_.shared_lines.size())];
  if (has(Feature::kCrisisCallers) && chance.chance(0.02)) return shape_.crisis_line;
  const auto at = std::upper_bound(share_up_to_.begin(), share_up_to_.end(), chance.uniform() * share_up_to_.back());
  return shape_.stations[std::min(static_cast<std::size_t>(at - share_up_to_.begin()), share_up_to_.size() - 1)].line;
}

CallerFacts World::drawn_facts(load::Stream& chance) const {
  CallerFacts facts;
  if (has(Feature::kSticky) && chance.chance(0.3)) facts.last_worker = people_[chance.below(people_.size())].who.id;
  if (has(Feature::kLanguages) && chance.chance(0.15)) facts.language = chance.chance(0.5) ? 1 : 2;
  if (!has(Feature::kCrisisCallers)) return facts;
  facts.open_imminent = chance.chance(0.005);
  facts.open_high = chance.chance(0.03);
  facts.minor = chance.chance(0.03);
  facts.elder = chance.chance(0.10);
  facts.operator_flag = chance.chance(0.005);
  facts.unanswered_attempts_30min = chance.chance(0.05) ? 2 : 0;
  facts.over_bucket = has(Feature::kBuckets) && chance.chance(0.05);
  return facts;
}

void World::place_call(const Again& from) {
  if (!server_.is_up()) {
    if (up_at_ - now_ > kGatewayHolds) {
      ++figures_.hunted;
      return;
    }
    again_.emplace(++last_number_, from);
    agenda_.plan(up_at_ + milliseconds{5}, Next::kDialsAgain, last_number_);
    return;
  }
  const CallId id{++last_call_};
  Caller caller;
  caller.arrival = from.arrival;
  caller.arrival.call = id;
  caller.arrival.arrival_seq = id.value;
  caller.returned = from.old_place;
  if (!from.old_place) caller.arrival.arrived_at = core_now();
  load::Stream chance = streams_.of(Purpose::kPatience, static_cast<std::uint64_t>(id.value * 16));
  caller.gives_up = now_ + plan_.habits.patience(chance);
  agenda_.plan(caller.gives_up, Next::kGivesUp, id.value);
  const CallArrived event = caller.arrival;
  callers_.emplace(id.value, std::move(caller));
  deliver(event);
  if (!has(Feature::kDoubledArrivals) || !network_.chance(0.02) || !server_.store().is_open(id)) return;
  ++figures_.arrivals_doubled;
  deliver(event);
}

void World::dials_again(std::int64_t number) {
  const auto found = again_.find(number);
  const Again from = found->second;
  again_.erase(found);
  if (!draining_) place_call(from);
}

/// Said again until the server has ended the call: the gateway knows who is there (telephony, re-attach).
void World::gives_up(CallId call) {
  const auto found = callers_.find(call.value);
  if (found == callers_.end()) return;
  Caller& caller = found->second;
  if (caller.kept) return;
  if (!caller.gone && (caller.talking || now_ < caller.gives_up)) return;
  if (!caller.gone && draining_ && now_ < end_ + kDrainPatience) {
    caller.gives_up = end_ + kDrainPatience;  // everybody works now: whoever can be served will be
    agenda_.plan(caller.gives_up, Next::kGivesUp, call.value);
    return;
  }
  caller.gone = true;
  if (caller.unheard) return;
  if (has(Feature::kLostCallers) && !server_.is_up() && server_.store().is_open(call)) {
    caller.unheard = true;
    return;
  }
  load::Stream chance = streams_.of(Purpose::kLine, static_cast<std::uint64_t>(call.value));
  const double how = chance.uniform();
  LeftCause cause = LeftCause::kHungUp;
  if (how < 0.01) cause = LeftCause::kGatewayLost;
  if (how > 0.99) cause = LeftCause::kNetworkFailure;
  if (how > 0.49 && how < 0.5) cause = LeftCause::kGatewayLetGo;
  send(CallerLeft{call, cause});
  if (callers_.contains(call.value)) after(kGatewaySaysAgain_s, Next::kGivesUp, call.value);
}

World::Caller* World::in_talk(CallId call, std::int32_t leg) {
  const auto found = callers_.find(call.value);
  if (found == callers_.end() || !found->second.talking || found->second.leg != leg) return nullptr;
  return &found->second;
}

void World::talk_ends(CallId call, std::int32_t leg) {
  const Caller* caller = in_talk(call, leg);
  if (caller == nullptr) return;
  load::Stream chance = streams_.of(Purpose::kTalk, static_cast<std::uint64_t>(call.value * 16 + 15));
  if (chance.chance(plan_.habits.worker_hangs_up_share))
    send(CallEnded{call, caller->with, has(Feature::kCrisisCallers) && chance.chance(0.05)});
  else
    send(CallerLeft{call, LeftCause::kHungUp});
  if (in_talk(call, leg) != nullptr) after(kGatewaySaysAgain_s, Next::kTalkEnds, call.value, leg);
}

void World::hands_back(CallId call, std::int32_t leg) {
  if (const Caller* caller = in_talk(call, leg)) send(HandedBack{call, caller->with});
}

void World::leg_lost(CallId call, std::int32_t leg) {
  if (const Caller* caller = in_talk(call, leg)) send(WorkerLegLost{call, caller->with});
}

/// I8, S6: a crisis caller has been offered, or every ring to the duty phone is open to him, 20 s after he arrived.
void World::crisis_due(CallId call) {
  if (!server_.is_up() || now_ < stalled_until_) return;  // the clock of the process stands still
  const auto view = server_.core().call(call);
  if (!view || view->state != CallState::kWaiting) return;
  if (core_now() - view->arrived_at < seconds{20}) return;
  if (view->widest_ring != Ring::kDutyPhone)
    server_.break_rule("I8: a crisis caller waits with a ring closed (" + std::to_string(call.value) + ")");
}

void World::perhaps_dials_again(const Caller& caller) {
  if (!has(Feature::kRedials) || !caller.gone) return;
  load::Stream chance = streams_.of(Purpose::kCaller, static_cast<std::uint64_t>(caller.arrival.call.value) << 32U);
  if (!chance.chance(0.4)) return;
  const double delay_s = chance.between(3, 300);
  Again again{caller.arrival, delay_s < 115};
  again.arrival.facts.unanswered_attempts_30min = std::min(9, again.arrival.facts.unanswered_attempts_30min + 1);
  again_.emplace(++last_number_, again);
  after(delay_s, Next::kDialsAgain, last_number_);
}

}  // namespace kapok::sim
