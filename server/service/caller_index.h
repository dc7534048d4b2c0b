#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "casework/contact_values.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "routing/events.h"
#include "service/number_bucket.h"
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

/// The same worker again (续接) holds this long from the finalised contact that asks for it (routing.md §1.2).
inline constexpr Duration kSameWorkerWindow = hours{30 * 24};
/// A number's language is forgotten after this long without a contact that names it, so that the start reads no more
/// than a season of contacts.
inline constexpr Duration kLanguageWindow = hours{90 * 24};

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
    Instant arrived_at;
  };
  /// What a finalised contact teaches about its caller's number.
  struct WrittenUp {
    std::string key;
    Instant at;  ///< finalised
    WorkerId answered_by;
    bool same_worker = false;
    casework::Language language = casework::Language::kNotRecorded;
  };
  struct HighRisk {
    std::string key;
    Instant at;
  };
  struct Loaded {
    std::vector<Ended> calls;  ///< in order of their ends
    std::vector<HighRisk> high_risks;
    std::vector<WrittenUp> written_up;  ///< in order
  };

  /// Everything that still counts at `now`. Reader thread.
  static Result<Loaded> read(storage::ReadTransaction& tx, CityId city, Instant now);
  void load(const Loaded& loaded);

  /// A call of this number arrives, test calls aside. False when it is beyond the number's bucket.
  bool arrived(const std::string& key, Instant at);
  /// A call of this number ended without an answer.
  void unanswered(const std::string& key, LineId line, Instant at, CallId episode);
  /// It was answered: attempts up to then no longer count.
  void answered(const std::string& key, LineId line, Instant at);
  /// A call of this number ended. `given_up`: the place it had been waiting in; unset = it was answered, or the server
  /// never held it.
  void left(const std::string& key, UnitId unit, CallId episode, Instant at, std::optional<Place> given_up = {});
  /// A contact about this number was finalised with high or imminent risk (or corrected to it).
  void high_risk(const std::string& key, Instant at);
  /// The latest mark "same worker again" stands, until its own answerer finalises a contact without it. The latest
  /// language named stands.
  void written_up(const WrittenUp& contact);

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
    NumberBucket bucket;
    WorkerId goes_on_with;
    Instant goes_on_since;
    casework::Language language = casework::Language::kNotRecorded;
    Instant language_at;
  };
  static bool is_nothing(const Known& known, Instant now);
  std::unordered_map<std::string, Known> known_;
};

}  // namespace kapok::service
