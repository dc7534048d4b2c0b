#include "load/gateway_actor.h"

/// What a gateway does for callers who choose to be rung back and keep their place (proto/README.md).
namespace kapok::load {
namespace {

using namespace std::chrono_literals;
using Phase = HeldCall::Phase;

constexpr auto kLook = 1s;
constexpr double kRingsUnansweredS = 25;

}  // namespace

/// He decides once, when it is offered for the first time.
void GatewayActor::take(const v1::Progress& progress) {
  const Call call = find(progress.gw_ref());
  if (call == nullptr || !progress.callback_offered() || call->phase != Phase::kWaiting) return;
  if (std::exchange(call->offered_callback, true)) return;
  Stream chance = world_.streams.of(Purpose::kCallback, call->number << 8U);
  if (!chance.chance(world_.habits.callback_share)) return;
  call->choosing = true;
  run_alone(world_.ground.executor, choose_callback(call), "callback chosen " + call->gw_ref);
}

asio::awaitable<void> GatewayActor::choose_callback(Call call) {
  v1::ClientFrame frame;
  frame.mutable_callback_chosen()->set_gw_ref(call->gw_ref);
  frame.mutable_callback_chosen()->set_at_us(world_.clock.now());
  const Answer answer = co_await link_->ask(frame);
  call->choosing = false;
  call->changed.set();
  if (!answer.ok()) {
    // A worker was quicker, or his number is withheld: he stays on the line.
    const std::string& code = answer.code();
    if (code != "WRONG_STATE" && code != "CALL_ENDED" && code != "NUMBER_NOT_USABLE")
      note_refusal(world_, "CallbackChosen", answer);
    co_return;
  }
  world_.ledger.by_ref(call->gw_ref)->kept = true;
  ++world_.callbacks_kept;
  if (call->phase != Phase::kWaiting) co_return;  // being connected already, without having hung up
  call->phase = Phase::kKept;
  v1::ClientFrame gone;
  gone.mutable_left()->set_gw_ref(call->gw_ref);
  gone.mutable_left()->set_by(v1::ENDED_BY_CALLER);
  gone.mutable_left()->set_at_us(world_.clock.now());
  const Answer heard = co_await link_->ask(gone);
  if (!heard.ok()) note_refusal(world_, "Left", heard);
}

/// Until he is reached, or the server gives him up. When the city closes he is still owed his callback.
asio::awaitable<void> GatewayActor::be_kept(Call call) {
  while (call->phase == Phase::kDialling || (call->phase == Phase::kKept && !letting_go_))
    co_await call->changed.wait(kLook);
  if (call->phase == Phase::kKept) call->phase = Phase::kReleased;
}

/// A worker has accepted: rings the caller, connects, reports. Ordered again after a reconnect it is one dial.
asio::awaitable<void> GatewayActor::dial_back(Call call, v1::Bridge bridge) {
  const bool on_line = call->phase == Phase::kWaiting;
  if (!on_line && call->phase != Phase::kKept) co_return;
  call->phase = Phase::kDialling;
  call->changed.set();
  const std::uint64_t mine = ++call->dials;
  Stream chance = world_.streams.of(Purpose::kCallback, (call->number << 8U) + mine);
  const bool reached = on_line || chance.chance(world_.habits.callback_reached_share);
  const double rings_s = !reached ? kRingsUnansweredS : on_line ? 0 : chance.between(4, 15);
  const ProductUs until = world_.clock.steady() + seconds_us(rings_s);
  while (call->phase == Phase::kDialling && call->dials == mine && !letting_go_) {
    const ProductUs left = until - world_.clock.steady();
    if (left <= 0) break;
    co_await pass_or(world_, left, call->changed);
  }
  if (call->phase != Phase::kDialling || call->dials != mine) co_return;
  const bool in_time = reached && !letting_go_;
  co_await report_dialled(call, bridge, in_time);
}

/// The city has closed: nobody sits by that phone any more.
asio::awaitable<void> GatewayActor::nobody_there(std::string gw_ref) {
  v1::ClientFrame frame;
  frame.mutable_caller_dialled()->set_gw_ref(gw_ref);
  frame.mutable_caller_dialled()->set_at_us(world_.clock.now());
  const Answer answer = co_await link_->ask(frame);
  if (!answer.ok() && answer.code() != "CALL_ENDED") note_refusal(world_, "CallerDialled", answer);
}

asio::awaitable<void> GatewayActor::report_dialled(Call call, v1::Bridge bridge, bool reached) {
  v1::ClientFrame frame;
  frame.mutable_caller_dialled()->set_gw_ref(call->gw_ref);
  frame.mutable_caller_dialled()->set_reached(reached);
  frame.mutable_caller_dialled()->set_at_us(world_.clock.now());
  LedgerCall& row = *world_.ledger.by_ref(call->gw_ref);
  row.answer_doubtful = reached;
  const Answer answer = co_await link_->ask(frame);
  row.answer_doubtful = false;
  if (!answer.ok() && answer.code() != "CALL_ENDED") note_refusal(world_, "CallerDialled", answer);
  if (call->phase != Phase::kDialling) co_return;
  if (reached && answer.ok()) co_return connect(call, bridge);
  // The server lets him go by Release; when the city closes nobody waits for it.
  if (letting_go_) call->phase = Phase::kKept;
  call->changed.set();
}

void GatewayActor::connect(const Call& call, const v1::Bridge& bridge) {
  const bool by_phone = answered_on_phone_.erase(bridge.offer()) > 0;
  world_.ledger.answered(bridge.call(), by_phone ? "phone " + std::to_string(bridge.endpoint()) : "", 0);
  ++world_.callbacks_reached;
  call->phase = Phase::kTalking;
  call->endpoint = bridge.endpoint();
  call->on_phone = by_phone;
  if (by_phone) ++phones_in_use_[bridge.endpoint()];
  count_answered(*call);
  call->changed.set();
}

}  // namespace kapok::load
