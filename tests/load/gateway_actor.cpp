#include "load/gateway_actor.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace kapok::load {
namespace {

using namespace std::chrono_literals;
using Phase = HeldCall::Phase;

/// How often a held caller looks whether the server has fallen silent.
constexpr auto kLook = 1s;
/// A desk that should have hung up and did not: the caller does, after this much longer.
constexpr ProductUs kDeskGrace = 120 * kSecondUs;

v1::ClientFrame arrival_of(const HeldCall& call) {
  v1::ClientFrame frame;
  auto& arrived = *frame.mutable_arrived();
  arrived.set_gw_ref(call.gw_ref);
  arrived.set_dialled(call.dialled);
  arrived.set_caller(call.caller);
  arrived.set_channel(v1::CHANNEL_PHONE);
  arrived.set_at_us(call.arrived_at);
  return frame;
}

}  // namespace

GatewayActor::GatewayActor(World& world, Callers& callers, std::string device_token, std::size_t calls_max)
    : world_(world),
      callers_(callers),
      calls_max_(calls_max),
      link_(std::make_shared<SteadyLink>(world.ground, std::move(device_token), "gateway", true)),
      epoch_(static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count())) {
  link_->on_up([this](wire::Conversation& with) { return attach(with); });
  link_->on_push([this](const v1::Push& push) { take(push); });
}

void GatewayActor::start() {
  link_->start();
  run_alone(world_.ground.executor, beat(), "gateway beat");
}

void GatewayActor::stop() { link_->stop(); }

asio::awaitable<void> GatewayActor::until_attached() { co_await link_->until_up(); }

asio::awaitable<void> GatewayActor::place_calls(ProductUs ends_at) {
  ProductUs next = world_.clock.steady();
  while (!world_.closing) {
    const std::optional<ProductUs> dials = callers_.next(next);
    if (!dials || *dials >= ends_at) co_return;
    next = *dials;
    const ProductUs left = next - world_.clock.steady();
    if (left > 0) co_await pass(world_, left);
    if (world_.closing) co_return;
    place_call();
  }
}

void GatewayActor::place_call() {
  if (held_.size() >= calls_max_) {
    ++world_.not_placed;
    return;
  }
  auto call = std::make_shared<HeldCall>(world_.ground.executor);
  call->number = ++last_number_;
  call->gw_ref = fmt::format("city-{}-{}", epoch_, call->number);
  call->nature = callers_.nature(call->number);
  call->dialled = callers_.dialled(call->number);
  call->caller = callers_.shown(call->number);
  call->arrived_at = world_.clock.now();
  call->arrived_steady = world_.clock.steady();
  world_.ledger.arrive(call->gw_ref, call->number, call->dialled, call->arrived_steady);
  held_.emplace(call->gw_ref, call);
  ++world_.arrived;
  if (call->nature.patience == 0) ++world_.at_once;
  run_alone(world_.ground.executor, live(call), "caller " + call->gw_ref);
}

asio::awaitable<void> GatewayActor::live(Call call) {
  if (!must_hunt(*call)) run_alone(world_.ground.executor, report_arrival(call), "arrival " + call->gw_ref);
  while (call->phase == Phase::kWaiting || call->phase == Phase::kTalking || call->phase == Phase::kKept ||
         call->phase == Phase::kDialling) {
    if (call->phase == Phase::kWaiting)
      co_await wait(call);
    else if (call->phase == Phase::kTalking)
      co_await talk(call);
    else
      co_await be_kept(call);
  }
  if (call->phase == Phase::kReleased) forget(call);
}

/// Until somebody answers, patience ends, the server lets him go, or the hunt list has to help.
asio::awaitable<void> GatewayActor::wait(Call call) {
  const ProductUs until = world_.clock.steady() + call->nature.patience;
  while (call->phase == Phase::kWaiting && (!letting_go_ || call->choosing)) {
    if (must_hunt(*call)) {
      co_await hunt(call, until);
      continue;  // it ends the call, or gives it back to a server that has returned
    }
    const ProductUs left = until - world_.clock.steady();
    if (left <= 0 && !call->choosing) break;
    const auto at_most = left <= 0 ? kLook : std::min<Real::duration>(world_.clock.real(left), kLook);
    co_await call->changed.wait(at_most);
  }
  if (call->phase == Phase::kWaiting) co_await leave(call, v1::ENDED_BY_CALLER);
}

asio::awaitable<void> GatewayActor::talk(Call call) {
  const bool by_worker = call->nature.worker_hangs_up;
  ProductUs until = world_.clock.steady() + call->nature.talk;
  if (by_worker && !call->on_phone) until += kDeskGrace;  // the desk hangs up (worker_actor.cpp)
  while (call->phase == Phase::kTalking && !letting_go_) {
    const ProductUs left = until - world_.clock.steady();
    if (left <= 0) break;
    const auto at_most = world_.clock.real(left);
    co_await call->changed.wait(at_most);
  }
  if (call->phase != Phase::kTalking) co_return;
  const auto by = by_worker && call->on_phone ? v1::ENDED_BY_WORKER : v1::ENDED_BY_CALLER;
  co_await leave(call, by);
}

/// Repeated until the server has named the call (gateway.proto, Arrived).
asio::awaitable<void> GatewayActor::report_arrival(Call call) {
  const v1::ClientFrame frame = arrival_of(*call);
  while (call->phase != Phase::kHunted) {
    bool answered = false;
    v1::Reply reply;
    try {
      co_await link_->until_up();
      if (call->phase == Phase::kHunted) co_return;
      call->told = true;
      reply = co_await link_->ask_once(frame);
      answered = true;
    } catch (const wire::WireError&) {
      ++world_.ground.figures.repeats;
    }
    if (!answered) {
      co_await real_sleep(100ms);
      continue;
    }
    LedgerCall& row = *world_.ledger.by_ref(call->gw_ref);
    if (reply.has_arrival_taken()) {
      call->taken = true;
      world_.ledger.take(row, reply.arrival_taken().call(), world_.clock.steady());
      call->changed.set();
      co_return;
    }
    const std::string& code = reply.error().code();
    if (code != "RETRY_AFTER" && code != "STORE_UNAVAILABLE") co_return refuse(call, code);
    co_await real_sleep(200ms);
  }
}

/// CALL_ENDED: an earlier report was taken and the call closed as lost while we were away.
void GatewayActor::refuse(const Call& call, const std::string& code) {
  LedgerCall& row = *world_.ledger.by_ref(call->gw_ref);
  ++world_.ledger.refusals["Arrived " + code];
  if (code == "CALL_ENDED") {
    row.end = CallEnd::kReleased;
    row.told = "lost";
  }
  call->refused = true;
  if (call->phase != Phase::kLeaving) call->phase = Phase::kReleased;
  call->changed.set();
}

/// Tells the server that the caller is gone, until it has heard.
asio::awaitable<void> GatewayActor::leave(Call call, v1::EndedBy by) {
  call->phase = Phase::kLeaving;
  // Left before Arrived would be about nobody.
  while (!call->taken && !call->refused) co_await call->changed.wait(kLook);
  if (call->refused) co_return forget(call);
  LedgerCall& row = *world_.ledger.by_ref(call->gw_ref);
  row.end = CallEnd::kCallerLeft;
  row.hung_up_by = by == v1::ENDED_BY_WORKER ? "worker" : "caller";
  row.left.said = world_.clock.steady();
  v1::ClientFrame frame;
  auto& left = *frame.mutable_left();
  left.set_gw_ref(call->gw_ref);
  left.set_by(by);
  left.set_at_us(world_.clock.now());
  const Answer answer = co_await link_->ask(frame);
  row.left.acknowledged = world_.clock.steady();
  if (!answer.ok()) note_refusal(world_, "Left", answer);
  forget(call);
}

void GatewayActor::count_answered(HeldCall& call) {
  if (std::exchange(call.counted, true)) return;
  ++world_.answered;
  ++world_.answered_wait_count;
  const ProductUs waited = world_.clock.steady() - call.arrived_steady;
  world_.answered_wait_sum += waited;
  world_.answered_waits.push_back(waited);
}

void GatewayActor::forget(const Call& call) {
  if (call->on_phone && --phones_in_use_[call->endpoint] <= 0) phones_in_use_.erase(call->endpoint);
  call->on_phone = false;
  held_.erase(call->gw_ref);
}

void GatewayActor::let_everybody_go() {
  letting_go_ = true;
  for (const auto& [ref, call] : held_) call->changed.set();
}

bool GatewayActor::must_hunt(const HeldCall& call) const {
  if (call.choosing) return false;
  return silence() >= (call.taken ? silence_waiting_ : silence_new_);
}

std::size_t GatewayActor::count(Phase phase) const {
  return static_cast<std::size_t>(
      std::count_if(held_.begin(), held_.end(), [phase](const auto& held) { return held.second->phase == phase; }));
}

GatewayActor::Call GatewayActor::find(const std::string& gw_ref) const {
  const auto found = held_.find(gw_ref);
  return found == held_.end() ? nullptr : found->second;
}

}  // namespace kapok::load
