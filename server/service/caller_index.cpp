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
  for (const auto& row : storage::CallTable::unanswered_since(tx, city, now - kAttemptWindow).rows) {
    std::string key = key_of(tx.keys(), row.caller);
    if (!key.empty() && !row.test) loaded.attempts.push_back({std::move(key), row.line, row.ended_at});
  }
  for (const auto& risk : storage::CallTable::high_risk_numbers(tx, city, now - kHighRiskWindow))
    loaded.high_risks.push_back({risk.caller_index, risk.at});
  return loaded;
}

void CallerIndex::load(const Loaded& loaded) {
  known_.clear();
  for (const Attempt& attempt : loaded.attempts) unanswered(attempt.key, attempt.line, attempt.at);
  for (const HighRisk& risk : loaded.high_risks) high_risk(risk.key, risk.at);
}

void CallerIndex::unanswered(const std::string& key, LineId line, Instant at) {
  if (!key.empty()) known_[key].attempts.emplace_back(line, at);
}

void CallerIndex::answered(const std::string& key, LineId line) {
  const auto found = known_.find(key);
  if (found == known_.end()) return;
  std::erase_if(found->second.attempts, [&](const auto& attempt) { return attempt.first == line; });
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
  for (const auto& [attempt_line, at] : known.attempts)
    if (attempt_line == line && at + kAttemptWindow > now) ++facts.unanswered_attempts_30min;
  return facts;
}

void CallerIndex::forget_before(Instant now) {
  for (auto at = known_.begin(); at != known_.end();) {
    Known& known = at->second;
    std::erase_if(known.attempts, [&](const auto& attempt) { return attempt.second + kAttemptWindow <= now; });
    const bool nothing = known.attempts.empty() && known.high_risk_at + kHighRiskWindow <= now;
    at = nothing ? known_.erase(at) : std::next(at);
  }
}

}  // namespace kapok::service
