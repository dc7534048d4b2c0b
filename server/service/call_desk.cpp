#include "service/call_desk.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

#include "core/planted_fault.h"
#include "service/call_saving.h"
#include "service/directory_events.h"

namespace kapok::service {
namespace {

/// A new attempt to read the city from the store, in real time: the store itself tries once a second.
constexpr std::chrono::seconds kStoreRetry{1};

std::optional<Error> refusal_in(const std::vector<routing::Command>& commands) {
  for (const routing::Command& command : commands) {
    if (const auto* accept = std::get_if<routing::RefuseAccept>(&command)) return Error{accept->why, {}};
    if (const auto* refused = std::get_if<routing::RefuseEvent>(&command)) return Error{refused->why, {}};
  }
  return std::nullopt;
}

/// The place of a call that ended waiting; a call that was answered has had its turn.
std::optional<CallerIndex::Place> place_given_up(const storage::CallRow& row) {
  if (row.answered_at.is_set()) return std::nullopt;
  return CallerIndex::Place{row.waits_from(), row.arrival_seq};
}

/// Offers do not outlive a start: their calls wait again, or the first talks on; nobody is to blame. The legs so ended.
std::vector<storage::CallLegRow> end_offers(OpenState& state, Instant now) {
  std::vector<storage::CallLegRow> ended;
  for (LiveCall& call : state.calls) {
    const bool offered = call.row.state == CallState::kOffered;
    if (offered) {
      call.row.state = CallState::kWaiting;
      call.row.worker = {};
    }
    if (!offered && call.leg.transfer_kind == routing::TransferKind::kWarm && !call.leg.transfer_end) {
      call.leg.transfer_end = routing::TransferEnd::kNotTaken;
      ended.push_back(call.leg);
    }
    for (storage::CallLegRow leg : state.legs) {
      if (leg.call != call.row.id || leg.offer_end) continue;
      leg.offer_end = routing::OfferEnd::kDeviceLost;
      leg.ended_at = now;
      if (leg.id == call.leg.id) call.leg = leg;
      ended.push_back(leg);
    }
  }
  return ended;
}

/// Adds what end_offers() changed to what the commands write anyway.
void save_ended_offers(const std::vector<storage::CallLegRow>& legs, RoutingRows& rows, RowsToSave& saving) {
  for (const storage::CallLegRow& leg : legs) {
    saving.legs.push_back(leg);
    LiveCall* call = rows.calls().find(leg.call);
    if (call == nullptr) continue;
    if (call->leg.id == leg.id) ++call->leg.version;
    const bool written =
        std::any_of(saving.calls.begin(), saving.calls.end(), [&](const auto& row) { return row.id == leg.call; });
    if (written) continue;
    saving.calls.push_back(call->row);
    ++call->row.version;
  }
}

}  // namespace

/// One event between its decision and its delivery. The writer thread uses `saving`, the strand the rest.
struct CallDesk::Work {
  SavedEvent saved;
  CallSaving saving;
  After after;
};

CallDesk::CallDesk(Office& office, CallerIndex& callers, ops::Log& log)
    : office_(office),
      callers_(callers),
      log_(log),
      rows_(office.config.city, [&office] { return office.next_id(); }),
      journaling_(office.config.city, office.config.utc_offset, office.config.version),
      timer_(office.strand),
      retry_(office.strand) {}

CallDesk::~CallDesk() = default;

void CallDesk::start(std::function<void(Result<>)> then) {
  stage_ = Stage::kStarting;
  read_state(std::move(then));
}

void CallDesk::read_state(std::function<void(Result<>)> then) {
  office_.read<OpenState>([city = office_.config.city, offset = office_.config.utc_offset,
                           now = office_.clock.now()](auto& tx) { return load_open_state(tx, city, offset, now); },
                          [this, alive = std::weak_ptr(alive_), then = std::move(then)](Result<OpenState> state) {
                            if (alive.expired()) return;
                            if (!state) return then(state.error());
                            begin(std::move(state).value(), then);
                          });
}

void CallDesk::begin(OpenState state, std::function<void(Result<>)> then) {
  const Instant now = office_.clock.now();
  told_directory_ = office_.directory;
  epoch_ = std::max(epoch_, state.last_epoch) + 1;
  arrival_seq_ = state.last_arrival_seq;
  callers_.load(state.callers);
  for (const LiveCall& call : state.calls)
    if (!call.row.test) callers_.arrived(call.caller_key, call.row.arrived_at);
  const routing::CityOptions options{.city_number = static_cast<std::int32_t>(office_.config.city.value),
                                     .utc_offset = office_.config.utc_offset,
                                     .time_factor = static_cast<std::int32_t>(office_.clock.factor())};
  core_ = std::make_unique<routing::RoutingCore>(options);
  journaling_.begin(state.last_journal_seq, options);

  auto work = std::make_shared<Work>();
  work->saved.at = now;
  work->saved.fresh = true;
  const routing::Event directory = whole_directory(*told_directory_);
  routing::Restarted restarted = restarted_event(state, *told_directory_, epoch_, now);
  restored_shifts_.clear();
  for (const auto& worker : restarted.workers)
    for (const auto& shift : worker.shifts) restored_shifts_.push_back(shift.shift);
  for (const routing::Event& event : {directory, routing::Event{std::move(restarted)}}) {
    auto commands = core_->apply(now, event);
    journal(*work, event, commands);
    std::ranges::move(commands, std::back_inserter(work->saved.commands));
  }
  // A line that an import has taken away rings nowhere any more; its calls must not stay open for ever.
  for (const LiveCall& call : state.calls)
    if (told_directory_->line(call.row.line) == nullptr)
      work->saved.commands.push_back(routing::EndCall{call.row.id, call.row.line, call.row.unit,
                                                      CallOutcome::kLostOnRestart, EndedBy::kSystem, call.row.worker,
                                                      now, now - call.row.arrived_at});
  log_.write(ops::LogId::kStateRebuilt, {{"calls", state.calls.size()}, {"damaged", state.damaged}});
  const auto ended_offers = end_offers(state, now);
  rows_.load(std::move(state.calls), state.workers, state.gaps);
  work->saving.rows = rows_.take(work->saved.commands);
  save_ended_offers(ended_offers, rows_, work->saving.rows);
  picture(work->saved, work->saving.rows.ended, {});
  picture_everything(work->saved);
  work->saved.today = std::move(state.today);
  work->saved.answers_today = std::move(state.answers_today);
  work->saved.drafts = std::move(state.drafts);
  work->saved.ended_refs = std::move(state.ended_refs);
  work->after.also = [epoch = epoch_](storage::Transaction& tx) -> Result<> {
    save_epoch(tx, epoch);
    return Done{};
  };
  work->after.done = [this, then = std::move(then)](const Result<SavedEvent>& outcome) {
    if (!outcome) return then(outcome.error());
    stage_ = Stage::kRunning;
    look_at_clock();
    then(Done{});
  };
  save(work);
}

void CallDesk::happened(routing::Event event, After after) {
  if (!running()) return refuse({ErrorCode::kStoreUnavailable, {}}, after);
  decide(event, std::move(after));
}

void CallDesk::decide(const routing::Event& event, After after) {
  const Instant now = office_.clock.now();
  auto work = std::make_shared<Work>();
  work->saved.at = now;
  const auto timer = core_->next_timer();
  const bool timer_is_due = timer && *timer <= now;
  work->saved.commands = core_->apply(now, event);
  const auto refusal = refusal_in(work->saved.commands);
  if (refusal) {
    refuse(*refusal, after);
    after = {};
    // What timers did before the event was looked at stays and is saved; the refusal itself changed nothing.
    if (work->saved.commands.size() == 1 && !timer_is_due) return look_at_clock();
  }
  if (after.asked) work->saved.asked_by = after.asked->connection;
  work->saving.rows = rows_.take(work->saved.commands);
  picture(work->saved, work->saving.rows.ended, after.workers);
  journal(*work, event, work->saved.commands);
  work->after = std::move(after);
  save(work);
  look_at_clock();
}

void CallDesk::journal(Work& work, const routing::Event& event, const std::vector<routing::Command>& commands) {
  work.saving.journal.push_back(
      journaling_.row(storage::JournalId{office_.next_id()}, work.saved.at, event, commands, *core_));
}

void CallDesk::save(std::shared_ptr<Work> work) {
  CallSaving& saving = work->saving;
  saving.take_ids([this] { return office_.next_id(); });
  saving.also = std::move(work->after.also);
  saving.audit = work->after.audit;
  saving.audit_detail = work->after.audit_detail;
  saving.asked = work->after.asked;
  if (saving.asked) saving.reply = work->after.reply ? work->after.reply(work->saved) : api::ReplyBody{Done{}};
  under_way(*work, true);
  const std::int64_t row = saving.journal.front().seq;
  office_.changes.save(
      storage::WriteClass::kCallEvent,
      [this, work, row, unsaved = journaling_.unsaved()](storage::Transaction& tx) {
        if (unsaved->comes_before(row))
          return Result<>{ErrorCode::kStoreUnavailable, "an event before it was not saved"};
        unsaved->note(row);  // unless it comes through; a second run, on the working set, may
        auto applied = work->saving.apply(tx, office_.config, office_.changes);
        if (std::int64_t mine = row; applied.ok()) unsaved->seq.compare_exchange_strong(mine, 0);
        if (KAPOK_IS_PLANTED(reply_before_commit) && work->saving.asked)
          boost::asio::post(office_.strand, [work] { work->saving.asked->answer(work->saving.reply); });
        if (KAPOK_IS_PLANTED(ring_before_commit)) boost::asio::post(office_.strand, [this, work] { deliver(*work); });
        return applied;
      },
      [this, alive = std::weak_ptr(alive_), work](const storage::WriteOutcome& outcome) {
        if (alive.expired()) return;
        under_way(*work, false);
        if (!outcome.result) return failed(*work, outcome.result.error());
        work->saved.saved = outcome.saved == storage::SavedIn::kSpool ? api::Saved::kSpool : api::Saved::kStore;
        saved(*work);
      },
      storage::Degraded::kAllowed,
      [row, unsaved = journaling_.unsaved()](const storage::WriteOutcome& outcome) {
        if (!outcome.result) unsaved->note(row);
      });
}

void CallDesk::under_way(const Work& work, bool begins) {
  begins ? ++under_way_ : --under_way_;
  for (const LiveCall& call : work.saved.calls)
    begins ? void(unsaved_.insert(call.row.id)) : void(unsaved_.erase(unsaved_.find(call.row.id)));
}

void CallDesk::saved(Work& work) {
  for (const auto& [id, draft] : work.saving.drafts) {
    const auto fill = [&](LiveCall& call) {
      call.display_number = draft.display_number;
      call.contact_version = draft.version;
    };
    if (LiveCall* call = rows_.calls().find(id)) fill(*call);
    for (LiveCall& call : work.saved.calls)
      if (call.row.id == id) fill(call);
  }
  feed_callers(work.saved);
  if (!KAPOK_IS_PLANTED(ring_before_commit)) deliver(work);
  if (work.after.done) work.after.done(work.saved);
  if (KAPOK_IS_PLANTED(reply_before_commit) && work.saving.asked && !work.saving.asked->reply) return;
  if (work.saving.asked) work.saving.asked->answer(std::move(work.saving.reply), work.saved.saved);
}

void CallDesk::deliver(const Work& work) const {
  for (const Listener& listener : listeners_) listener(work.saved);
}

void CallDesk::failed(Work& work, const Error& why) {
  const bool starting = work.saved.fresh;
  if (work.after.done) work.after.done(why);
  if (work.saving.asked) work.saving.asked->refuse(why);
  if (!starting) lose_store();
}

void CallDesk::refuse(const Error& why, const After& after) const {
  if (after.done) after.done(why);
  if (after.asked) after.asked->refuse(why);
}

void CallDesk::feed_callers(const SavedEvent& saved) {
  if (saved.at - callers_cleared_at_ > kAttemptWindow) {
    callers_.forget_before(saved.at);
    callers_cleared_at_ = saved.at;
  }
  for (const routing::Command& command : saved.commands) {
    if (const auto* answered = std::get_if<routing::ConnectCall>(&command)) {
      const LiveCall* call = answered->dial_caller ? nullptr : saved.call(answered->call);
      if (call != nullptr) callers_.answered(call->caller_key, call->row.line, answered->at);
    } else if (const auto* reached = std::get_if<routing::RecordCallerReached>(&command)) {
      if (const LiveCall* call = saved.call(reached->call))
        callers_.answered(call->caller_key, call->row.line, reached->at);
    } else if (const auto* ended = std::get_if<routing::EndCall>(&command)) {
      const LiveCall* call = saved.call(ended->call);
      if (call == nullptr || call->row.test) continue;
      if (!call->row.answered_at.is_set())
        callers_.unanswered(call->caller_key, call->row.line, ended->at, call->row.episode);
      callers_.left(call->caller_key, call->row.unit, call->row.episode, ended->at, place_given_up(call->row));
    }
  }
}

void CallDesk::told_later(ToldLater told) {
  const storage::CallRow& row = told.row;
  if (row.answered_at.is_set()) {
    callers_.answered(told.caller_key, row.line, office_.clock.now());
  } else if (!row.test) {
    callers_.unanswered(told.caller_key, row.line, row.ended_at, row.episode);
  }
  if (!row.test) callers_.left(told.caller_key, row.unit, row.episode, row.ended_at);
  SavedEvent saved;
  saved.at = office_.clock.now();
  saved.told_later.push_back(std::move(told));
  for (const Listener& listener : listeners_) listener(saved);
}

void CallDesk::look_at_clock() {
  if (!running()) return;
  const auto next = core_->next_timer();
  if (!next) {
    timer_.cancel();
    return;
  }
  if (*next <= office_.clock.now()) return decide(routing::Ticked{}, {});
  timer_.expires_after(office_.clock.real_until(*next));
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
    if (!failed && !alive.expired()) look_at_clock();
  });
}

void CallDesk::lose_store() {
  if (stage_ != Stage::kRunning) return;
  stage_ = Stage::kStoreLost;
  timer_.cancel();
  for (const auto& lost : lost_) lost();
  try_again();
}

void CallDesk::try_again() {
  retry_.expires_after(kStoreRetry);
  retry_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
    if (failed || alive.expired()) return;
    // What is under way may still be saved, and what the spool keeps is not in the store yet.
    if (under_way_ > 0 || office_.degraded) return try_again();
    read_state([this](const Result<>& read) {
      if (!read) return try_again();
      for (const auto& rebuilt : rebuilt_) rebuilt();
    });
  });
}

void CallDesk::directory_changed() {
  const auto before = std::exchange(told_directory_, office_.directory);
  if (before && running()) happened(directory_difference(*before, *told_directory_));
}

}  // namespace kapok::service
