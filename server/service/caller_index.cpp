#include "service/caller_index.h"

#include <algorithm>
#include <iterator>

#include "casework/contact_values.h"
#include "core/phone_number.h"
#include "service/directory_events.h"
#include "storage/blind_index.h"
#include "storage/call_table.h"
#include "storage/contact_table.h"

namespace kapok::service {
namespace {

std::string key_of(const storage::KeyRing& keys, const std::string& number) {
  return storage::blind_index(keys, storage::BlindKind::kNumber, parse_phone_number(number).canonical);
}

}  // namespace

Result<CallerIndex::Loaded> CallerIndex::read(storage::ReadTransaction& tx, CityId city, Instant now) {
  Loaded loaded;
  const Duration counted = std::max<Duration>(kAttemptWindow, kBucketRefill * kBucketSize);
  for (const auto& row : storage::CallTable::ended_since(tx, city, now - counted).rows) {
    std::string key = key_of(tx.keys(), row.caller);
    if (!key.empty() && !row.test)
      loaded.calls.push_back({std::move(key),
                              row.line,
                              row.unit,
                              row.episode,
                              row.answered_at,
                              row.ended_at,
                              {row.waits_from(), row.arrival_seq},
                              row.arrived_at});
  }
  for (const auto& risk : storage::CallTable::high_risk_numbers(tx, city, now - kHighRiskWindow))
    loaded.high_risks.push_back({risk.caller_index, risk.at});
  for (auto& contact : storage::ContactTable::numbers_written_up(tx, city, now - kLanguageWindow))
    loaded.written_up.push_back({std::move(contact.caller_index), contact.finalised_at, contact.answered_by,
                                 contact.same_worker, contact.language});
  return loaded;
}

void CallerIndex::load(const Loaded& loaded) {
  known_.clear();
  for (const Ended& call : loaded.calls) {
    arrived(call.key, call.arrived_at);
    if (call.answered_at.is_set()) {
      answered(call.key, call.line, call.answered_at);
    } else {
      unanswered(call.key, call.line, call.at, call.episode);
    }
    const bool waited = !call.answered_at.is_set() && call.place.arrival_seq > 0;
    left(call.key, call.unit, call.episode, call.at, waited ? std::optional(call.place) : std::nullopt);
  }
  for (const HighRisk& risk : loaded.high_risks) high_risk(risk.key, risk.at);
  for (const WrittenUp& contact : loaded.written_up) written_up(contact);
}

bool CallerIndex::arrived(const std::string& key, Instant at) { return key.empty() || known_[key].bucket.take(at); }

void CallerIndex::written_up(const WrittenUp& contact) {
  if (contact.key.empty()) return;
  Known& known = known_[contact.key];
  const bool later = contact.at >= known.goes_on_since;
  if (contact.same_worker && later) {
    known.goes_on_with = contact.answered_by;
    known.goes_on_since = contact.at;
  } else if (later && contact.answered_by == known.goes_on_with) {
    known.goes_on_with = {};
  }
  if (contact.language == casework::Language::kNotRecorded || contact.at < known.language_at) return;
  known.language = contact.language;
  known.language_at = contact.at;
}

void CallerIndex::unanswered(const std::string& key, LineId line, Instant at, CallId episode) {
  if (!key.empty()) known_[key].attempts.push_back({line, at, episode});
}

void CallerIndex::answered(const std::string& key, LineId line, Instant at) {
  const auto found = known_.find(key);
  if (found == known_.end()) return;
  std::erase_if(found->second.attempts,
                [&](const Attempt& attempt) { return attempt.line == line && attempt.at <= at; });
}

void CallerIndex::left(const std::string& key, UnitId unit, CallId episode, Instant at, std::optional<Place> given_up) {
  if (!key.empty()) known_[key].left.push_back({unit, at, episode, given_up});
}

std::optional<CallerIndex::Place> CallerIndex::place(const std::string& key, UnitId unit, Instant now) const {
  const auto found = known_.find(key);
  if (key.empty() || found == known_.end()) return std::nullopt;
  const auto& left = found->second.left;
  const auto latest = std::find_if(left.rbegin(), left.rend(), [&](const Left& call) { return call.unit == unit; });
  if (latest == left.rend() || latest->at + kReturnWindow < now) return std::nullopt;
  return latest->given_up;
}

CallId CallerIndex::episode(const std::string& key, LineId line, UnitId unit, Instant now) const {
  const auto found = known_.find(key);
  if (key.empty() || found == known_.end()) return {};
  const Known& known = found->second;
  for (auto attempt = known.attempts.rbegin(); attempt != known.attempts.rend(); ++attempt)
    if (attempt->line == line && attempt->at + kAttemptWindow > now) return attempt->episode;
  for (auto call = known.left.rbegin(); call != known.left.rend(); ++call)
    if (call->unit == unit && call->at + kReturnWindow >= now) return call->episode;
  return {};
}

void CallerIndex::high_risk(const std::string& key, Instant at) {
  if (key.empty()) return;
  Known& known = known_[key];
  known.high_risk_at = std::max(known.high_risk_at, at);
}

routing::CallerFacts CallerIndex::facts(const std::string& key, LineId line, Instant now) const {
  routing::CallerFacts facts;
  const auto found = known_.find(key);
  if (key.empty() || found == known_.end()) return facts;
  const Known& known = found->second;
  facts.open_high = known.high_risk_at.is_set() && known.high_risk_at + kHighRiskWindow > now;
  for (const Attempt& attempt : known.attempts)
    if (attempt.line == line && attempt.at + kAttemptWindow > now) ++facts.unanswered_attempts_30min;
  if (known.goes_on_since + kSameWorkerWindow > now) facts.last_worker = known.goes_on_with;
  if (known.language_at + kLanguageWindow > now) facts.language = language_bit(known.language);
  return facts;
}

void CallerIndex::forget_before(Instant now) {
  for (auto at = known_.begin(); at != known_.end();) {
    Known& known = at->second;
    std::erase_if(known.attempts, [&](const Attempt& attempt) { return attempt.at + kAttemptWindow <= now; });
    std::erase_if(known.left, [&](const Left& call) { return call.at + kReturnWindow < now; });
    at = is_nothing(known, now) ? known_.erase(at) : std::next(at);
  }
}

bool CallerIndex::is_nothing(const Known& known, Instant now) {
  const bool goes_on = known.goes_on_with.is_set() && known.goes_on_since + kSameWorkerWindow > now;
  return known.attempts.empty() && known.left.empty() && known.high_risk_at + kHighRiskWindow <= now && !goes_on &&
         known.language_at + kLanguageWindow <= now && known.bucket.is_full(now);
}

}  // namespace kapok::service
