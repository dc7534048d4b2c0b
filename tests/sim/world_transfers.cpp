#include "sim/world.h"

namespace kapok::sim {

using namespace routing;

namespace {

constexpr double kGatewaySaysAgain_s = 10;
constexpr double kRingsAgainShare = 0.2;

}  // namespace

/// To anybody on duty or not, a unit of any level, or a supervisor: routing refuses what cannot be.
void World::passes_on(CallId call, std::int32_t leg) {
  const Caller* caller = in_talk(call, leg);
  if (caller == nullptr) return;
  TransferAsked asked;
  asked.call = call;
  asked.worker = caller->with;
  asked.kind = network_.chance(0.5) ? TransferKind::kWarm : TransferKind::kCold;
  const double to = network_.uniform();
  if (to < 0.4)
    asked.to_worker = people_[network_.below(people_.size())].who.id;
  else if (to < 0.8)
    asked.to_unit = shape_.directory.units[network_.below(shape_.directory.units.size())].id;
  else
    asked.to_supervisor = true;
  if (asked.kind == TransferKind::kWarm && network_.chance(0.3))
    after(network_.between(0.2, 8), Next::kTakesBack, call.value, leg);
  send(asked);
}

void World::takes_back(CallId call, std::int32_t leg) {
  if (const Caller* caller = in_talk(call, leg)) send(TransferCancelled{call, caller->with});
}

void World::keeps_place(CallId call) {
  const auto found = callers_.find(call.value);
  if (found == callers_.end() || found->second.gone || found->second.talking || found->second.kept) return;
  send(CallbackAccepted{call});
}

/// What came of dialling him; said again until the server has heard it.
void World::reached(CallId call, std::int32_t leg) {
  const Caller* caller = in_talk(call, leg);
  if (caller == nullptr || !caller->kept) return;
  load::Stream chance = streams_.of(load::Purpose::kLine, static_cast<std::uint64_t>(call.value * 16 + leg) << 8U);
  if (chance.chance(0.7))
    send(CallerReached{call});
  else
    send(CallerLeft{call, LeftCause::kNotReached});
  if (in_talk(call, leg) != nullptr) after(kGatewaySaysAgain_s, Next::kReached, call.value, leg);
}

void World::on(const RecordTransfer& said) {
  ++(said.kind == TransferKind::kWarm ? figures_.warm_transfers : figures_.cold_transfers);
}

void World::on(const RecordTransferEnded& said) {
  if (said.how == TransferEnd::kTaken) ++figures_.transfers_taken;
}

/// He may hang up now, and mostly does.
void World::on(const KeepCallback& said) {
  ++figures_.callbacks_kept;
  const auto found = callers_.find(said.call.value);
  if (found == callers_.end()) return;
  found->second.kept = true;
  if (network_.chance(0.7))
    hold(CallerLeft{said.call, LeftCause::kHungUp}, now_ + from_seconds(network_.between(0.3, 3)));
  if (!network_.chance(kRingsAgainShare)) return;
  Again again{found->second.arrival, false};
  again.arrival.takes_over = said.call;
  again_.emplace(++last_number_, again);
  after(network_.between(1, 400), Next::kDialsAgain, last_number_);
}

void World::on(const RecordCallerReached& said) {
  ++figures_.callbacks_reached;
  const auto found = callers_.find(said.call.value);
  if (found == callers_.end()) return;
  Caller& caller = found->second;
  caller.kept = caller.gone = false;
  plan_talk(caller, said.call, false);
}

void World::on(const AnnounceWait& said) {
  if (said.may_offer_callback && has(Feature::kKeptCallbacks) && network_.chance(0.4))
    after(network_.between(0.5, 6), Next::kKeepsPlace, said.call.value);
}

}  // namespace kapok::sim
