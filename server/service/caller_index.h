#pragma once

#include <cstdint>
#include <optional>
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
/// A return this soon after leaving goes on with the episode (decision 1), and, when the caller had been waiting, in
/// his old place (routing.md §1.2 "Never refuse").
inline constexpr Duration kReturnWindow = seconds{120};
/// A finalised contact with high or imminent risk marks its number this long, until risk alerts have a life of
/// their own (issue "risk").
inline constexpr Duration kHighRiskWindow = hours{7 * 24};

/// What is known of a number when it calls (decision 14): blind key → facts. Loaded at start, fed after each
/// COMMIT. Holds no number. Strand only.
class CallerIndex {
 public:
  /// A place in the order of waiting.
  struct Place {
    Instant arrived_at;
    std::int64_t arrival_seq = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct Ended {
    std::string key;
    LineId line;
    UnitId unit;
    CallId episode;
    Instant answered_at;  ///< unset = not answered
    Instant at;
    Place place;
  };
  struct HighRisk {
    std::string key;
    Instant at;
  };
  struct Loaded {
    std::vector<Ended> calls;  ///< in order of their ends
    std::vector<HighRisk> high_risks;
  };

  /// Everything that still counts at `now`. Reader thread.
  static Result<Loaded> read(storage::ReadTransaction& tx, CityId city, Instant now);
  void load(const Loaded& loaded);

  /// A call of this number ended without an answer.
  void unanswered(const std::string& key, LineId line, Instant at, CallId episode);
  /// It was answered: attempts up to then no longer count.
  void answered(const std::string& key, LineId line, Instant at);
  /// A call of this number ended. `given_up`: the place it had been waiting in; unset = it was answered, or the server
  /// never held it.
  void left(const std::string& key, UnitId unit, CallId episode, Instant at, std::optional<Place> given_up = {});
  /// A contact about this number was finalised with high or imminent risk (or corrected to it).
  void high_risk(const std::string& key, Instant at);

  /// `key` empty (withheld number) = nothing known.
  [[nodiscard]] routing::CallerFacts facts(const std::string& key, LineId line, Instant now) const;

  /// The episode that a call arriving now goes on with: of an attempt at that line that still counts, else of a
  /// call at that unit that ended within kReturnWindow, the latest; unset = it begins its own.
  [[nodiscard]] CallId episode(const std::string& key, LineId line, UnitId unit, Instant now) const;

  /// The place that a call arriving now regains: of the number's latest call at that unit, when it was given up
  /// waiting within kReturnWindow. A hang-up does not count against a caller (decision 9 raises nothing for it either).
  [[nodiscard]] std::optional<Place> place(const std::string& key, UnitId unit, Instant now) const;

  /// Drops what no longer counts; called now and then.
  void forget_before(Instant now);
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  struct Attempt {
    LineId line;
    Instant at;
    CallId episode;
  };
  struct Left {
    UnitId unit;
    Instant at;
    CallId episode;
    std::optional<Place> given_up;
  };
  struct Known {
    std::vector<Attempt> attempts;
    std::vector<Left> left;
    Instant high_risk_at;
  };
  std::unordered_map<std::string, Known> known_;
};

}  // namespace kapok::service
