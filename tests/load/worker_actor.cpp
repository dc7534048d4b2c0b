#include "load/worker_actor.h"

#include <algorithm>
#include <utility>

namespace kapok::load {
namespace {

using namespace std::chrono_literals;
constexpr auto kDeadline = 15s;
constexpr ProductUs kLookUs = 60 * kSecondUs;

}  // namespace

WorkerActor::WorkerActor(World& world, PlanShift shift, std::string device_token, std::uint64_t number,
                         Dispatched dispatched)
    : world_(world),
      shift_(std::move(shift)),
      dispatched_(std::move(dispatched)),
      link_(std::make_shared<SteadyLink>(world.ground, std::move(device_token), shift_.account)),
      changed_(world.ground.executor),
      answers_(world.streams.of(Purpose::kDeskAnswer, number)),
      writes_(world.streams.of(Purpose::kWriting, number)) {
  link_->on_up([this](wire::Conversation& with) { return open_desk(with); });
  link_->on_push([this](const v1::Push& push) { take(push); });
}

asio::awaitable<void> WorkerActor::serve() {
  const auto self = shared_from_this();
  link_->start();
  bool came = co_await come_on_duty();
  while (came && !shift_is_over()) {
    if (offer_) {
      const v1::OfferView offer = *std::exchange(offer_, std::nullopt);
      co_await meet(offer);
    } else if (desk_.state() == v1::WORKER_STATE_AWAY) {
      co_await be_ready();
    } else if (shift_.goes_on && desk_.state() == v1::WORKER_STATE_OFF_DUTY) {
      --world_.desks_open;
      came = co_await come_on_duty();
    } else {
      co_await pass_or(world_, kLookUs, changed_);
    }
  }
  // Who is sent away before the shift ends only closes the desk: the next run finds him on duty.
  if (came) --world_.desks_open;
  if (came && world_.clock.now() >= shift_.to) co_await go_home();
  link_->stop();
  done_ = true;
}

bool WorkerActor::shift_is_over() const { return leaving_ || world_.clock.now() >= shift_.to; }

void WorkerActor::leave_now() {
  leaving_ = true;
  changed_.set();
}

void WorkerActor::stop() {
  leaving_ = true;
  link_->stop();
  changed_.set();
}

/// A connection that came back is no desk until it says so; what it hears then is where the worker stands.
asio::awaitable<void> WorkerActor::open_desk(wire::Conversation& with) {
  if (!on_duty_) co_return;
  v1::ClientFrame frame;
  frame.mutable_open_desk();
  const v1::Reply reply = co_await with.ask(frame, kDeadline);
  if (!reply.has_desk_state()) co_return;
  desk_ = reply.desk_state();
  if (offer_ && desk_.offer() != offer_->offer()) offer_.reset();
  if (call_ != 0 && desk_.call() != call_) {
    over_.insert(call_);
    // Given to somebody else while this desk was away: the record is theirs.
    if (desk_.contact() != contact_) contact_ = 0;
  }
  changed_.set();
}

void WorkerActor::take(const v1::Push& push) {
  switch (push.body_case()) {
    case v1::Push::kOfferShown:
      offer_ = push.offer_shown().offer();
      world_.ledger.rang(offer_->call());
      break;
    case v1::Push::kOfferWithdrawn:
      if (offer_ && offer_->offer() == push.offer_withdrawn().offer()) offer_.reset();
      break;
    case v1::Push::kCallConnected:
      connected_ = push.call_connected().call();
      break;
    case v1::Push::kCallOver:
      over_.insert(push.call_over().call());
      break;
    case v1::Push::kDeskState:
      desk_ = push.desk_state();
      break;
    default:
      return;
  }
  changed_.set();
}

asio::awaitable<bool> WorkerActor::come_on_duty() {
  v1::ClientFrame take;
  take.mutable_take_duty();
  const Answer taken = co_await link_->change(take);
  // A shift of before a restart of this program runs on.
  if (!taken.ok() && taken.code() != "ALREADY_ON_DUTY") {
    note_refusal(world_, "TakeDuty", taken);
    co_return false;
  }
  v1::ClientFrame open;
  open.mutable_open_desk();
  const Answer opened = co_await link_->ask(open);
  if (!opened.ok()) {
    note_refusal(world_, "OpenDesk", opened);
    co_return false;
  }
  on_duty_ = true;
  ++world_.desks_open;
  desk_ = opened.reply.desk_state();
  co_await be_ready();
  co_return true;
}

asio::awaitable<void> WorkerActor::be_ready() {
  const ProductUs pause = seconds_us(answers_.between(1, 20));
  if (desk_.state_since_us() != 0 && desk_.state() == v1::WORKER_STATE_AWAY && busy_) co_return;
  co_await pass_or(world_, pause, changed_);
  if (offer_ || shift_is_over()) co_return;
  v1::ClientFrame frame;
  frame.mutable_set_ready()->set_ready(true);
  const Answer answer = co_await link_->change(frame);
  if (!answer.ok()) {
    note_refusal(world_, "SetReady", answer);
    co_await pass(world_, kLookUs);
    co_return;
  }
  if (answer.reply.has_desk_state()) desk_ = answer.reply.desk_state();
}

/// Looks, thinks for a few seconds, then accepts, declines or lets it ring.
asio::awaitable<void> WorkerActor::meet(v1::OfferView offer) {
  const double drawn = answers_.uniform();
  const ProductUs thinks = seconds_us(answers_.between(world_.habits.answer_min_s, world_.habits.answer_max_s));
  const ProductUs until = world_.clock.steady() + thinks;
  const std::int64_t mine = offer.offer();
  offer_ = offer;
  while (offer_ && offer_->offer() == mine && world_.clock.steady() < until) {
    const ProductUs left = until - world_.clock.steady();
    co_await pass_or(world_, left, changed_);
  }
  if (!offer_ || offer_->offer() != mine) co_return;
  offer_.reset();
  const double misses = world_.habits.desk_miss_share;
  if (drawn < misses) {
    co_await pass_or(world_, kLookUs, changed_);
    co_return;
  }
  if (drawn >= misses + world_.habits.desk_decline_share) co_return co_await accept(offer);
  v1::ClientFrame frame;
  frame.mutable_decline_offer()->set_offer(offer.offer());
  frame.mutable_decline_offer()->set_epoch(offer.epoch());
  frame.mutable_decline_offer()->set_reason("正在接待来访");
  const Answer answer = co_await link_->change(frame);
  if (!answer.ok() && answer.code() != "OFFER_GONE") note_refusal(world_, "DeclineOffer", answer);
}

asio::awaitable<void> WorkerActor::accept(v1::OfferView offer) {
  v1::ClientFrame frame;
  frame.mutable_accept_offer()->set_offer(offer.offer());
  frame.mutable_accept_offer()->set_epoch(offer.epoch());
  const Answer answer = co_await link_->change(frame);
  if (!answer.reply.has_call_view()) {
    // The caller may have gone, or a restart made the offer anew.
    if (answer.code() != "OFFER_GONE" && answer.code() != "NOT_YOURS") note_refusal(world_, "AcceptOffer", answer);
    co_return;
  }
  v1::CallView call = answer.reply.call_view();
  busy_ = true;
  call_ = call.call();
  if (call.being_dialled()) {
    const bool reached = co_await hear_dialling(call);
    if (!reached) {
      call_ = 0;
      busy_ = false;
      co_return;
    }
  }
  world_.ledger.answered(call.call(), shift_.account, call.contact());
  contact_ = call.contact();
  contact_version_ = call.contact_version();
  Writing writing(world_.streams.of(Purpose::kWriting, static_cast<std::uint64_t>(call.call())));
  const v1::ContactFields fields = writing.contact();
  const bool hands_back = answers_.chance(world_.habits.hand_back_share);
  call_ = call.call();
  co_await talk(call, fields, hands_back);
  call_ = 0;
  if (contact_ != 0) co_await write_up(call, fields);
  busy_ = false;
}

/// He waits while the caller is rung back. True: the caller is on the line, and `call` says how it stands.
asio::awaitable<bool> WorkerActor::hear_dialling(v1::CallView& call) {
  const std::int64_t mine = call.call();
  while (!over_.contains(mine) && connected_.call() != mine && !leaving_) co_await pass_or(world_, kLookUs, changed_);
  if (over_.erase(mine) > 0 || connected_.call() != mine) co_return false;
  call = std::exchange(connected_, {});
  co_return true;
}

/// The caller hangs up unless the call's own stream says that the worker does (gateway_actor.cpp).
asio::awaitable<void> WorkerActor::talk(v1::CallView call, v1::ContactFields fields, bool hands_back) {
  const LedgerCall* row = world_.ledger.by_call(call.call());
  const CallerNature nature = world_.callers->nature(row == nullptr ? 0 : row->number);
  const bool ends_it = hands_back || (row != nullptr && nature.worker_hangs_up);
  const ProductUs begin = world_.clock.steady();
  const ProductUs length = hands_back ? 30 * kSecondUs : std::max<ProductUs>(kSecondUs, nature.talk);
  ProductUs save_at = begin + seconds_us(world_.habits.autosave_s);
  while (!over_.contains(call.call())) {
    const ProductUs now = world_.clock.steady();
    if (ends_it && now >= begin + length) co_return co_await end_talk(call, hands_back);
    if (now >= save_at) {
      const double share = static_cast<double>(now - begin) / static_cast<double>(length);
      const v1::ContactFields draft = Writing::draft(fields, std::min(1.0, share));
      if (contact_ != 0) co_await save_draft(draft);
      save_at = world_.clock.steady() + seconds_us(world_.habits.autosave_s);
      continue;
    }
    const ProductUs left = (ends_it ? std::min(begin + length, save_at) : save_at) - now;
    co_await pass_or(world_, left, changed_);
  }
  over_.erase(call.call());
}

asio::awaitable<void> WorkerActor::end_talk(v1::CallView call, bool hands_back) {
  v1::ClientFrame frame;
  if (hands_back) {
    frame.mutable_hand_back()->set_call(call.call());
    frame.mutable_hand_back()->set_reason("需由熟悉情况的同事接听");
  } else {
    frame.mutable_hang_up()->set_call(call.call());
  }
  const Answer answer = co_await link_->change(frame);
  over_.erase(call.call());
  if (answer.ok()) {
    if (hands_back) contact_ = 0;  // whoever answers next writes it up
    co_return;
  }
  const std::string& code = answer.code();
  if (code != "CALL_ENDED" && code != "UNKNOWN_CALL" && code != "WRONG_STATE" && code != "NOT_YOURS")
    note_refusal(world_, hands_back ? "HandBack" : "HangUp", answer);
}

asio::awaitable<void> WorkerActor::save_draft(v1::ContactFields fields) {
  v1::ClientFrame frame;
  auto& save = *frame.mutable_save_draft();
  save.set_contact(contact_);
  save.set_version(contact_version_);
  *save.mutable_fields() = std::move(fields);
  const Answer answer = co_await link_->change(frame);
  if (answer.reply.has_contact_saved())
    contact_version_ = answer.reply.contact_saved().version();
  else
    note_refusal(world_, "SaveDraft", answer);
}

asio::awaitable<void> WorkerActor::write_up(v1::CallView call, v1::ContactFields fields) {
  const ProductUs writes =
      seconds_us(std::min(280.0, world_.habits.write_up_min_s + writes_.exponential(world_.habits.write_up_mean_s)));
  if (!world_.closing) co_await pass(world_, writes);
  co_await finalise(call, fields);
  contact_ = 0;
  if (desk_.state() != v1::WORKER_STATE_AFTER_CALL) co_return;
  v1::ClientFrame frame;
  frame.mutable_end_after_call();
  const Answer answer = co_await link_->change(frame);
  if (answer.reply.has_desk_state())
    desk_ = answer.reply.desk_state();
  else if (answer.code() != "WRONG_STATE")
    note_refusal(world_, "EndAfterCall", answer);
}

asio::awaitable<void> WorkerActor::finalise(const v1::CallView& call, const v1::ContactFields& fields) {
  v1::ClientFrame frame;
  auto& asked = *frame.mutable_finalise_contact();
  asked.set_contact(contact_);
  asked.set_version(contact_version_);
  *asked.mutable_fields() = fields;
  const std::int64_t station = world_.stations.contains(call.unit()) ? call.unit() : shift_.unit;
  const bool sends = writes_.chance(world_.habits.referral_share);
  const bool urgent = writes_.chance(0.15);
  if (sends && fields.needs_size() > 0 && world_.stations.contains(station))
    *asked.add_dispatches() = Writing::dispatch(fields, station, urgent);
  const Answer answer = co_await link_->change(frame);
  if (answer.reply.has_contact_saved())
    book(answer.reply.contact_saved(), frame.finalise_contact());
  else
    note_refusal(world_, "FinaliseContact", answer);
}

void WorkerActor::book(const v1::ContactSaved& saved, const v1::FinaliseContact& asked) {
  LedgerContact contact{saved.contact(), shift_.account, {}};
  for (const v1::Need& need : asked.fields().needs()) contact.needs.push_back(need.kind());
  world_.ledger.finalise(std::move(contact));
  for (const std::int64_t referral : saved.referrals()) {
    const std::int64_t unit = asked.dispatches(0).to_unit();
    world_.ledger.dispatch(referral, unit);
    dispatched_(referral, unit);
  }
}

asio::awaitable<void> WorkerActor::go_home() {
  v1::ClientFrame frame;
  frame.mutable_leave_duty();
  const Answer answer = co_await link_->change(frame);
  if (!answer.ok() && answer.code() != "NOT_ON_DUTY") note_refusal(world_, "LeaveDuty", answer);
}

}  // namespace kapok::load
