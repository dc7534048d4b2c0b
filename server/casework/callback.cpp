#include "casework/callback.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/text.h"

namespace kapok::casework {
namespace {

/// Risk, or a second attempt, breaks the night's rest (domain.md §0.10).
bool haste(bool high_risk, std::uint32_t attempts) { return high_risk || attempts >= 2; }

/// Start of the local day of `at`, moved by `time`.
Instant today_at(Instant at, minutes time, UtcOffset offset) { return from_local(day_of(at, offset), time, offset); }

/// In the sleeping hours 22:00–08:00, seen from someone who hung up at `hung_up_at`: who hangs up after 07:30 is awake.
bool sleeps(Instant hung_up_at, Instant now, UtcOffset offset) {
  const Duration time = to_local(now, offset).since_midnight;
  if (time >= kNightFrom) return true;
  if (time >= kRingBackFrom) return false;
  return hung_up_at < today_at(now, kNightTo, offset);
}

Result<> check_mine(const Callback& callback, std::uint64_t version, WorkerId by) {
  if (!is_open(callback)) return Error{ErrorCode::kWrongState, "the callback is closed"};
  if (callback.state != CallbackState::kClaimed || callback.owner != by)
    return Error{ErrorCode::kNotYours, "claim the callback first"};
  if (version != callback.version)
    return Error{ErrorCode::kVersionConflict, "current version is " + std::to_string(callback.version)};
  return Done{};
}

void close_as(Callback& callback, CallbackState state, Instant now) {
  callback.state = state;
  callback.closed_at = now;
}

void schedule_again(Callback& callback, Instant now, UtcOffset offset) {
  if (callback.attempts.size() >= kAttemptsMax) return close_as(callback, CallbackState::kUnreachable, now);
  callback.state = CallbackState::kScheduled;
  callback.owner = {};
  callback.claimed_at = {};
  callback.due_at = ring_back_from(callback, now + kRetryAfter, offset);
}

}  // namespace

Instant callback_due(Instant hung_up_at, bool high_risk, std::uint32_t attempts, UtcOffset offset) {
  if (high_risk) return hung_up_at + kCallbackTimeHighRisk;
  if (is_night(hung_up_at, offset) && !haste(high_risk, attempts)) return hung_up_at + kCallbackTimeAtNight;
  return hung_up_at + kCallbackTime;
}

bool may_ring_back(const Callback& callback, Instant now, UtcOffset offset) {
  if (haste(callback.high_risk, callback.unanswered_arrivals)) return true;
  if (now - callback.last_hung_up_at <= kCallbackTimeAtNight) return true;
  return !sleeps(callback.last_hung_up_at, now, offset);
}

Instant ring_back_from(const Callback& callback, Instant now, UtcOffset offset) {
  if (may_ring_back(callback, now, offset)) return now;
  const Instant this_morning = today_at(now, kRingBackFrom, offset);
  return now < this_morning ? this_morning : this_morning + hours{24};
}

Callback open_callback(NewCallback asked, UtcOffset offset) {
  Callback callback;
  callback.id = asked.id;
  callback.unit = asked.unit;
  callback.line = asked.line;
  callback.number = std::move(asked.number);
  callback.first_call = callback.last_call = asked.call;
  callback.first_hung_up_at = callback.last_hung_up_at = asked.hung_up_at;
  callback.high_risk = asked.high_risk;
  callback.due_at = callback_due(asked.hung_up_at, asked.high_risk, callback.unanswered_arrivals, offset);
  return callback;
}

Callback join_attempt(const Callback& callback, CallId call, Instant hung_up_at, bool high_risk, UtcOffset offset) {
  KAPOK_CHECK(is_open(callback));
  Callback next = callback;
  next.last_call = call;
  next.last_hung_up_at = std::max(callback.last_hung_up_at, hung_up_at);
  next.high_risk = callback.high_risk || high_risk;
  ++next.unanswered_arrivals;
  next.due_at = std::min(callback.due_at, callback_due(hung_up_at, next.high_risk, next.unanswered_arrivals, offset));
  ++next.version;
  return next;
}

Result<Callback> claim(const Callback& callback, std::uint64_t version, WorkerId by, Instant now) {
  if (!is_open(callback)) return Error{ErrorCode::kWrongState, "the callback is closed"};
  const bool held = callback.state == CallbackState::kClaimed && now - callback.claimed_at <= kClaimTime;
  if (held && callback.owner != by) return Error{ErrorCode::kAlreadyTaken, "a colleague was first"};
  if (version != callback.version)
    return Error{ErrorCode::kVersionConflict, "current version is " + std::to_string(callback.version)};
  Callback next = callback;
  next.state = CallbackState::kClaimed;
  next.owner = by;
  next.claimed_at = now;
  ++next.version;
  return next;
}

Result<> may_dial(const Callback& callback, std::uint64_t version, WorkerId by, Instant now, UtcOffset offset) {
  if (auto mine = check_mine(callback, version, by); !mine) return mine;
  if (!may_ring_back(callback, now, offset))
    return Error{ErrorCode::kWrongState, "at night only within 15 minutes of the hang-up; otherwise from 08:00"};
  return Done{};
}

Result<Callback> record_attempt(const Callback& callback, std::uint64_t version, WorkerId by, AttemptResult result,
                                std::string note, Instant now, UtcOffset offset) {
  if (auto mine = check_mine(callback, version, by); !mine) return mine.error();
  if (auto checked = check_note(note, "note"); !checked) return checked.error();
  Callback next = callback;
  next.attempts.push_back({static_cast<std::uint32_t>(callback.attempts.size() + 1), now, by, result});
  if (!note.empty()) next.note = std::move(note);
  if (result == AttemptResult::kReached)
    close_as(next, CallbackState::kDone, now);
  else if (result == AttemptResult::kDeclined)
    close_as(next, CallbackState::kDeclined, now);
  else
    schedule_again(next, now, offset);
  ++next.version;
  return next;
}

Callback supersede(const Callback& callback, Instant now) {
  KAPOK_CHECK(is_open(callback));
  Callback next = callback;
  close_as(next, CallbackState::kSuperseded, now);
  ++next.version;
  return next;
}

bool is_open(const Callback& callback) {
  return callback.state == CallbackState::kScheduled || callback.state == CallbackState::kClaimed;
}

bool overdue(const Callback& callback, Instant now, UtcOffset offset) {
  return is_open(callback) && now > callback.due_at && may_ring_back(callback, now, offset);
}

}  // namespace kapok::casework
