#include "week/week_world.h"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>

namespace kapok::week {
namespace {

/// A Monday. The calendar of 2027 is that of 1999, the record's year.
constexpr CivilDay kMonday = std::chrono::year{2027} / 2 / 1;
constexpr int kCrews = 3;
constexpr Duration kShift = hours{8};
/// The longest talk of the record is an hour and two minutes.
constexpr Duration kAfterwards = hours{6};
constexpr Duration kLookEvery = minutes{30};

std::filesystem::path place_of(const WeekOptions& options) {
  return options.store_parent.empty() ? quick_folder() : options.store_parent;
}

/// Every second caller needs something that is written down.
casework::ContactFields record_of(std::int64_t call_number) {
  casework::ContactFields fields;
  fields.consent = casework::Consent::kGiven;
  fields.risk = casework::RiskLevel::kNone;
  fields.type = casework::ContactType::kConsultation;
  fields.summary = "来电咨询，已说明。";
  if (call_number % 2 == 0) return fields;
  fields.type = casework::ContactType::kSelf;
  fields.relation = casework::CallerRelation::kSelf;
  fields.summary = "连日睡不着，已作情绪安抚。";
  fields.services = {casework::ServiceKind::kEmotionalSupport};
  casework::Need need;
  need.kind = casework::NeedKind::kAnxiety;
  need.detail = "睡眠差";
  fields.needs = {need};
  return fields;
}

}  // namespace

WeekWorld::WeekWorld(const load::ReplayWeek& week, const WeekOptions& options)
    : week_(week),
      options_(options),
      streams_(options.seed),
      thinks_(streams_.of(load::Purpose::kDeskAnswer)),
      callers_(week.calls.size()) {
  plan_crews();
  std::vector<WeekCity::Person> people;
  for (const Desk& desk : desks_) people.push_back({desk.account, desk.shifts});
  city_ = std::make_unique<WeekCity>(place_of(options), at(week.from), people);
  gateway_ = city_->gateway([this](const api::Push& push) { hear(push); });
  plan_callers();
}

Instant WeekWorld::at(load::ProductUs since_monday) const {
  return from_local(kMonday, Duration{0}, kChinaOffset) + Duration{since_monday};
}

std::string WeekWorld::ref(Index caller) const {
  return fmt::format("week-{}", week_.calls[static_cast<std::size_t>(caller)].number);
}

WeekWorld::Index WeekWorld::caller_of(const std::string& gw_ref) const {
  const auto found = by_ref_.find(gw_ref);
  return found == by_ref_.end() ? -1 : found->second;
}

/// Shifts change at 00:00, 08:00 and 16:00; who still talks then finishes, beside the next crew.
void WeekWorld::plan_crews() {
  const Instant first = at(week_.from / load::kDayUs * load::kDayUs);
  const Instant last = at(week_.until) + kAfterwards;
  for (int crew = 0; crew < kCrews; ++crew)
    for (int place = 0; place < options_.workers; ++place) {
      Desk desk;
      desk.account = fmt::format("w{}-{:03}", crew + 1, place + 1);
      for (Instant from = first + crew * kShift; from < last; from = from + kCrews * kShift)
        if (from + kShift > at(week_.from)) desk.shifts.push_back({from, from + kShift});
      for (const Period& shift : desk.shifts) {
        const auto index = static_cast<Index>(desks_.size());
        agenda_.plan(std::max(shift.from, at(week_.from)), Act::kComes, index);
        agenda_.plan(shift.to, Act::kGoes, index);
      }
      desks_.push_back(std::move(desk));
    }
}

void WeekWorld::plan_callers() {
  for (std::size_t index = 0; index < week_.calls.size(); ++index) {
    agenda_.plan(at(week_.calls[index].joins), Act::kJoins, static_cast<Index>(index));
    by_ref_[ref(static_cast<Index>(index))] = static_cast<Index>(index);
  }
  agenda_.plan(at(week_.from), Act::kLooks);
}

bool WeekWorld::is_over() const { return gone_ == callers_.size() && writing_ == 0; }

void WeekWorld::live() {
  while (!is_over() && !agenda_.empty()) {
    const Instant next = agenda_.next();
    while (now() < next) city_->move_to(next);
    const auto item = agenda_.take();
    act(item.kind, item.a, item.b);
    city_->settle();
    count_now();
  }
  if (!is_over()) throw std::runtime_error("the week ended and not everybody was served");
}

void WeekWorld::count_now() {
  most_waiting_ = std::max(most_waiting_, waiting_);
  most_talking_ = std::max(most_talking_, talking_);
}

void WeekWorld::act(Act act, Index a, Index b) {
  switch (act) {
    case Act::kComes:
      return comes(a);
    case Act::kGoes:
      return goes(a);
    case Act::kJoins:
      return joins(a);
    case Act::kGivesUp:
      return gives_up(a);
    case Act::kAnswers:
      return answers(a, b);
    case Act::kHangsUp:
      return hangs_up(a, b);
    case Act::kWritesUp:
      return writes_up(a);
    case Act::kLooks:
      return look();
  }
}

void WeekWorld::look() {
  agenda_.plan(now() + kLookEvery, Act::kLooks);
  if (!options_.on_progress) return;
  const double passed = static_cast<double>((now() - at(week_.from)).count());
  options_.on_progress(std::min(1.0, passed / static_cast<double>(week_.length())));
}

void WeekWorld::comes(Index index) {
  Desk& desk = desks_[static_cast<std::size_t>(index)];
  desk.leaving = false;
  if (desk.client == nullptr)
    desk.client = city_->worker(desk.account, [this, index](const api::Push& push) { hear(index, push); });
}

/// The roster has ended the shift by itself; who talks or writes goes afterwards.
void WeekWorld::goes(Index index) {
  Desk& desk = desks_[static_cast<std::size_t>(index)];
  desk.leaving = desk.call.has_value();
  if (desk.leaving || desk.client == nullptr) return;
  city_->leave(desk.client);
  desk.client = nullptr;
  desk.offer.reset();
}

void WeekWorld::joins(Index index) {
  const load::ReplayCall& call = week_.calls[static_cast<std::size_t>(index)];
  load::LedgerCall& row = ledger_.arrive(ref(index), call.number, WeekCity::kLine, now().us);
  callers_[static_cast<std::size_t>(index)].phase = Phase::kWaiting;
  ++waiting_;
  const api::Reply reply = city_->ask(
      gateway_,
      api::Arrived{
          .gw_ref = ref(index), .dialled = WeekCity::kLine, .caller = load::caller_of(call.number), .at = now()});
  ledger_.take(row, WeekCity::granted<api::ArrivalTaken>(reply, "Arrived").call.value, now().us);
  if (call.kind == load::ReplayKind::kGivesUp) agenda_.plan(now() + Duration{call.patience}, Act::kGivesUp, index);
  if (call.kind != load::ReplayKind::kHangsUpAtOnce) return;
  city_->settle();
  gives_up(index);
}

void WeekWorld::gives_up(Index index) {
  if (callers_[static_cast<std::size_t>(index)].phase == Phase::kWaiting) leaves(index);
}

void WeekWorld::hangs_up(Index index, std::int64_t talk) {
  const Caller& caller = callers_[static_cast<std::size_t>(index)];
  if (caller.phase == Phase::kTalking && caller.talk == talk) leaves(index);
}

void WeekWorld::leaves(Index index) {
  Caller& caller = callers_[static_cast<std::size_t>(index)];
  --(caller.phase == Phase::kTalking ? talking_ : waiting_);
  caller.phase = Phase::kGone;
  caller.gone_at = now();
  ++gone_;
  load::LedgerCall& row = *ledger_.by_ref(ref(index));
  row.end = load::CallEnd::kCallerLeft;
  row.hung_up_by = "caller";
  row.left = {now().us, now().us};
  const api::Reply reply = city_->ask(gateway_, api::Left{ref(index), EndedBy::kCaller, {}, now()});
  if (!reply.body) refused("Left", reply);
}

/// The gateway's orders.
void WeekWorld::hear(const api::Push& push) {
  if (const auto* bridge = std::get_if<api::Bridge>(&push)) {
    const Index index = caller_of(bridge->gw_ref);
    if (index < 0 || callers_[static_cast<std::size_t>(index)].phase != Phase::kWaiting) return;
    Caller& caller = callers_[static_cast<std::size_t>(index)];
    caller.phase = Phase::kTalking;
    caller.answered_at = now();
    --waiting_;
    ++talking_;
    ledger_.answered(bridge->call.value, {}, 0);
    agenda_.plan(now() + Duration{week_.calls[static_cast<std::size_t>(index)].talk}, Act::kHangsUp, index,
                 ++caller.talk);
  } else if (const auto* release = std::get_if<api::Release>(&push)) {
    const Index index = caller_of(release->gw_ref);
    if (index < 0 || callers_[static_cast<std::size_t>(index)].phase == Phase::kGone) return;
    Caller& caller = callers_[static_cast<std::size_t>(index)];
    --(caller.phase == Phase::kTalking ? talking_ : waiting_);
    caller.phase = Phase::kGone;
    caller.gone_at = now();
    ++gone_;
    load::LedgerCall& row = *ledger_.by_ref(release->gw_ref);
    row.end = load::CallEnd::kReleased;
    row.told = release->cause;
  }
}

/// A desk's.
void WeekWorld::hear(Index index, const api::Push& push) {
  Desk& desk = desks_[static_cast<std::size_t>(index)];
  if (const auto* shown = std::get_if<api::OfferShown>(&push)) {
    desk.offer = shown->offer;
    ledger_.rang(shown->offer.call.value);
    const Duration thinks{load::seconds_us(thinks_.between(options_.answer_min_s, options_.answer_max_s))};
    agenda_.plan(now() + thinks, Act::kAnswers, index, shown->offer.offer.value);
  } else if (const auto* withdrawn = std::get_if<api::OfferWithdrawn>(&push)) {
    if (desk.offer && desk.offer->offer == withdrawn->offer) desk.offer.reset();
  } else if (const auto* over = std::get_if<api::CallOver>(&push)) {
    if (!desk.call || desk.call->call != over->call || desk.over) return;
    desk.over = true;
    agenda_.plan(now(), Act::kWritesUp, index);
  } else if (const auto* state = std::get_if<api::DeskState>(&push)) {
    desk.state = state->state;
  }
}

void WeekWorld::answers(Index index, std::int64_t offer) {
  Desk& desk = desks_[static_cast<std::size_t>(index)];
  if (!desk.offer || desk.offer->offer.value != offer || desk.client == nullptr) return;
  const api::OfferView taken = *desk.offer;
  desk.offer.reset();
  const api::Reply reply = city_->change(desk.client, api::AcceptOffer{taken.offer, taken.epoch});
  if (!reply.body) return refused("AcceptOffer", reply);
  desk.call = WeekCity::granted<api::CallView>(reply, "AcceptOffer");
  desk.over = false;
  ++writing_;
  ledger_.answered(desk.call->call.value, desk.account, desk.call->contact.value);
}

void WeekWorld::writes_up(Index index) {
  Desk& desk = desks_[static_cast<std::size_t>(index)];
  const api::CallView call = *desk.call;
  const casework::ContactFields fields = record_of(call.call.value);
  const api::Reply reply =
      city_->change(desk.client, api::FinaliseContact{call.contact, call.contact_version, fields, {}});
  if (reply.body) {
    load::LedgerContact contact{call.contact.value, desk.account, {}};
    for (const casework::Need& need : fields.needs) contact.needs.push_back(static_cast<int>(need.kind));
    ledger_.finalise(std::move(contact));
  } else {
    refused("FinaliseContact", reply);
  }
  city_->settle();
  desk.call.reset();
  --writing_;
  if (desk.state == WorkerState::kAfterCall) {
    const api::Reply ready = city_->change(desk.client, api::EndAfterCall{});
    if (!ready.body) refused("EndAfterCall", ready);
  }
  if (desk.leaving) goes(index);
}

void WeekWorld::refused(const char* what, const api::Reply& reply) {
  ++ledger_.refusals[fmt::format("{} {}", what, name_of(reply.body.error().code))];
}

}  // namespace kapok::week
