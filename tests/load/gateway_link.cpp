#include "load/gateway_actor.h"

/// The gateway's conversation: attaching, what it holds, and what the server orders.
namespace kapok::load {
namespace {

using namespace std::chrono_literals;
using Phase = HeldCall::Phase;

constexpr auto kDeadline = 15s;

/// The server would not take part of a resynchronisation: connect again.
void must_be_done(const v1::Reply& reply, const char* what) {
  if (reply.has_error()) throw wire::WireError(std::string(what) + " was refused: " + reply.error().code());
}

}  // namespace

asio::awaitable<void> GatewayActor::attach(wire::Conversation& with) {
  world_.clock.set(link_->welcome().now_us(), link_->welcome().practice_factor());
  v1::ClientFrame frame;
  auto& attach = *frame.mutable_attach_gateway();
  attach.set_name("simulated city");
  attach.set_kind("native");
  for (int bit = v1::GATEWAY_CAPABILITY_HOLDS_CALLER; bit <= v1::GATEWAY_CAPABILITY_TEXT; ++bit)
    attach.add_capabilities(static_cast<v1::GatewayCapability>(bit));
  attach.set_offers_max(10'000);
  attach.set_epoch(epoch_);
  const v1::Reply reply = co_await with.ask(frame, kDeadline);
  must_be_done(reply, "AttachGateway");
  const v1::GatewayAttached& said = reply.gateway_attached();
  if (said.beat_interval_ms() > 0) beat_interval_ = std::chrono::milliseconds(said.beat_interval_ms());
  if (said.silence_new_arrivals_ms() > 0) silence_new_ = std::chrono::milliseconds(said.silence_new_arrivals_ms());
  if (said.silence_waiting_ms() > 0) silence_waiting_ = std::chrono::milliseconds(said.silence_waiting_ms());
  heard_at_ = Real::now();
  if (attached_before_)
    for (const auto& [ref, call] : held_) world_.ledger.by_ref(ref)->restarted = true;
  attached_before_ = true;
  // Before the list ends: what is not on it counts as lost.
  co_await backfill_held(with);
  co_await tell_held(with);
  heard_at_ = Real::now();
  for (const auto& [ref, call] : held_) call->changed.set();
}

/// Everybody who waits or talks, and who left without the server having heard.
asio::awaitable<void> GatewayActor::tell_held(wire::Conversation& with) {
  v1::ClientFrame begin;
  begin.mutable_known_begin();
  const v1::Reply begun = co_await with.ask(begin, kDeadline);
  must_be_done(begun, "KnownBegin");
  std::vector<v1::ClientFrame> frames;
  for (const auto& [ref, call] : held_) {
    if (!call->told || call->phase == Phase::kHunted || call->phase == Phase::kReleased) continue;
    if (call->phase == Phase::kKept || call->phase == Phase::kDialling) continue;  // nobody is on the line
    v1::ClientFrame frame;
    auto& known = *frame.mutable_known();
    known.set_gw_ref(ref);
    known.set_dialled(call->dialled);
    known.set_caller(call->caller);
    const bool talks = call->endpoint != 0;
    known.set_state(talks ? v1::CALL_STATE_TALKING : v1::CALL_STATE_WAITING);
    known.set_since_us(call->arrived_at);
    frames.push_back(std::move(frame));
  }
  for (const v1::ClientFrame& frame : frames) {
    const v1::Reply reply = co_await with.ask(frame, kDeadline);
    if (reply.has_error()) ++world_.ledger.refusals["Known " + reply.error().code()];
  }
  v1::ClientFrame end;
  end.mutable_known_end();
  const v1::Reply ended = co_await with.ask(end, kDeadline);
  must_be_done(ended, "KnownEnd");
}

asio::awaitable<void> GatewayActor::beat() {
  v1::ClientFrame frame;
  frame.mutable_beat();
  while (true) {
    co_await real_sleep(beat_interval_);
    bool heard = false;
    try {
      const v1::Reply reply = co_await link_->ask_once(frame);
      heard = !reply.has_error();
    } catch (const wire::WireError&) {
      heard = false;
    }
    if (heard) heard_at_ = Real::now();
  }
}

void GatewayActor::take(const v1::Push& push) {
  heard_at_ = Real::now();
  switch (push.body_case()) {
    case v1::Push::kRingEndpoint:
      return take(push.ring_endpoint());
    case v1::Push::kWithdrawRing:
      withdrawn_.insert(push.withdraw_ring().offer());
      return;
    case v1::Push::kBridge:
      return take(push.bridge());
    case v1::Push::kPark:
      return take(push.park());
    case v1::Push::kRelease:
      return take(push.release());
    case v1::Push::kProgress:
      return take(push.progress());
    case v1::Push::kHuntList: {
      v1::HuntList& list = hunt_lists_[push.hunt_list().dialled()];
      if (push.hunt_list().version() >= list.version()) list = push.hunt_list();
      return;
    }
    case v1::Push::kDial:
      ++world_.callbacks_dialled;
      return run_alone(world_.ground.executor, dial(push.dial()), "dial");
    default:
      return;
  }
}

void GatewayActor::take(const v1::RingEndpoint& ring) {
  if (ring.number().empty()) return;  // a desk decides; its own client counts the offer
  world_.ledger.rang(ring.call());
  if (!world_.habits.phones_ring) return run_alone(world_.ground.executor, phone_is_off(ring), "phone");
  run_alone(world_.ground.executor, ring_phone(ring), "phone");
}

void GatewayActor::take(const v1::Bridge& bridge) {
  if (bridge.dial_caller()) {
    const Call kept = find(bridge.gw_ref());
    if (kept == nullptr) return run_alone(world_.ground.executor, nobody_there(bridge.gw_ref()), "dial back");
    return run_alone(world_.ground.executor, dial_back(kept, bridge), "dial back " + kept->gw_ref);
  }
  const bool by_phone = answered_on_phone_.erase(bridge.offer()) > 0;
  world_.ledger.answered(bridge.call(), by_phone ? "phone " + std::to_string(bridge.endpoint()) : "", 0);
  const Call call = find(bridge.gw_ref());
  // A second who takes over (转接): the talk goes on with him; DropEndpoint of the first follows at once.
  const bool takes_over = call != nullptr && bridge.beside() && call->phase == Phase::kTalking;
  if (takes_over && call->on_phone && --phones_in_use_[call->endpoint] <= 0) phones_in_use_.erase(call->endpoint);
  if (call == nullptr || (call->phase != Phase::kWaiting && !takes_over)) return;
  call->phase = Phase::kTalking;
  call->endpoint = bridge.endpoint();
  call->on_phone = by_phone;
  if (by_phone) ++phones_in_use_[bridge.endpoint()];
  count_answered(*call);
  call->changed.set();
}

void GatewayActor::take(const v1::Park& park) {
  const Call call = find(park.gw_ref());
  if (call != nullptr && call->phase == Phase::kDialling) {
    call->phase = Phase::kKept;  // whoever dialled him is gone: he is tried again
    return call->changed.set();
  }
  if (call == nullptr || call->phase != Phase::kTalking) return;
  if (call->on_phone && --phones_in_use_[call->endpoint] <= 0) phones_in_use_.erase(call->endpoint);
  call->on_phone = false;
  call->endpoint = 0;
  call->phase = Phase::kWaiting;
  call->changed.set();
}

void GatewayActor::take(const v1::Release& release) {
  const Call call = find(release.gw_ref());
  LedgerCall* row = world_.ledger.by_ref(release.gw_ref());
  if (call == nullptr || row == nullptr || call->phase == Phase::kHunted) return;
  if (row->end == CallEnd::kNotYet) {
    row->end = CallEnd::kReleased;
    row->told = release.cause();
    row->hung_up_by = release.cause() == "answered" ? "worker" : "system";
  }
  if (call->phase == Phase::kLeaving) return;  // our own report of it is under way
  call->phase = Phase::kReleased;
  call->changed.set();
}

asio::awaitable<void> GatewayActor::phone_is_off(v1::RingEndpoint ring) {
  v1::ClientFrame frame;
  auto& failed = *frame.mutable_offer_failed();
  failed.set_offer(ring.offer());
  failed.set_endpoint(ring.endpoint());
  failed.set_why("unreachable");
  co_await link_->ask_once(frame);
}

asio::awaitable<void> GatewayActor::ring_phone(v1::RingEndpoint ring) {
  const Call call = find(ring.gw_ref());
  Stream chance = world_.streams.of(Purpose::kPhoneAnswer, static_cast<std::uint64_t>(ring.offer()));
  const bool answers = !chance.chance(world_.habits.phone_no_answer_share);
  const bool busy = ring.kind() == v1::ENDPOINT_KIND_PHONE && phones_in_use_.contains(ring.endpoint());
  v1::ClientFrame frame;
  if (!busy) {
    frame.mutable_offer_ringing()->set_offer(ring.offer());
    frame.mutable_offer_ringing()->set_endpoint(ring.endpoint());
    co_await link_->ask_once(frame);
    const ProductUs rings = answers ? seconds_us(chance.between(3, 8)) : ring.ring_us();
    co_await pass(world_, rings);
  }
  // It may ring beside a talk: somebody is asked to take the caller over.
  const bool held = call != nullptr && (call->phase == Phase::kWaiting || call->phase == Phase::kTalking ||
                                        call->phase == Phase::kKept || call->phase == Phase::kDialling);
  if (withdrawn_.erase(ring.offer()) > 0 || !held) co_return;
  if (answers && !busy) co_return co_await answer_phone(ring, call);
  auto& failed = *frame.mutable_offer_failed();
  failed.set_offer(ring.offer());
  failed.set_endpoint(ring.endpoint());
  failed.set_why(busy ? "busy" : "noanswer");
  co_await link_->ask_once(frame);
}

asio::awaitable<void> GatewayActor::answer_phone(v1::RingEndpoint ring, Call call) {
  v1::ClientFrame frame;
  auto& answered = *frame.mutable_offer_answered();
  answered.set_offer(ring.offer());
  answered.set_epoch(ring.epoch());
  answered.set_endpoint(ring.endpoint());
  answered.set_at_us(world_.clock.now());
  LedgerCall& row = *world_.ledger.by_ref(call->gw_ref);
  row.answer_doubtful = true;
  answered_on_phone_.insert(ring.offer());
  const v1::Reply reply = co_await link_->ask_once(frame);
  row.answer_doubtful = false;
  const bool on_line = call->phase != Phase::kKept && call->phase != Phase::kDialling;
  if (reply.has_done() && on_line) world_.ledger.answered(ring.call(), "phone " + std::to_string(ring.endpoint()), 0);
  if (reply.has_error()) answered_on_phone_.erase(ring.offer());
}

/// Calling back: the worker first, then the number, which is never shown.
asio::awaitable<void> GatewayActor::dial(v1::Dial dial) {
  Stream chance = world_.streams.of(Purpose::kPhoneAnswer, dial.dial());
  const bool worker = chance.chance(0.95);
  const bool caller = worker && chance.chance(0.7);
  const double rings_s = chance.between(3, 8) + (worker ? chance.between(4, 15) : 25);
  const ProductUs rings = seconds_us(rings_s);
  co_await pass(world_, rings);
  const ProductUs at = world_.clock.now();
  if (caller) {
    const ProductUs talks = seconds_us(chance.log_normal(300, 0.6));
    co_await pass(world_, talks);
  }
  v1::ClientFrame frame;
  auto& result = *frame.mutable_dial_result();
  result.set_callback(dial.callback());
  result.set_dial(dial.dial());
  result.set_worker_answered(worker);
  result.set_caller_answered(caller);
  result.set_at_us(at);
  result.set_ended_at_us(world_.clock.now());
  const Answer answer = co_await link_->ask(frame);
  if (!answer.ok()) note_refusal(world_, "DialResult", answer);
}

}  // namespace kapok::load
