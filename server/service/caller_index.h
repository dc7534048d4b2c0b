#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "routing/events.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Unanswered attempts count this long (decision 9; domain.md §0.8).
inline constexpr Duration kAttemptWindow = minutes{30};
/// A finalised contact with high or imminent risk marks its number this long, until risk alerts have a life of
/// their own (issue "risk").
inline constexpr Duration kHighRiskWindow = hours{7 * 24};

/// What is known of a number when it calls (decision 14): blind key → facts. Loaded at start, fed after each
/// COMMIT. Holds no number. Strand only.
class CallerIndex {
 public:
  struct Attempt {
    std::string key;
    LineId line;
    Instant at;
  };
  struct HighRisk {
    std::string key;
    Instant at;
  };
  struct Loaded {
    std::vector<Attempt> attempts;
    std::vector<HighRisk> high_risks;
  };

  /// Everything that still counts at `now`. Reader thread.
  static Result<Loaded> read(storage::ReadTransaction& tx, CityId city, Instant now);
  void load(const Loaded& loaded);

  /// A call of this number ended without an answer.
  void unanswered(const std::string& key, LineId line, Instant at);
  /// It was answered: earlier attempts no longer count.
  void answered(const std::string& key, LineId line);
  /// A contact about this number was finalised with high or imminent risk (or corrected to it).
  void high_risk(const std::string& key, Instant at);

  /// `key` empty (withheld number) = nothing known.
  [[nodiscard]] routing::CallerFacts facts(const std::string& key, LineId line, Instant now) const;

  /// Drops what no longer counts; called now and then.
  void forget_before(Instant now);
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    std::vector<std::pair<LineId, Instant>> attempts;
    Instant high_risk_at;
  };
  std::unordered_map<std::string, Known> known_;
};

}  // namespace kapok::service
