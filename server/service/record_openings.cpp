#include "service/record_openings.h"

namespace kapok::service {
namespace {

constexpr std::size_t kKeptBeforeForgetting = 1'000;

bool told_lately(Instant told, Instant now) { return told.is_set() && now - told < kOpeningsCounted; }

}  // namespace

RecordOpenings::Verdict RecordOpenings::judge(const Opening& opening, Instant now) {
  forget_old(now);
  const auto seen = audited_at_.find(opening.key());
  if (seen != audited_at_.end() && now - seen->second < kOpeningTime) return Verdict::kSeenBefore;
  if (opening.assigned) return Verdict::kNew;
  const Verdict verdict = count(counted_[opening.worker], now);
  if ((verdict == Verdict::kMany || verdict == Verdict::kStopped) && on_many_) on_many_(opening.worker);
  return verdict;
}

RecordOpenings::Verdict RecordOpenings::count(Counted& counted, Instant now) const {
  while (!counted.at.empty() && now - counted.at.front() >= kOpeningsCounted) counted.at.pop_front();
  if (counted.at.size() >= kOpeningsMax) {
    if (told_lately(counted.stop_told, now)) return Verdict::kStoppedAgain;
    counted.stop_told = now;
    return Verdict::kStopped;
  }
  counted.at.push_back(now);
  if (counted.at.size() < kOpeningsAlert || told_lately(counted.many_told, now)) return Verdict::kNew;
  counted.many_told = now;
  return Verdict::kMany;
}

void RecordOpenings::audited(const Opening& opening, Instant now) { audited_at_[opening.key()] = now; }

void RecordOpenings::forget_old(Instant now) {
  if (audited_at_.size() >= kKeptBeforeForgetting)
    std::erase_if(audited_at_, [now](const auto& entry) { return now - entry.second >= kOpeningTime; });
  if (counted_.size() >= kKeptBeforeForgetting)
    std::erase_if(counted_, [now](const auto& entry) {
      return entry.second.at.empty() || now - entry.second.at.back() >= kOpeningsCounted;
    });
}

}  // namespace kapok::service
