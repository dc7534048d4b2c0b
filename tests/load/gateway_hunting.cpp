#include <algorithm>

#include "load/gateway_actor.h"

/// What a gateway does for callers while the server is silent (decision 16), and how it reports it afterwards.
namespace kapok::load {
namespace {

using namespace std::chrono_literals;
using Phase = HeldCall::Phase;

constexpr auto kDeadline = 15s;
constexpr double kRingsEachS = 25;
/// Between two rounds of the list.
constexpr double kRoundS = 10;

}  // namespace

/// Rings the phones of the line's list in their order. A server that returns meanwhile gets the caller back, if
/// nobody has answered him yet.
asio::awaitable<void> GatewayActor::hunt(Call call, ProductUs patience_ends) {
  Stream chance = world_.streams.of(Purpose::kPhoneAnswer, call->number);
  call->phase = Phase::kHunted;
  ++world_.hunted;
  const bool answered = co_await hunt_rings(call, chance, patience_ends);
  if (!answered && call->phase == Phase::kWaiting) {
    run_alone(world_.ground.executor, report_arrival(call), "arrival " + call->gw_ref);
    co_return;
  }
  LedgerCall& row = *world_.ledger.by_ref(call->gw_ref);
  row.end = CallEnd::kBackfilled;
  row.hunted_answered = answered;
  row.hung_up_by = "caller";
  if (answered) {
    row.answered_by = "phone " + std::to_string(call->endpoint);
    call->answered_at = world_.clock.now();
    count_answered(*call);
    ++phones_in_use_[call->endpoint];
    call->on_phone = true;
    const ProductUs length = call->nature.talk;
    if (!letting_go_) co_await pass_or(world_, length, call->changed);
  }
  if (!call->backfill_sent) co_await report_backfill(call);
  forget(call);
}

/// Round and round the list until somebody answers (true), patience ends, or the server takes the caller back.
asio::awaitable<bool> GatewayActor::hunt_rings(Call call, Stream& chance, ProductUs patience_ends) {
  const v1::HuntList list = hunt_lists_[call->dialled];
  for (int place = 0; world_.clock.steady() < patience_ends; ++place) {
    const bool all_tried = place % (list.endpoints_size() + 1) == list.endpoints_size();
    const std::int64_t endpoint = all_tried ? 0 : list.endpoints(place % (list.endpoints_size() + 1)).endpoint();
    const bool rings = !all_tried && !phones_in_use_.contains(endpoint);
    const bool answers = rings && !chance.chance(world_.habits.phone_no_answer_share);
    if (rings || all_tried) {
      const ProductUs length = seconds_us(answers ? chance.between(3, 8) : rings ? kRingsEachS : kRoundS);
      co_await pass_or(world_, length, call->changed);
    }
    // Given back to the server (backfill_held), or told to go.
    if (call->phase == Phase::kWaiting || letting_go_) co_return false;
    if (!answers || phones_in_use_.contains(endpoint)) continue;
    call->endpoint = endpoint;
    co_return true;
  }
  co_return false;
}

/// In the middle of attaching. The server may know callers whom the hunt list took over: those who talk or are gone
/// are reported now, before it takes them for lost; those who still hear ringing go back to it.
asio::awaitable<void> GatewayActor::backfill_held(wire::Conversation& with) {
  std::vector<Call> hunted;
  for (const auto& [ref, call] : held_)
    if (call->phase == Phase::kHunted) hunted.push_back(call);
  for (const Call& call : hunted) {
    if (call->backfill_sent) continue;
    const bool over = world_.ledger.by_ref(call->gw_ref)->end == CallEnd::kBackfilled;
    if (!over) {
      call->phase = Phase::kWaiting;
      call->told = true;
      continue;
    }
    if (!call->told) continue;  // reported when it ends
    const ProductUs now = world_.clock.now();
    const v1::ClientFrame frame = backfill_of(*call, now);
    const v1::Reply reply = co_await with.ask(frame, kDeadline);
    call->backfill_sent = true;
    if (reply.has_error()) ++world_.ledger.refusals["Backfill " + reply.error().code()];
    if (reply.has_backfill_taken()) book_backfill(*call, reply.backfill_taken());
  }
}

asio::awaitable<void> GatewayActor::report_backfill(Call call) {
  ++unreported_;
  const ProductUs ended = world_.clock.now();
  co_await link_->until_up();
  if (!call->backfill_sent) {
    call->backfill_sent = true;
    const v1::ClientFrame frame = backfill_of(*call, ended);
    const Answer answer = co_await link_->ask(frame);
    if (!answer.ok()) note_refusal(world_, "Backfill", answer);
    if (answer.reply.has_backfill_taken()) book_backfill(*call, answer.reply.backfill_taken());
  }
  --unreported_;
}

void GatewayActor::book_backfill(const HeldCall& call, const v1::BackfillTaken& taken) {
  world_.ledger.by_ref(call.gw_ref)->contact = taken.contact();
}

/// A restarted server's clock stands where it last saved, so what happened since lies ahead of it: the whole call is
/// moved back until it has ended by the server's now.
v1::ClientFrame GatewayActor::backfill_of(const HeldCall& call, ProductUs ended_at) const {
  const ProductUs ahead = std::max<ProductUs>(0, ended_at - world_.clock.now());
  v1::ClientFrame frame;
  auto& backfill = *frame.mutable_backfill();
  backfill.set_gw_ref(call.gw_ref);
  backfill.set_dialled(call.dialled);
  backfill.set_caller(call.caller);
  const ProductUs answered = call.answered_at == 0 ? 0 : call.answered_at - ahead;
  backfill.set_arrived_at_us(std::min(call.arrived_at - ahead, answered == 0 ? ended_at - ahead : answered));
  backfill.set_answered_at_us(answered);
  backfill.set_ended_at_us(std::max(ended_at - ahead, answered));
  backfill.set_answered_by(answered == 0 ? 0 : call.endpoint);
  return frame;
}

}  // namespace kapok::load
