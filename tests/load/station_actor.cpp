#include "load/station_actor.h"

#include <utility>

namespace kapok::load {
namespace {

/// Answers that only say that somebody else was first or the caller has rung again.
bool overtaken(const std::string& code) {
  return code == "ALREADY_TAKEN" || code == "VERSION_CONFLICT" || code == "WRONG_STATE" || code == "BUSY" ||
         code == "GATEWAY_UNAVAILABLE";
}

}  // namespace

StationActor::StationActor(World& world, std::int64_t unit, std::string account, std::string device_token,
                           std::uint64_t number)
    : world_(world),
      unit_(unit),
      number_(number),
      link_(std::make_shared<SteadyLink>(world.ground, std::move(device_token), std::move(account))),
      closing_(world.ground.executor),
      writing_(world.streams.of(Purpose::kStation, number << 20U)) {}

void StationActor::connect() {
  if (!std::exchange(connected_, true)) link_->start();
}

void StationActor::leave_now() {
  leaving_ = true;
  closing_.set();
}

void StationActor::stop() {
  leave_now();
  link_->stop();
}

asio::awaitable<bool> StationActor::in_own_time(double seconds) {
  const ProductUs length = seconds_us(seconds);
  if (!leaving_) co_await pass_or(world_, length, closing_);
  co_return !leaving_;
}

asio::awaitable<Answer> StationActor::change(v1::ClientFrame frame, std::string what) {
  ++under_way_;
  const Answer answer = co_await link_->change(std::move(frame));
  --under_way_;
  if (!answer.ok() && !overtaken(answer.code())) note_refusal(world_, what, answer);
  co_return answer;
}

void StationActor::expect(std::int64_t referral) {
  if (leaving_) return;
  connect();
  run_alone(world_.ground.executor, care_for(referral, ++orders_), "order");
}

asio::awaitable<void> StationActor::care_for(std::int64_t referral, std::uint64_t place) {
  const auto self = shared_from_this();
  Stream chance = world_.streams.of(Purpose::kStation, (number_ << 20U) + place);
  const double accepts_s = chance.between(60, 1200);
  const double works_s = chance.log_normal(1500, 0.8);
  const bool gives_back = chance.chance(0.03);
  if (const bool goes_on = co_await in_own_time(accepts_s); !goes_on) co_return;
  const v1::Referral found = co_await find(referral);
  if (found.id() == 0) co_return;
  if (gives_back) co_return co_await give_back(found);
  v1::ClientFrame accept;
  accept.mutable_accept_referral()->set_referral(referral);
  accept.mutable_accept_referral()->set_version(found.version());
  const Answer accepted = co_await change(accept, "AcceptReferral");
  if (!accepted.reply.has_referral_view()) co_return;
  world_.ledger.move(referral, OrderState::kAccepted);
  if (const bool goes_on = co_await in_own_time(works_s); !goes_on) co_return;
  v1::ClientFrame complete;
  complete.mutable_complete_referral()->set_referral(referral);
  complete.mutable_complete_referral()->set_version(accepted.reply.referral_view().referral().version());
  complete.mutable_complete_referral()->set_result(writing_.closure());
  complete.mutable_complete_referral()->set_note("已上门送达，求助人确认收到。");
  const Answer completed = co_await change(complete, "CompleteReferral");
  if (completed.ok()) world_.ledger.move(referral, OrderState::kCompleted);
}

asio::awaitable<void> StationActor::give_back(v1::Referral referral) {
  v1::ClientFrame frame;
  frame.mutable_return_referral()->set_referral(referral.id());
  frame.mutable_return_referral()->set_version(referral.version());
  frame.mutable_return_referral()->set_reason(v1::RETURN_REASON_OUT_OF_AREA);
  frame.mutable_return_referral()->set_note("住址不在本辖区。");
  const Answer answer = co_await change(frame, "ReturnReferral");
  if (answer.ok()) world_.ledger.move(referral.id(), OrderState::kReturned);
}

/// As the station sees it: on its list of incoming orders. An empty one when it is not there.
asio::awaitable<v1::Referral> StationActor::find(std::int64_t referral) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_referrals();
  list.set_unit(unit_);
  list.set_box(v1::REFERRAL_BOX_INCOMING);
  list.set_limit(200);
  while (true) {
    const Answer answer = co_await link_->ask(frame);
    if (!answer.reply.has_referral_page()) {
      note_refusal(world_, "ListReferrals", answer);
      break;
    }
    for (const auto& view : answer.reply.referral_page().referrals())
      if (view.referral().id() == referral) co_return view.referral();
    list.set_cursor(answer.reply.referral_page().next_cursor());
    if (list.cursor().empty()) break;
  }
  ++world_.ledger.refusals["order not on its station's list"];
  co_return v1::Referral{};
}

asio::awaitable<void> StationActor::look_after_callers() {
  const auto self = shared_from_this();
  Stream chance = world_.streams.of(Purpose::kStation, number_);
  while (true) {
    const double pause_s = chance.between(600, 3600);
    if (const bool goes_on = co_await in_own_time(pause_s); !goes_on) co_return;
    connect();
    co_await ring_back(chance);
    if (leaving_) co_return;
    co_await acknowledge_missed();
  }
}

asio::awaitable<void> StationActor::ring_back(Stream& chance) {
  v1::ClientFrame frame;
  frame.mutable_list_callbacks()->set_unit(unit_);
  frame.mutable_list_callbacks()->set_limit(5);
  const Answer listed = co_await link_->ask(frame);
  if (!listed.reply.has_callback_page()) co_return note_refusal(world_, "ListCallbacks", listed);
  for (const auto& callback : listed.reply.callback_page().callbacks()) {
    if (callback.state() != v1::CALLBACK_STATE_SCHEDULED || chance.chance(0.3)) continue;
    v1::ClientFrame claim;
    claim.mutable_claim_callback()->set_callback(callback.callback());
    claim.mutable_claim_callback()->set_version(callback.version());
    const Answer claimed = co_await change(claim, "ClaimCallback");
    if (!claimed.reply.has_callback_view()) continue;
    v1::ClientFrame dial;
    dial.mutable_dial_callback()->set_callback(callback.callback());
    dial.mutable_dial_callback()->set_version(claimed.reply.callback_view().version());
    co_await change(dial, "DialCallback");
    co_return;
  }
}

asio::awaitable<void> StationActor::acknowledge_missed() {
  v1::ClientFrame frame;
  frame.mutable_list_missed()->set_unit(unit_);
  frame.mutable_list_missed()->set_limit(5);
  const Answer listed = co_await link_->ask(frame);
  if (!listed.reply.has_missed_page()) co_return note_refusal(world_, "ListMissed", listed);
  for (const auto& missed : listed.reply.missed_page().missed()) {
    v1::ClientFrame seen;
    seen.mutable_acknowledge_missed()->set_missed(missed.missed());
    seen.mutable_acknowledge_missed()->set_version(missed.version());
    co_await change(seen, "AcknowledgeMissed");
  }
}

}  // namespace kapok::load
