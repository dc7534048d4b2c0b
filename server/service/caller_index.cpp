#include "service/caller_index.h"

#include <algorithm>
#include <iterator>

#include "casework/contact_values.h"
#include "core/phone_number.h"
#include "storage/blind_index.h"
#include "storage/call_table.h"

namespace kapok::service {
namespace {

std::string key_of(const storage::KeyRing& keys, const std::string& number) {
  return storage::blind_index(keys, storage::BlindKind::kNumber, parse_phone_number(number).canonical);
}

}  // namespace

Result<CallerIndex::Loaded> CallerIndex::read(storage::ReadTransaction& tx, CityId city, Instant now) {
  Loaded loaded;
  for (const auto& row : storage::CallTable::ended_since(tx, city, now - kAttemptWindow).rows) {
    std::string key = key_of(tx.keys(), row.caller);
    if (!key.empty() && !row.test)
      loaded.calls.push_back({std::move(key),
                              row.line,
                              row.unit,
                              row.episode,
                              row.answered_at,
                              row.ended_at,
                              {row.waits_from(), row.arrival_seq}});
  }
  for (const auto& risk : storage::CallTable::high_risk_numbers(tx, city, now - kHighRiskWindow))
    loaded.high_risks.push_back({risk.caller_index, risk.at});
  return loaded;
}

void CallerIndex::load(const Loaded& loaded) {
  known_.clear();
  for (const Ended& call : loaded.calls) {
    if (call.answered_at.is_set()) {
      answered(call.key, call.line, call.answered_at);
    } else {
      unanswered(call.key, call.line, call.at, call.episode);
    }
    const bool waited = !call.answered_at.is_set() && call.place.arrival_seq > 0;
    left(call.key, call.unit, call.episode, call.at, waited ? std::optional(call.place) : std::nullopt);
  }
  for (const HighRisk& risk : loaded.high_risks) high_risk(risk.key, risk.at);
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
  return facts;
}

void CallerIndex::forget_before(Instant now) {
  for (auto at = known_.begin(); at != known_.end();) {
    Known& known = at->second;
    std::erase_if(known.attempts, [&](const Attempt& attempt) { return attempt.at + kAttemptWindow <= now; });
    std::erase_if(known.left, [&](const Left& call) { return call.at + kReturnWindow < now; });
    const bool nothing = known.attempts.empty() && known.left.empty() && known.high_risk_at + kHighRiskWindow <= now;
    at = nothing ? known_.erase(at) : std::next(at);
  }
}

}  // namespace kapok::service
